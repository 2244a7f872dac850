"""A valve: open or closed, or open so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from digital_life.devices import templates
from digital_life.devices.entity import Attribute, Change, Condition
from digital_life.devices.kinds import codecs, cover
from digital_life.devices.kinds.form import Channel, Form, News, Sent, Told
from digital_life.devices.kinds.spec import Spec, UnusableError


def read(spec: Spec) -> Form:
    command, state, template = spec.topic("command_topic"), spec.topic("state_topic"), spec.template("value_template")
    if not (command or state):
        raise UnusableError("it can neither be read nor commanded")
    reach = _reach(spec, command, state)
    stop = spec.payload("payload_stop", None)
    payloads: Mapping[str, str | None] = {"opening": None, "closing": None, "stopped": stop}
    if not reach.command:
        opening, closing = spec.payload("payload_open", "OPEN"), spec.payload("payload_close", "CLOSE")
        payloads = {"opening": opening, "closing": closing, "stopped": stop}
    names = cover.named_states(spec)

    def news(text: str) -> News:
        said, place = _parts(text)
        found = cover.moving(names, said)
        return {**found, **cover.position(reach.codec.read, place or said)} if reach.state else found

    def write(change: Change, _known: Condition) -> Iterable[Sent]:
        return [cover.sent(name, value, command, payloads, reach) for name, value in change.items()]

    told = (Told(state, template, news),) if state else ()
    return Form(cover.capabilities(command, payloads, reach, state), told, write)


def _reach(spec: Spec, command: str, state: str) -> Channel:
    """Of one that tells its position; another has none."""
    closed, opened = spec.number("position_closed", 0), spec.number("position_open", 100)
    if closed == opened:
        raise UnusableError("position_open is position_closed")
    has_one, template = spec.flag("reports_position"), spec.template("command_template")
    codec = codecs.scaled(closed, opened)
    return Channel(Attribute.POSITION, codec, command if has_one else "", template, state if has_one else "")


def _parts(text: str) -> tuple[str, str]:
    """State and position, in JSON or as they are."""
    try:
        table = templates.parsed(text)
    except ValueError:
        return text, ""
    if not isinstance(table, dict):
        return text, ""
    return str(table.get("state", "")), str(table.get("position", ""))
