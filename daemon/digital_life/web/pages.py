"""The page at which one logs in; it works without any script."""

from __future__ import annotations

import functools
from html import escape
from importlib import resources
from importlib.resources.abc import Traversable
from string import Template
from typing import Final
from urllib.parse import urlencode

from digital_life.words import Words

LOGIN: Final = "/login"
LOGOUT: Final = "/logout"
STYLE: Final = "/login/login.css"
ICON: Final = "/icon.svg"
"""Of the console."""


def files() -> Traversable:
    return resources.files(__package__) / "login"


def login_page(words: Words, *, after: str, has_password: bool, wrong: str = "") -> str:
    """`after`: the path that was asked for; `wrong`: the sentence about what was tried."""
    current = ' aria-current="true"'
    return _template().substitute(
        language=words.language,
        title=escape(words.text("web.login.title")),
        how=escape(words.text("web.login.how-password" if has_password else "web.login.how-token")),
        wrong=f'<p class="wrong" id="wrong" role="alert">{escape(wrong)}</p>' if wrong else "",
        described=" wrong" if wrong else "",
        next=escape(after),
        label=escape(words.text("web.login.password" if has_password else "web.login.token")),
        enter=escape(words.text("web.login.enter")),
        english=current if words.language == "en" else "",
        chinese=current if words.language == "zh" else "",
        after=escape(urlencode({"next": after})),
    )


def own_path(written: str) -> str:
    """Where to go after the log-in: a path of this server, whatever was written."""
    strange = any(each == "\\" or each <= " " or each == "\x7f" for each in written)
    if strange or not written.startswith("/") or written.startswith(("//", LOGIN, LOGOUT)) or len(written) > 2000:
        return "/"
    return written


@functools.cache
def _template() -> Template:
    return Template((files() / "login.html").read_text(encoding="utf-8"))
