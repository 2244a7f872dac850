"""In which language a page is answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.web.languages import language_of


@pytest.mark.parametrize(
    ("asked", "cookie", "accepted", "wanted"),
    [
        ("zh", "en", "en", "zh"),
        (None, "zh", "en", "zh"),
        ("fr", None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, None, "de-DE, en-GB;q=0.7, zh;q=0.9", "zh"),
        (None, None, "zh;q=0, de", "en"),
        (None, None, "ZH-hant", "zh"),
        (None, None, None, "en"),
        (None, "nonsense", "zh;q=much", "en"),
    ],
)
def test_the_one_that_was_chosen_goes_before_the_one_of_the_browser(
    asked: str | None, cookie: str | None, accepted: str | None, wanted: str
) -> None:
    assert language_of(asked=asked, cookie=cookie, accepted=accepted, otherwise="en") == wanted


@given(st.text(), st.text(), st.text())
def test_whatever_is_written_it_is_one_of_ours(asked: str, cookie: str, accepted: str) -> None:
    assert language_of(asked=asked, cookie=cookie, accepted=accepted, otherwise="zh") in ("en", "zh")
