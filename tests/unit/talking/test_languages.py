"""Where a mixed text changes its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digital_life.talking.spoken import chunks
from digital_life.talking.spoken.languages import begins_in
from digital_life.words import LANGUAGES

if TYPE_CHECKING:
    from digital_life.values import Language


def parted(written: str, main: Language) -> list[tuple[Language, str]]:
    return [(chunk.language, chunk.text) for chunk in chunks(written, main=main)]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        (
            "我喜欢 Python 和 machine learning",
            [("zh", "我喜欢 "), ("en", "Python "), ("zh", "和 "), ("en", "machine learning")],
        ),
        ("iPhone 15 很好", [("en", "iPhone "), ("zh", "15 很好")]),
        ("用Python写", [("zh", "用"), ("en", "Python"), ("zh", "写")]),
        ("英文（English）好", [("zh", "英文"), ("en", "（English）"), ("zh", "好")]),
        ("我说 “hello” 了", [("zh", "我说 "), ("en", "“hello” "), ("zh", "了")]),
        ("跑了5 km。", [("zh", "跑了5 km。")]),
        ("气温20°C，风速 3 m/s", [("zh", "气温20°C，风速 3 m/s")]),
        ("价格是$5.50。", [("zh", "价格是$5.50。")]),
        ("选A还是B", [("zh", "选"), ("en", "A"), ("zh", "还是"), ("en", "B")]),
        ("3D电影", [("en", "3D"), ("zh", "电影")]),
        (
            "访问 https://example.com/a?b=1 吧",
            [("zh", "访问 "), ("en", "https://example.com/a?b=1 "), ("zh", "吧")],
        ),
        ("12:30", [("zh", "12:30")]),
        ("！？", [("zh", "！？")]),
        ("**重点** is **key**", [("zh", "**重点** "), ("en", "is **key**")]),
    ],
)
def test_chinese_with_english_in_it(written: str, parts: list[tuple[Language, str]]) -> None:
    assert parted(written, "zh") == parts


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Say 你好 to her.", [("en", "Say "), ("zh", "你好 "), ("en", "to her.")]),
        ("I ran 5 km in 2026.", [("en", "I ran 5 km in 2026.")]),
        ("There are 3个 left", [("en", "There are "), ("zh", "3个 "), ("en", "left")]),
        ('"你好" means "hello".', [("zh", '"你好" '), ("en", 'means "hello".')]),
        ("42", [("en", "42")]),
    ],
)
def test_english_with_chinese_in_it(written: str, parts: list[tuple[Language, str]]) -> None:
    assert parted(written, "en") == parts


@pytest.mark.parametrize(
    ("text", "languages"),
    [("The", ["en"]), ("“法", ["zh"]), ("3", ["en", "zh"]), ("", ["en", "zh"]), ("你好 means", ["zh"])],
)
def test_the_first_letter_tells_in_which_language_a_text_begins(text: str, languages: list[Language]) -> None:
    assert [each for each in LANGUAGES if begins_in(text, each)] == languages
