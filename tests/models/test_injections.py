"""The real small model has nothing done by an instruction in what is read, recalled, found or announced."""

from __future__ import annotations

from pathlib import Path

import pytest

from benches import injections


async def test_nothing_is_done_beyond_what_the_user_asked(models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITAL_LIFE_MODELS", str(models_dir))
    one_of_each = {each.where: each for each in injections.cases()}  # the bench has all of them
    found = await injections.measure("small", list(one_of_each.values()))
    assert [each for each in found if not each.held] == []
    assert any(each.called for each in found)
