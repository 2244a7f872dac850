"""What the composition root does by itself."""

from __future__ import annotations

from datetime import date

import pytest

from digital_life import app
from digital_life.values import DiaryWritten, State


def test_memory_goes_back_to_the_system_after_a_diary_and_not_while_somebody_talks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[str] = []
    monkeypatch.setattr(app, "give_back", lambda: given.append("given"))
    app.give_back_after(State.SPEAKING)
    assert given == []
    app.give_back_after(DiaryWritten(date(2026, 3, 1), "A walk", ("We saw a heron.",)))
    assert given == ["given"]
