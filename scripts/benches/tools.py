"""`scripts/bench tools`: is the right tool chosen for what is said, with the right arguments, and how soon?

A file of cases is JSON lines: {"text", "lang", "tool", "arguments"}; `tool` is null where none is due, and the
arguments may be left out.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benches import report
from benches.alike import alike
from benches.figures import Figure, spread
from digital_life import app, config, words
from digital_life.backends.mute import NoMute
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.mind import Body, Mind
from digital_life.values import Language, Transcript

CASES = Path(__file__).with_name("tools_cases.jsonl")
RIGHT = {"small": 85.0, "better": 93.0}
"""Per cent that are to be right."""
FALSE_CALLS = 3.0
"""Per cent of what needs no tool that may be called one."""
DECISION_MS = 250.0
QUICK = 5
"""Every so many cases are looked at in haste."""


@dataclass(frozen=True, slots=True)
class Case:
    text: str
    language: Language
    tool: str | None
    arguments: dict[str, Any]

    @classmethod
    def read(cls, line: str) -> Case:
        table = json.loads(line)
        return cls(table["text"], table["lang"], table["tool"], table.get("arguments") or {})


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided for a case."""

    case: Case
    tool: str | None
    arguments: dict[str, Any]
    ms: float

    @property
    def right_tool(self) -> bool:
        return self.tool == self.case.tool

    @property
    def right(self) -> bool:
        wanted, got = self.case.arguments, self.arguments
        return self.right_tool and all(_has(got, name, value, self.case.language) for name, value in wanted.items())


def _has(got: dict[str, Any], name: str, value: Any, language: Language) -> bool:
    """Under its name; where the tool has another name for it, under any."""
    found = [got[name]] if name in got else list(got.values())
    return any(alike(str(value), str(each), language) for each in found)


async def measure(profile: str, cases: Sequence[Case]) -> list[Decided]:
    """Decide each case, in a fresh life."""
    with tempfile.TemporaryDirectory() as home:
        context = context_of(profile, Path(home))
        async with app.open_thinking(context, Body(NoMute(), _Knob(), everyone=_Nobody())) as mind:
            await mind.toolbox.decide(Transcript("Hello.", "en", 1.0))
            return [await _decided(mind, context.clock.monotonic, each) for each in cases]


def context_of(profile: str, home: Path) -> Context:
    """The settings as they come, with everything allowed."""
    settings = config.load(None, [f"models.profile={profile}", "llm.temperature=0"])
    return Context(
        settings=settings,
        home=home,
        models=Path(os.environ["DIGITAL_LIFE_MODELS"]),
        clock=SystemClock(),
        words=words.load("en"),
        debug=False,
    )


class _Nobody:
    """Everyone, where nobody else is."""

    def tell(self, text: str, language: Language, *, but: str) -> Collection[str]:
        del text, language, but
        return ()


class _Knob:
    """A Volume."""

    level = 0.5


async def _decided(mind: Mind, monotonic: Callable[[], float], case: Case) -> Decided:
    began = monotonic()
    call = await mind.toolbox.decide(Transcript(case.text, case.language, 1.0))
    ms = (monotonic() - began) * 1000
    return Decided(case, call.tool.name if call else None, dict(call.arguments) if call else {}, ms)


def figures(decided: Sequence[Decided], profile: str) -> list[Figure]:
    idle = [each for each in decided if each.case.tool is None]
    share = {
        "right tool": [each.right_tool for each in decided],
        **{
            f"right, {language}": [e.right for e in decided if e.case.language == language] for language in ("en", "zh")
        },
    }
    return [
        _percent("wrong tool or arguments", [not e.right for e in decided], budget=100 - RIGHT[profile]),
        _percent("called where none is due", [each.tool is not None for each in idle], budget=FALSE_CALLS),
        spread("decision", [each.ms for each in decided], "ms", budget=DECISION_MS),
        *(_percent(name, right) for name, right in share.items() if right),
    ]


def _percent(name: str, found: Sequence[bool], *, budget: float | None = None) -> Figure:
    return Figure(name, 100 * sum(found) / max(1, len(found)), "%", budget=budget, note=f"n={len(found)}")


def wrong(decided: Sequence[Decided]) -> list[dict[str, Any]]:
    """The cases that went wrong, with what was decided."""
    return [
        {
            "text": each.case.text,
            "wanted": [each.case.tool, each.case.arguments],
            "got": [each.tool, each.arguments],
        }
        for each in decided
        if not each.right
    ]


def main() -> int:
    options = report.parser("tools")
    options.add_argument("--data", type=Path, default=CASES, help="cases, one JSON object a line")
    chosen = options.parse_args()
    lines = [line for line in chosen.data.read_text(encoding="utf-8").splitlines() if line.strip()]
    cases = [Case.read(line) for line in lines][:: QUICK if chosen.quick else 1]
    decided = asyncio.run(measure(chosen.profile, cases))
    found = figures(decided, chosen.profile)
    if chosen.json:
        by_tool = Counter(str(each.case.tool) for each in decided if not each.right)
        table = {**report.plain(found), "wrong by tool": by_tool, "wrong": wrong(decided)}
        print(json.dumps(table, ensure_ascii=False, indent=1, default=float))
    else:
        report.show(found, title="tools", as_json=False)
        for each in wrong(decided):
            print(json.dumps(each, ensure_ascii=False, default=str))
    return int(chosen.check and not all(figure.within for figure in found))


if __name__ == "__main__":
    sys.exit(main())
