"""What lets somebody in."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digital_life.errors import WebError
from digital_life.web.credentials import TOKEN_FILE, Credentials


def test_the_token_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path / "home")
    token = credentials.token()
    assert len(token) >= 43  # 256 bits
    assert Credentials(tmp_path / "home").token() == token
    assert stat.S_IMODE((tmp_path / "home" / TOKEN_FILE).stat().st_mode) == 0o600
    assert credentials.is_token(token)


def test_another_token_takes_its_place(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    old, mark = credentials.token(), credentials.mark()
    new = credentials.renew()
    assert credentials.is_token(new)
    assert not credentials.is_token(old)
    assert credentials.mark() != mark


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_lets_in_where_there_is_no_token_and_no_password(tmp_path: Path, shown: str) -> None:
    credentials = Credentials(tmp_path)
    assert not credentials.is_token(shown)
    assert not credentials.is_password(shown)


def test_the_password_is_that_of_the_file_also_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("öffne dich\n")
    credentials = Credentials(tmp_path, password_file=str(file))
    assert credentials.is_password("öffne dich")
    assert not credentials.is_password("öffne dich\n")
    file.write_text("another\n")
    assert not credentials.is_password("öffne dich")
    file.unlink()
    assert not credentials.is_password("")


def test_a_password_that_is_empty_or_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    for name in ("empty", "nothing"):
        with pytest.raises(WebError, match=name):
            Credentials(tmp_path, password_file=str(tmp_path / name)).check()
    Credentials(tmp_path).check()


def test_a_token_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WebError):
        Credentials(tmp_path / "file").token()
