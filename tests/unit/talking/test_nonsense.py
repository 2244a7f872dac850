"""Saying the same over and over is noticed; emphasis, songs and counting are not."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from digital_life.talking.nonsense import LONGEST, SPAN, TIMES, Repetition

LOOPS = [
    ("The sea is blue. ", "I love the sea. ", 12),
    ("", "I am sorry. ", 20),
    ("大海是蓝色的。", "我喜欢大海。", 10),
    ("", "对不起，", 20),
    ("Drink water.\n", "Then go for a walk in the park and think about the day that is over.\n", 4),
    ("Well, ", "no ", 60),
    ("", "哈", 60),
]
ORDINARY = [
    "No, no, no, no, no! Never, never, never!",
    "Ha ha ha ha ha ha ha! 哈哈哈哈哈哈哈哈哈哈哈哈！",
    "Let it be, let it be, let it be, let it be. Whisper words of wisdom, let it be.",
    "Row, row, row your boat, gently down the stream, merrily, merrily, merrily, merrily, life is but a dream.",
    "Happy birthday to you, happy birthday to you, happy birthday, dear Anna, happy birthday to you!",
    "祝你生日快乐，祝你生日快乐，祝你生日快乐，祝你生日快乐！",
    "两只老虎，两只老虎，跑得快，跑得快，一只没有耳朵，一只没有尾巴，真奇怪，真奇怪。",
    (
        "The wheels on the bus go round and round, round and round, round and round. The wheels on the bus go round "
        "and round, all through the town. The wipers on the bus go swish, swish, swish, swish, swish, swish, swish. "
        "The wipers on the bus go swish, swish, swish, all through the town."
    ),
    ", ".join(map(str, range(1, 101))),
    "".join(f"{n} green bottles hanging on the wall. " for n in range(10, 0, -1)),
    "一二三四五六七八九十，" + "、".join(f"{n}只羊" for n in range(1, 30)),
    "A googol is 1" + "0" * 100 + ", and 1, 0, 1, 0" + ", 1, 0" * 30 + " is a row of numbers.",
    "| - | - | - |\n" * 20,
]


def noticed(text: str, piece: int = 3) -> Repetition | None:
    repetition = Repetition()
    pieces = (text[start : start + piece] for start in range(0, len(text), piece))
    return repetition if any(map(repetition.feed, pieces)) else None


@pytest.mark.parametrize(("before", "phrase", "times"), LOOPS)
def test_a_loop_is_noticed_and_what_came_before_it_known(before: str, phrase: str, times: int) -> None:
    repetition = noticed(before + times * phrase)
    assert repetition
    assert bool(repetition.before) == bool(before)


@pytest.mark.parametrize("text", ORDINARY)
def test_emphasis_songs_and_counting_are_left_alone(text: str) -> None:
    assert noticed(text) is None


@given(
    phrase=st.lists(st.sampled_from(["sea", "Blue", "she’s", "海", "蓝", "42"]), min_size=1, max_size=LONGEST),
    piece=st.integers(1, 9),
)
def test_any_phrase_that_never_ends_is_noticed_however_the_stream_is_cut(phrase: list[str], piece: int) -> None:
    assume(set(phrase) != {"42"})
    times = max(TIMES, -(-SPAN // len(phrase))) + 1
    assert noticed(" ".join(phrase * times) + ".", piece)


@given(st.lists(st.text("abcdefgh", min_size=1), unique=True))
def test_what_says_everything_once_is_never_cut(words: list[str]) -> None:
    assert noticed(" ".join(words)) is None
