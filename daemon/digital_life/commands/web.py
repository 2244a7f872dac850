"""`digital-life web`: where the console is, and how another machine gets in."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digital_life import config
    from digital_life.context import Context
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("web", help=words.text("help.web"))
    parser.set_defaults(run=_show)
    parts = parser.add_subparsers(metavar="WHAT")
    token = parts.add_parser("token", help=words.text("help.web-token"))
    token.add_argument("--new", action="store_true", help=words.text("help.web-token-new"))
    token.set_defaults(run=_token)


def _show(options: argparse.Namespace, context: Context) -> int:  # noqa: ARG001 - all are called alike
    from digital_life.web.access import is_loopback

    web, text = context.settings.web, context.words.text
    if not web.enabled:
        print(text("web.off"))
        return 0
    if not web.port:
        print(text("web.any-port"))
        return 0
    print(text("web.open"))
    if is_loopback(web.host):
        print(_address(web, web.host))
        if web.password_file:
            print(text("web.password", path=web.password_file))
        return 0
    _show_to_others(web, context)
    return 0


def _show_to_others(web: config.Web, context: Context) -> None:
    from digital_life.web.credentials import Credentials

    text = context.words.text
    address = _address(web, _reached(web))
    if web.password_file:
        print(address)
        print(text("web.password", path=web.password_file))
    else:
        print(f"{address}/?token={Credentials(context.home).token()}")
        print(text("web.link"))
    if not web.certificate_file:
        print(text("web.clear"))


def _token(options: argparse.Namespace, context: Context) -> int:
    from digital_life.web.credentials import Credentials

    credentials = Credentials(context.home)
    print(credentials.renew() if options.new else credentials.token())
    if options.new:
        print(context.words.text("web.token-new"))
    return 0


def _reached(web: config.Web) -> str:
    """By which name or address another machine finds it."""
    from digital_life.web.addresses import EVERY, network_address, own_names

    if web.names:
        return web.names[0]
    if web.host not in EVERY:
        return web.host
    return network_address() or next(iter(own_names()), web.host)


def _address(web: config.Web, host: str) -> str:
    from digital_life.web.addresses import address_of

    return address_of(host, web.port, secure=bool(web.certificate_file))
