"""Cutting a token stream into pieces fit to be spoken."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.talking.sentences import Sentences

_TRICKY = st.lists(
    st.sampled_from(
        [
            *"aB1 .,;:!?…。！？，、；：—-–\n\"'“”（）()*`#字好",
            "Dr. ",
            "e.g. ",
            "3.14",
            "1. ",
            "```",
            "...",
            "。”",
            " word",
            " a.m.",
        ]
    ),
    max_size=80,
).map("".join)
TEXTS = st.one_of(_TRICKY, st.text(max_size=200))


def cut(text: str, *, by: int = 10_000) -> list[str]:
    sentences = Sentences()
    pieces = [piece for at in range(0, len(text), by) for piece in sentences.feed(text[at : at + by])]
    return pieces + sentences.close()


def later(text: str) -> list[str]:
    """The pieces after a first one."""
    return cut("Right. " + text)[1:]


@given(TEXTS)
def test_the_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(cut(text)) == text


@given(TEXTS, st.integers(1, 12))
def test_how_the_stream_was_chopped_makes_no_difference(text: str, by: int) -> None:
    assert cut(text, by=by) == cut(text)


@given(TEXTS)
def test_no_piece_is_empty(text: str) -> None:
    assert all(cut(text))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Of course, I can do that.", ["Of course, ", "I can do that."]),
        ("Well, I can do that.", ["Well, I can do that."]),
        ("Sure! I can do that.", ["Sure! ", "I can do that."]),
        ("It is late; go home now, please.", ["It is late; ", "go home now, please."]),
        ("I know — it is late.", ["I know — ", "it is late."]),
        ("The answer is: four.", ["The answer is: ", "four."]),
        ("好的，我来帮你。没问题。", ["好的，我来帮你。", "没问题。"]),
        ("今天天气很好，我们走吧，快点。", ["今天天气很好，", "我们走吧，快点。"]),
    ],
)
def test_the_first_piece_ends_at_the_first_clause_that_is_long_enough(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


@pytest.mark.parametrize(
    "sentence",
    [
        "Pi is 3.14 or so",
        "It costs 1,000 dollars",
        "Come at 10:30 sharp",
        "Dr. Smith and Mrs. Jones met Mr. Brown",
        "Fruit, e.g. Apples and pears",
        "He lives in the U.S. Virgin Islands",
        "At 10 a.m. Monday it opens",
        "J. R. R. Tolkien wrote it",
        "See No. 5 and Fig. 3 there",
        "Visit https://example.com/a.b?c=d for more",
        "Use Node.js and main.py here",
        "Well... maybe not",
        "Approx. five of them etc. and more",
        "Version 1.2.3 is out",
        '"Really?" he asked',
        "It is 5 - 3 or so",
    ],
)
def test_numbers_short_words_and_addresses_are_not_cut(sentence: str) -> None:
    assert later(sentence + ". Next.") == [sentence + ". ", "Next."]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("He said “Go.” Then he left.", ["He said “Go.” ", "Then he left."]),
        ('He said "Go!" Then he left.', ['He said "Go!" ', "Then he left."]),
        ("(It rained.) We stayed.", ["(It rained.) ", "We stayed."]),
        ("**Note.** We stayed.", ["**Note.** ", "We stayed."]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
        ("（下雨了。）我们没走。", ["（下雨了。）", "我们没走。"]),
        ("What?! No way... Really.", ["What?! ", "No way... ", "Really."]),
        ("真的吗？！好。", ["真的吗？", "！好。"]),
        ("1. Milk\n2. Eggs\n", ["1. Milk\n", "2. Eggs\n"]),
        ("It was 3. Then it was 4.", ["It was 3. ", "Then it was 4."]),
        ("No. I will not.", ["No. ", "I will not."]),
        ("我用Python.然后呢？", ["我用Python.", "然后呢？"]),
        ("# Title\n\nText.", ["# Title\n\n", "Text."]),
        ("这是……好吧。", ["这是……", "好吧。"]),
    ],
)
def test_a_sentence_ends_after_its_closing_marks(text: str, pieces: list[str]) -> None:
    assert later(text) == pieces


def test_a_full_stop_waits_for_what_follows_it() -> None:
    sentences = Sentences()
    assert sentences.feed("It is 3.") == []
    assert sentences.feed("14 metres. ") == []
    assert sentences.feed("Yes") == ["It is 3.14 metres. "]


def test_a_full_width_end_waits_for_nothing() -> None:
    assert Sentences().feed("你好。") == ["你好。"]


def test_a_long_sentence_ends_at_a_clause() -> None:
    pieces = later("and so it went on and on, " * 20 + "done.")
    assert len(pieces) > 1
    assert all(len(piece) <= 230 for piece in pieces)


def test_a_long_chinese_sentence_ends_at_a_clause() -> None:
    pieces = cut("好的。" + "我们一直走一直走，" * 20)[1:]
    assert all(len(piece) <= 75 for piece in pieces)


def test_words_without_punctuation_are_cut_between_words() -> None:
    pieces = later("word " * 300)
    assert all(len(piece) <= 405 and piece.endswith(" ") for piece in pieces)


def test_a_block_of_code_is_one_piece() -> None:
    code = "```python\nprint('Hi. You.')\n\nx = 1. \n```\n"
    assert later(f"Here it is:\n{code}Done.") == ["Here it is:\n", code, "Done."]


def test_code_fenced_on_one_line_does_not_swallow_the_rest() -> None:
    assert later("```print(1)```\nThat was it. Bye.") == ["```print(1)```\n", "That was it. ", "Bye."]


def test_after_close_it_begins_anew() -> None:
    sentences = Sentences()
    sentences.feed("Hello there.")
    assert sentences.close() == ["Hello there."]
    assert sentences.close() == []
    assert sentences.feed("Of course, I") == ["Of course, "]


def test_a_long_stream_takes_little_time() -> None:
    began = time.perf_counter()
    for text in (
        "a" * 50_000,
        "word, " * 8_000,
        "```" + "x\n" * 50_000,
        '"' * 50_000,
        "." * 50_000,
        " " * 50_000,
    ):
        cut(text)
    # 0.5 s on an idle machine; quadratic would take minutes.
    assert time.perf_counter() - began < 6
