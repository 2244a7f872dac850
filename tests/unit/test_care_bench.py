"""`scripts/bench care` counts right."""

from __future__ import annotations

import json
from pathlib import Path

from benches import care


def test_alarms_and_misses_are_counted_by_language(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    lines: list[dict[str, object]] = [
        {"text": "i want to die", "lang": "en", "level": 2},
        {"text": "我不想活了", "lang": "zh", "risk": True},
        {"text": "good morning", "lang": "en", "risk": True},
        {"text": "早上好", "lang": "zh", "level": 0},
        {"text": "i want to kill myself", "lang": "en", "risk": False},
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", "utf-8")
    looked = [care.look(case) for case in care.cases(file)]
    values = {figure.name: figure.value for figure in care.measured(looked)}
    assert values["ordinary lines that raise an alarm"] == 0.5
    assert values["  zh: ordinary lines that raise an alarm"] == 0.0
    assert values["signs that are missed"] == 1 / 3
    assert values["signs of the level that was said"] == 1.0
    assert [each.told for each in looked if not each.right] == [
        "en missed: good morning []",
        "en false: i want to kill myself [thinks-of-suicide: i want to kill myself]",
    ]


def test_the_committed_lines_keep_the_budgets() -> None:
    figures = care.measured([care.look(case) for case in care.cases(care.CASES)])
    assert all(figure.within for figure in figures)
