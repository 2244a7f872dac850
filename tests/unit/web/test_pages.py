"""The page at which one logs in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.values import Language
from digital_life.web.pages import login_page, own_path


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_it_says_everything_in_its_language_and_runs_nothing(language: Language) -> None:
    page = login_page(words.load(language), after="/", has_password=True, wrong="no")
    assert f'<html lang="{language}">' in page
    assert words.load(language).text("web.login.password") in page
    assert "<script" not in page
    assert "style=" not in page
    assert 'role="alert"' in page


@given(st.text())
def test_what_a_stranger_wrote_stays_text(written: str) -> None:
    page = login_page(words.load("en"), after=f'/"><script>{written}', has_password=False, wrong=f"<b>{written}")
    assert "<script>" not in page
    assert "<b>" not in page


@given(st.text())
def test_after_the_login_one_is_never_sent_elsewhere(written: str) -> None:
    path = own_path(written)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "written",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil", "", "/login"],
)
def test_such_a_path_leads_home(written: str) -> None:
    assert own_path(written) == "/"
    assert own_path("/#/memory") == "/#/memory"
