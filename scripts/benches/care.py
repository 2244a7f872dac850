"""`scripts/bench care`: how many signs of a crisis are found, and how many ordinary lines raise an alarm."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benches.figures import Figure, spread
from benches.report import plain, show
from digital_life.backends.e5 import E5
from digital_life.backends.meanings import Embedded
from digital_life.care import signs
from digital_life.care.resemblance import lines
from digital_life.caring import Resembling
from digital_life.values import Concern

CASES = Path(__file__).resolve().parents[2] / "daemon" / "digital_life" / "care" / "cases.jsonl"
Look = Callable[[str], Concern]
ALARMS_MOST = 0.003
"""Of ordinary lines."""
FOUND_LEAST = 0.8
"""Of clear signs."""


@dataclass(frozen=True, slots=True)
class Case:
    """A line, and what it is."""

    text: str
    language: str
    risk: bool
    level: int | None
    """None where nobody said how grave it is."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was made of a line."""

    case: Case
    concern: Concern
    microseconds: float

    @property
    def right(self) -> bool:
        return (self.concern.level > 0) == self.case.risk

    @property
    def told(self) -> str:
        signs = "; ".join(f"{each.name}: {each.words}" for each in self.concern.signs)
        return f"{self.case.language} {'missed' if self.case.risk else 'false'}: {self.case.text} [{signs}]"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench care")
    parser.add_argument(
        "--data", type=Path, default=CASES, metavar="FILE", help="JSON lines: text, lang, level or risk"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--check", action="store_true", help="status 1 when a budget is exceeded")
    options = parser.parse_args()
    concern_of = learned()
    looked = [look(case, concern_of) for case in cases(options.data)]
    figures = measured(looked)
    wrong = [each.told for each in looked if not each.right]
    if options.json:
        print(json.dumps({**plain(figures), "wrong": wrong}, ensure_ascii=False, indent=1))
    else:
        show(figures, title="care", as_json=False)
        print("\n".join(wrong))
    return int(options.check and not all(figure.within for figure in figures))


def cases(path: Path) -> list[Case]:
    """Each line of the file: {"text", "lang", and "level" of 0 to 3 or "risk"}."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_case(json.loads(line)) for line in lines if line.strip()]


def _case(written: dict[str, object]) -> Case:
    level = written.get("level")
    risk = bool(written["risk"]) if "risk" in written else bool(level)
    return Case(
        text=str(written["text"]),
        language=str(written.get("lang", "")),
        risk=risk,
        level=level if isinstance(level, int) else None,
    )


def learned() -> Look:
    """As the daemon looks: by the rules, then by resemblance, but that of a known line with itself does not count."""
    models, embedder = Path(os.environ["DIGITAL_LIFE_MODELS"]), E5()
    resembling = Resembling(Embedded(embedder))
    asyncio.run(resembling.learn(models))
    known = {each.text for each in lines()}

    def concern(text: str) -> Concern:
        found = signs.look(text)
        return found if found.level or text in known else asyncio.run(resembling.concern(text))

    return concern


def look(case: Case, concern_of: Look = signs.look) -> Looked:
    began = time.perf_counter()
    concern = concern_of(case.text)
    return Looked(case, concern, (time.perf_counter() - began) * 1e6)


def measured(looked: Sequence[Looked]) -> list[Figure]:
    """Of all lines, and of those of each language."""
    figures = []
    for language in ("", *sorted({each.case.language for each in looked})):
        of_it = [each for each in looked if language in {"", each.case.language}]
        figures += _of(of_it, f"  {language}: " if language else "")
    return [*figures, *_levels(looked), spread("a line", [each.microseconds for each in looked], "µs")]


def _of(looked: Sequence[Looked], name: str) -> list[Figure]:
    ordinary = [each for each in looked if not each.case.risk]
    risks = [each for each in looked if each.case.risk]
    figures = []
    if ordinary:
        alarms = sum(not each.right for each in ordinary)
        figures.append(
            Figure(f"{name}ordinary lines that raise an alarm", alarms / len(ordinary), "",
                   budget=ALARMS_MOST, note=f"{alarms} of {len(ordinary)}")
        )  # fmt: skip
    if risks:
        missed = sum(not each.right for each in risks)
        figures.append(
            Figure(f"{name}signs that are missed", missed / len(risks), "",
                   budget=1 - FOUND_LEAST, note=f"{len(risks) - missed} of {len(risks)} found")
        )  # fmt: skip
    return figures


def _levels(looked: Sequence[Looked]) -> list[Figure]:
    levelled = [each for each in looked if each.case.risk and each.case.level is not None]
    if not levelled:
        return []
    same = sum(each.concern.level == each.case.level for each in levelled)
    return [Figure("signs of the level that was said", same / len(levelled), "", note=f"{same} of {len(levelled)}")]


if __name__ == "__main__":
    raise SystemExit(main())
