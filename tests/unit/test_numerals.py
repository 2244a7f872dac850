"""Numbers as they are said."""

from __future__ import annotations

import re

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from digital_life.numerals import number, pattern, vague


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", 3),
        ("21st", 21),
        ("twenty-five", 25),
        ("twenty first", 21),
        ("a hundred and twenty", 120),
        ("oh five", 5),
        ("a few", 3),
        ("a couple of", 2),
        ("last", -1),
        ("两", 2),
        ("十五", 15),
        ("一百二十", 120),
        ("零五", 5),
        ("二〇二五", 2025),
        ("好几", 3),
        ("最后一", -1),
    ],
)
def test_what_it_is_worth(written: str, value: int) -> None:
    assert number(written) == value


@pytest.mark.parametrize("written", ["-", "and", "cat", "seven cats", "猫", "三只"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=written):
        number(written)


@given(st.integers(1, 999))
def test_numbers_in_words_are_read(value: int) -> None:
    english, chinese = num2words(value), cn2an.an2cn(value)
    assert re.fullmatch(pattern("en"), english)
    assert re.fullmatch(vague("zh"), chinese)
    assert number(english) == number(chinese) == value
