"""What holds for all that is spoken, whatever a language model may write."""

from __future__ import annotations

import itertools
import time
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.talking.spoken import chunks

if TYPE_CHECKING:
    from digital_life.values import Language

_WRITTEN = st.lists(
    st.sampled_from(
        [
            *"aZ9 .,:;-–—~/%°$¥€£#@*_`[]()<>|^=+&\\\n你年月日点2两个第",
            *("😀", "👍🏽", "²", "½", "①", "２", "٣", "é", "\u0301", "\ufe0f", "\ud800", "Ⅳ", "〇", "ℹ", "𝟛"),
            *(
                "10:30",
                "2026-11-21",
                "1,234.5",
                "km",
                "pm",
                "Nov ",
                "Dr. ",
                "v1",
                "http://",
                "a@b",
                "```",
                "](",
                "50%",
            ),
        ]
    ),
    max_size=60,
).map("".join)
WRITTEN = st.one_of(_WRITTEN, st.text(max_size=120))
MAIN: st.SearchStrategy[Language] = st.sampled_from(["en", "zh"])
MARKS = set("*#_`|~[]()<>{}\\^@=+/$€£¥%&°")


@given(WRITTEN, MAIN)
def test_the_chunks_joined_are_what_was_written(written: str, main: Language) -> None:
    assert "".join(chunk.text for chunk in chunks(written, main=main)) == written


@given(WRITTEN, MAIN)
def test_no_digit_no_sign_and_no_picture_is_spoken(written: str, main: Language) -> None:
    for chunk in chunks(written, main=main):
        assert not MARKS & set(chunk.spoken)
        assert not any(char.isdigit() for char in chunk.spoken)
        assert {unicodedata.category(char)[0] for char in chunk.spoken} <= {"L", "M", "P", "Z"}


@given(WRITTEN, MAIN)
def test_what_is_spoken_has_a_word_in_it_or_is_empty(written: str, main: Language) -> None:
    assert all(not chunk.spoken or any(map(str.isalpha, chunk.spoken)) for chunk in chunks(written, main=main))


@given(WRITTEN, MAIN)
def test_neighbouring_chunks_differ_in_language(written: str, main: Language) -> None:
    found = chunks(written, main=main)
    assert all(one.language != other.language for one, other in itertools.pairwise(found))


@pytest.mark.parametrize("main", ["en", "zh"])
@pytest.mark.parametrize(
    "unit",
    [
        *("a", "1", "1,", "1.", "1:", "1-", "-", "*", "[", "](", "(", "`", "|", "_", " ", "\n", ".", "#", "@", "/"),
        *("你", "2个", "年", "1 ", "12345 ", "www.", "a.", "a@", "$1", "😀", "½", "<a", "&", "\\", "=", "^_", "1/"),
        *("…", "+1 ", " \t", "1pm", "v1.", "Nov 1 ", "> ", "a-"),
        *("Dr. Smith paid $5.50 on Nov 21, 2026. ", "今天是2026年11月21日，气温-5°C。", "用 Python 写 3 km "),
    ],
)
def test_a_very_long_text_takes_little_time(unit: str, main: Language) -> None:
    written = (unit * 20_000)[:20_000]
    began = time.process_time()
    found = chunks(written + "a", main=main)
    # 0.02 to 0.3 s of the processor, whatever else it does.
    assert time.process_time() - began < 2
    assert found


def test_a_sentence_takes_a_moment() -> None:
    written = "Dr. Smith paid $5.50 on Nov 21, 2026 at 10:30 pm for 3-5 km, e.g. 20°C and 50%."
    chunks(written, main="en")
    times = []
    for _ in range(20):
        began = time.process_time()
        chunks(written, main="en")
        times.append(time.process_time() - began)
    assert min(times) < 0.002


def test_code_is_kept_as_text_and_not_read_out() -> None:
    written = "```python\nprint('hi')\n```\n"
    assert [(each.text, each.spoken) for each in chunks(written, main="en")] == [(written, "")]


def test_nothing_is_said_for_a_face() -> None:
    assert [each.spoken for each in chunks("(╯°□°)╯︵ ┻━┻ :-) 🎉", main="en")] == [""]
    assert chunks("", main="en") == []
