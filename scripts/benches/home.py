"""`scripts/bench home`: is what is asked of the devices of a house done, and nothing else?

A file of cases is JSON lines: {"text", "lang", "tool"}; "sets" by unique id and attribute, a number or "+" and "-";
"asks" and "unclear" lists of unique ids; "before" what is said first; "confirms" whether it has to ask for a yes.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benches import report
from benches.figures import Figure, spread
from benches.tools import DECISION_MS, context_of
from digital_life import app
from digital_life.backends.mute import NoMute
from digital_life.clock import SystemClock
from digital_life.config import Devices
from digital_life.devices.control import Came, Control, Result
from digital_life.devices.entity import Attribute, Change, Condition, Entity, Value
from digital_life.devices.home import Home, Naming
from digital_life.devices.tools import Asked, DeviceTools
from digital_life.mind import Body, Mind
from digital_life.values import Language, Published, Transcript
from fakes.broker import FakeBroker

HOUSE = Path(__file__).with_name("home.json")
REQUESTS = Path(__file__).with_name("home_cases.jsonl")
RIGHT = 85.0
"""Per cent that are to be right."""
QUICK = 5
YES: Mapping[Language, str] = {"en": "Yes.", "zh": "好的。"}
NEAR = 1.0
SAME_WHITE = 700
"""Kelvin between two whites of one name."""
SAME_COLOUR = 130
"""Of red, green and blue together."""


@dataclass(frozen=True, slots=True)
class Case:
    text: str
    language: Language
    tool: str | None
    before: str
    sets: dict[str, dict[str, Any]]
    asks: frozenset[str]
    unclear: frozenset[str]
    confirms: bool

    @classmethod
    def read(cls, line: str) -> Case:
        table = json.loads(line)
        return cls(
            table["text"],
            table["lang"],
            table["tool"],
            table.get("before", ""),
            table.get("sets", {}),
            frozenset(table.get("asks", ())),
            frozenset(table.get("unclear", ())),
            table.get("confirms", False),
        )


class House:
    """The devices of a house, which do what they are told at once."""

    def __init__(self, path: Path = HOUSE) -> None:
        table = json.loads(path.read_text(encoding="utf-8"))
        self._home = Home({device: Naming(room) for device, room in table["rooms"].items()})
        for message in table["messages"]:
            payload = message["payload"]
            text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
            self._home.announced(message["topic"], text.encode())
            self._home.told(Published.text(message["topic"], text, retain=message.get("retain", False)))
        self._control = Control(FakeBroker(), clock=SystemClock(), settings=Devices(), home=self._home)
        self.changed: dict[str, dict[str, Value]] = {}
        """By unique id: what they were told."""
        self._changed: dict[str, dict[Attribute, Value]] = {}

    @property
    def entities(self) -> tuple[Entity, ...]:
        return self._control.entities

    connected = True

    def condition(self, entity: Entity) -> Condition:
        return {**self._control.condition(entity), **self._changed.get(entity.id, {})}

    def is_available(self, entity: Entity) -> bool:
        return self._control.is_available(entity)

    def needs_yes(self, entity: Entity, change: Change) -> bool:
        return self._control.needs_yes(entity, change)

    async def carry_out(self, wished: Sequence[tuple[Entity, Change]], *, cause: str) -> tuple[Result, ...]:  # noqa: ARG002
        for entity, change in wished:
            self.changed.setdefault(entity.id, {}).update({str(each): value for each, value in change.items()})
            self._changed.setdefault(entity.id, {}).update(change)
        return tuple(Result(entity, change, Came.DONE) for entity, change in wished)

    def changed_carefully(self) -> frozenset[str]:
        """What was told to anything that needs a yes."""
        return frozenset(each.id for each in self.entities if each.id in self.changed and self.needs_yes(each, {}))

    def begin(self, *, anew: bool = True) -> None:
        self.changed.clear()
        if anew:
            self._changed.clear()


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a case."""

    case: Case
    tool: str | None
    sets: dict[str, dict[str, Value]]
    """After a yes, where one was asked for."""
    unasked: frozenset[str]
    """What was commanded before the yes that it needs."""
    asks: frozenset[str]
    unclear: frozenset[str]
    confirmed: bool
    was: Mapping[str, Condition] = field(repr=False)
    said: str = ""
    ms: float = 0.0

    @property
    def right(self) -> bool:
        case = self.case
        if case.tool is None:
            return self.tool is None
        if self.tool != case.tool or self.unasked:
            return False
        if case.unclear:
            return self.unclear == case.unclear and not self.sets
        if case.asks:
            return self.asks == case.asks and not self.sets and not self.unclear
        return (
            self.sets.keys() == case.sets.keys() and case.confirms <= self.confirmed and all(map(self._as, case.sets))
        )

    def _as(self, entity: str) -> bool:
        wanted, got = self.case.sets[entity], self.sets[entity]
        if not set(got) <= {*wanted, "on", "position", "open"}:
            return False
        return all(_same(name, value, got, self.was[entity]) for name, value in wanted.items())

    @property
    def dangerous(self) -> bool:
        """A lock, a door or a heating was commanded by mistake, or without a yes."""
        return bool(self.unasked)


