"""Guessing ahead changes how many steps an answer takes, and nothing else."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.engine import Engine
from digital_life.config import Llm


class Told(Engine):
    """Its next token is always that of `truth`, and it may be asked only behind what is true so far."""

    def __init__(self, truth: list[int], *, read: int, draft: int) -> None:
        self._truth = truth
        self._settings = Llm()
        self._context = None
        self._draft = draft
        self._tokens = truth[:read]
        self._read = truth[:read]
        """All that stands before the rows, and they themselves."""
        self.steps = 0

    def _decode(self, tokens: list[int], *, taken: int | None = None) -> None:
        self.steps += 1
        self._read = [*self._tokens, *tokens]
        self._tokens += tokens[:taken]

    def sample(self, context: object, row: int) -> int:
        assert context is None
        before = self._read[: len(self._read) + row + 1]
        assert before == self._truth[: len(before)]
        return self._truth[len(before)]


@given(truth=st.lists(st.integers(0, 3), min_size=4, max_size=80), read=st.integers(1, 3), draft=st.integers(0, 6))
def test_what_is_drawn_is_what_would_be_drawn_one_by_one(truth: list[int], read: int, draft: int) -> None:
    engine = Told(truth, read=read, draft=draft)
    drawn = list(itertools.islice(engine._draw(engine), len(truth) - read))
    assert [*truth[:read], *drawn] == truth
    assert engine.steps <= len(drawn)


def test_what_repeats_takes_fewer_steps() -> None:
    engine = Told([1, 2, 3, 4, 5, 6, 7, 8] * 8, read=16, draft=7)
    drawn = list(itertools.islice(engine._draw(engine), 40))
    assert drawn == [1, 2, 3, 4, 5, 6, 7, 8] * 5
    assert engine.steps <= 8


@given(st.integers(1, 4))
def test_no_guess_goes_beyond_the_context(room: int) -> None:
    engine = Told([1] * 512, read=512 - room, draft=6)
    engine._settings = Llm(context=512)
    list(itertools.islice(engine._draw(engine), room))
    assert len(engine._read) <= 512
