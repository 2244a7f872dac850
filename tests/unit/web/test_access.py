"""Who may ask: never a page of somebody else, and never somebody else at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.errors import RequestError
from digital_life.web.access import FORMS, Access, Asked, Kind, check_body, is_loopback

LOCAL = Access(port=8710, secure=False, local=True, names=frozenset({"life.example.org"}))
OPEN = Access(port=8710, secure=True, local=False, own_names=frozenset({"pi", "pi.local"}))
HERE = "127.0.0.1:8710"


def refused(access: Access, asked: Asked, *, known: bool = False, by_token: bool = False) -> int:
    """The status; 0 where it is answered."""
    try:
        access.check(asked, known=known, by_token=by_token)
    except RequestError as error:
        return error.status
    return 0


@pytest.mark.parametrize(
    "host", ["localhost:8710", "127.0.0.1:8710", "[::1]:8710", "LOCALHOST:8710", "localhost.:8710"]
)
def test_this_machine_needs_no_login(host: str) -> None:
    assert refused(LOCAL, Asked("page", host=host)) == 0


def test_where_a_password_was_set_this_machine_has_to_log_in_too() -> None:
    locked = replace(LOCAL, has_password=True)
    assert refused(locked, Asked("page", host=HERE)) == 401
    assert refused(locked, Asked("socket", host=HERE, origin=f"http://{HERE}")) == 401
    assert refused(locked, Asked("page", host=HERE), known=True) == 0


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "?",
        "evil.example",
        "evil.example:8710",
        "127.0.0.1",
        "127.0.0.1:8711",
        "localhost.evil.example:8710",
        "127.0.0.1.evil.example:8710",
        "127.0.0.1:8710@evil.example",
        "192.168.1.5:8710",
        "[::1]:8710, evil.example",
        "a b",
        "[:::::]:8710",
    ],
)
def test_a_name_that_is_not_ours_is_refused_whoever_asks(host: str | None) -> None:
    assert refused(LOCAL, Asked("page", host=host), known=True, by_token=True) == 421


def test_an_open_server_is_called_by_its_names_and_addresses() -> None:
    for host in ("pi:8710", "pi.local:8710", "192.168.1.5:8710", "[fd00::1]:8710", "localhost:8710"):
        assert OPEN.knows(host), host
    for host in ("pi.evil.example:8710", "pi.local:80", "pi.local", "evil:8710"):
        assert not OPEN.knows(host), host


def test_the_usual_port_need_not_be_said() -> None:
    assert Access(port=443, secure=True, local=True).knows("localhost")
    assert Access(port=80, secure=False, local=True).knows("localhost")
    assert not Access(port=443, secure=False, local=True).knows("localhost")


def test_who_comes_by_another_name_or_through_another_program_must_log_in() -> None:
    for asked in (Asked("page", host="life.example.org"), Asked("page", host=HERE, proxied=True)):
        assert refused(LOCAL, asked) == 401
        assert refused(LOCAL, asked, known=True) == 0


def test_an_open_server_wants_a_login_of_everybody() -> None:
    asked = Asked("data", host="localhost:8710")
    assert refused(OPEN, asked) == 401
    assert refused(OPEN, asked, known=True) == 0
    assert refused(OPEN, asked, by_token=True) == 0


@given(
    st.sampled_from(["page", "data", "socket"]), st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE"]), st.text()
)
def test_nothing_is_answered_to_a_foreign_origin(kind: Kind, method: str, origin: str) -> None:
    asked = Asked(kind, method, host=HERE, origin=origin)
    wanted = origin.lower() in (f"http://{HERE}", f"https://{HERE}")
    assert (refused(LOCAL, asked, known=True, by_token=True) == 0) == wanted


@pytest.mark.parametrize(
    "origin", ["null", "http://127.0.0.1:8711", "http://localhost:8710", "http://evil.example", ""]
)
def test_origins_that_are_nearly_ours_are_foreign(origin: str) -> None:
    assert refused(LOCAL, Asked("socket", host=HERE, origin=origin), known=True) == 403


@given(st.sampled_from(["POST", "PUT", "DELETE"]), st.sampled_from(["data", "page"]))
def test_what_changes_something_must_say_that_it_comes_from_our_page(method: str, kind: Kind) -> None:
    assert refused(LOCAL, Asked(kind, method, host=HERE), known=True) == 403
    assert refused(LOCAL, Asked(kind, method, host=HERE, site="none"), known=True) == 403
    assert refused(LOCAL, Asked(kind, method, host=HERE, site="same-origin"), known=True) == 0
    assert refused(LOCAL, Asked(kind, method, host=HERE, origin=f"http://{HERE}"), known=True) == 0
    assert refused(LOCAL, Asked(kind, method, host=HERE), by_token=True) == 0


def test_a_socket_says_its_origin_or_shows_the_token() -> None:
    assert refused(LOCAL, Asked("socket", host=HERE), known=True) == 403
    assert refused(LOCAL, Asked("socket", host=HERE, site="same-origin"), known=True) == 403
    assert refused(LOCAL, Asked("socket", host=HERE, origin=f"http://{HERE}")) == 0
    assert refused(LOCAL, Asked("socket", host=HERE), by_token=True) == 0


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_link_of_another_page_leads_to_a_page_and_to_nothing_else(site: str) -> None:
    assert refused(LOCAL, Asked("page", host=HERE, site=site, navigates=True)) == 0
    assert refused(LOCAL, Asked("page", host=HERE, site=site)) == 403
    assert refused(LOCAL, Asked("data", host=HERE, site=site, navigates=True)) == 403
    assert refused(LOCAL, Asked("page", "POST", host=HERE, site=site, navigates=True)) == 403


def test_a_form_cannot_ask_for_anything() -> None:
    for kind in FORMS:
        with pytest.raises(RequestError):
            check_body(kind, takes_file=False)
    for kind in FORMS - {"text/plain"}:
        with pytest.raises(RequestError):
            check_body(kind, takes_file=True)
    check_body("application/json", takes_file=False)
    check_body("", takes_file=False)
    check_body("application/octet-stream", takes_file=True)


@given(st.text(max_size=300))
def test_any_host_is_judged_without_an_accident(host: str) -> None:
    assert refused(LOCAL, Asked("page", host=host)) in (0, 401, 421)


def test_a_loopback_address_is_always_this_machine() -> None:
    assert all(is_loopback(each) for each in ("localhost", "127.0.0.1", "127.3.2.1", "::1", "[::1]"))
    assert not any(is_loopback(each) for each in ("0.0.0.0", "::", "pi.local", "10.0.0.1", ""))  # noqa: S104