def _same(name: str, wanted: Any, got: Mapping[str, Value], was: Condition) -> bool:
    value = got.get(name)
    if name == "open" and value is None and "position" in got:
        value = got["position"] == 100 if wanted else got["position"] != 0
    if value is None:
        return False
    if wanted in ("+", "-"):
        before = {str(key): each for key, each in was.items()}.get(name, 50.0)
        return value > before if wanted == "+" else value < before  # type: ignore[operator]  # numbers both
    if isinstance(wanted, list):
        return isinstance(value, tuple) and _apart(wanted, value) <= SAME_COLOUR
    if isinstance(wanted, bool | str) or isinstance(value, bool | str | tuple):
        return bool(wanted == value)
    return float(abs(wanted - value)) <= (SAME_WHITE if name == "kelvin" else NEAR)


def _apart(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


async def measure(profile: str, cases: Sequence[Case]) -> list[Done]:
    with tempfile.TemporaryDirectory() as folder:
        context, house = context_of(profile, Path(folder)), House()
        async with app.open_thinking(context, Body(NoMute(), _Knob(), house)) as mind:
            await mind.toolbox.decide(Transcript("Hello.", "en", 1.0))
            return [await _done(mind, house, each) for each in cases]


class _Knob:
    """A Volume."""

    level = 0.5


def tool_of(mind: Mind) -> DeviceTools:
    run = next(each.run for each in mind.tools if each.name == "device")
    found = getattr(run, "__self__", None)
    if not isinstance(found, DeviceTools):
        raise TypeError(run)
    return found


async def _done(mind: Mind, house: House, case: Case) -> Done:
    home = tool_of(mind)
    heard = Transcript(case.text, case.language, 1.0)
    home.asked.take(heard)
    home.spoken.clear()
    house.begin()
    if case.before:
        await _say(mind, case.before, case.language)
        house.begin(anew=False)
    was: dict[str, Condition] = {one.id: house.condition(one) for one in house.entities}
    spoken_before = home.spoken.get(heard.room)
    began = asyncio.get_running_loop().time()
    call = await mind.toolbox.decide(heard)
    ms = (asyncio.get_running_loop().time() - began) * 1000
    said = (await mind.toolbox.run(call, heard)).said if call and call.tool.name == "device" else ""
    unasked = house.changed_carefully()
    asked: Asked | None = home.asked.of(heard)
    spoken = home.spoken.get(heard.room)
    told: tuple[Entity, ...] = spoken.entities if spoken and spoken is not spoken_before and not house.changed else ()
    confirmed = bool(asked and asked.wished)
    if confirmed:
        await _say(mind, YES[case.language], case.language)
    return Done(
        case,
        call.tool.name if call else None,
        {key: dict(value) for key, value in house.changed.items()},
        unasked,
        frozenset() if confirmed else frozenset(one.id for one in told),
        frozenset(one.id for one in asked.unclear) if asked else frozenset(),
        confirmed,
        was,
        said,
        ms,
    )


async def _say(mind: Mind, text: str, language: Language) -> None:
    heard = Transcript(text, language, 1.0)
    call = await mind.toolbox.decide(heard)
    if call:
        await mind.toolbox.run(call, heard)


def figures(done: Sequence[Done]) -> list[Figure]:
    idle = [each for each in done if each.case.tool is None]
    due = [each for each in done if each.case.tool]
    by_language = {
        f"right, {language}": [each.right for each in due if each.case.language == language] for language in YES
    }
    return [
        _percent("wrong device or value", [not each.right for each in due], budget=100 - RIGHT),
        _percent("called where none is due", [each.tool is not None for each in idle], budget=3.0),
        Figure("dangerous", float(sum(each.dangerous for each in done)), "", budget=0.0, note=f"n={len(done)}"),
        spread("decision", [each.ms for each in done], "ms", budget=DECISION_MS),
        *(_percent(name, right) for name, right in by_language.items() if right),
    ]


def _percent(name: str, found: Sequence[bool], *, budget: float | None = None) -> Figure:
    return Figure(name, 100 * sum(found) / max(1, len(found)), "%", budget=budget, note=f"n={len(found)}")


def wrong(done: Sequence[Done]) -> list[dict[str, Any]]:
    """The cases that went wrong, with what came of them."""
    return [
        {
            "text": each.case.text,
            "wanted": [each.case.sets, sorted(each.case.asks), sorted(each.case.unclear)],
            "tool": each.tool,
            "sets": each.sets,
            "asks": sorted(each.asks),
            "unclear": sorted(each.unclear),
            "confirmed": each.confirmed,
            "said": each.said,
        }
        for each in done
        if not each.right
    ]


def main() -> int:
    options = report.parser("home")
    options.add_argument("--data", type=Path, default=REQUESTS, help="cases, one JSON object a line")
    options.add_argument("--all", action="store_true", help="what was said to every case")
    chosen = options.parse_args()
    lines = [line for line in chosen.data.read_text(encoding="utf-8").splitlines() if line.strip()]
    cases = [Case.read(line) for line in lines][:: QUICK if chosen.quick else 1]
    done = asyncio.run(measure(chosen.profile, cases))
    found = figures(done)
    if chosen.json:
        print(json.dumps({**report.plain(found), "wrong": wrong(done)}, ensure_ascii=False, indent=1, default=float))
    else:
        report.show(found, title="home", as_json=False)
        for each in wrong(done):
            print(json.dumps(each, ensure_ascii=False, default=str))
    if chosen.all:
        for one in done:
            print(f"{one.case.text} -> {one.said}")
    return int(chosen.check and not all(figure.within for figure in found))


if __name__ == "__main__":
    sys.exit(main())
