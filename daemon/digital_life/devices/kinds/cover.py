"""A cover: a blind, a curtain, a garage door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from digital_life.devices import templates
from digital_life.devices.entity import Attribute, Capability, Change, Condition, Value
from digital_life.devices.kinds import codecs
from digital_life.devices.kinds.form import NOTHING, CannotError, Channel, Codec, Form, News, Sent, Told
from digital_life.devices.kinds.spec import Spec, UnusableError

STATES = ("open", "opening", "closed", "closing", "stopped")
MOVEMENTS = ("opening", "closing", "stopped")


def read(spec: Spec) -> Form:
    command, state, reach = spec.topic("command_topic"), spec.topic("state_topic"), _reach(spec)
    payloads = {
        "opening": spec.payload("payload_open", "OPEN"),
        "closing": spec.payload("payload_close", "CLOSE"),
        "stopped": spec.payload("payload_stop", "STOP"),
    }
    names, template = named_states(spec), spec.template("value_template")
    told = [Told(state, template, lambda text: moving(names, text))] if state else []
    if reach.state:
        told.append(Told(reach.state, reach.state_template, lambda text: position(reach.codec.read, text)))
    if not (command or reach.command or told):
        raise UnusableError("it can neither be read nor commanded")

    def write(change: Change, _known: Condition) -> Iterable[Sent]:
        return [sent(name, value, command, payloads, reach) for name, value in change.items()]

    return Form(capabilities(command, payloads, reach, state), tuple(told), write)


def _reach(spec: Spec) -> Channel:
    """How far it is open, where it tells or takes that."""
    closed, opened = spec.number("position_closed", 0), spec.number("position_open", 100)
    if closed == opened:
        raise UnusableError("position_open is position_closed")
    place = codecs.scaled(closed, opened)
    return Channel(
        Attribute.POSITION,
        Codec(place.read, place.write, place.capability, lambda value: _place(value, closed, opened)),
        command=spec.topic("set_position_topic"),
        command_template=spec.template("set_position_template"),
        state=spec.topic("position_topic"),
        state_template=spec.template("position_template"),
    )


def capabilities(
    command: str, payloads: Mapping[str, str | None], reach: Channel, state: str
) -> Mapping[Attribute, Capability]:
    both = bool(command and payloads["opening"] and payloads["closing"])
    found = {Attribute.OPEN: Capability(settable=both or bool(reach.command), readable=bool(state or reach.state))}
    if reach.command or reach.state:
        found[Attribute.POSITION] = reach.capability
    stops = bool(command and payloads["stopped"])
    if stops or state:
        found[Attribute.MOVING] = Capability(settable=stops, readable=bool(state), options=MOVEMENTS)
    return found


def sent(attribute: Attribute, value: Value, command: str, payloads: Mapping[str, str | None], reach: Channel) -> Sent:
    """Raises CannotError."""
    if attribute is Attribute.POSITION:
        return reach.write(value)
    movement = str(value) if attribute is Attribute.MOVING else "opening" if value else "closing"
    payload = payloads[movement]
    if command and payload:
        return Sent(command, payload)
    if reach.command and movement != "stopped":
        return reach.write(100.0 if movement == "opening" else 0.0)
    raise CannotError


def named_states(spec: Spec) -> Mapping[str, str]:
    """What it calls its states."""
    return {spec.text(f"state_{each}", each): each for each in reversed(STATES)}


def moving(names: Mapping[str, str], text: str) -> News:
    if text == NOTHING:
        return {Attribute.OPEN: None, Attribute.MOVING: None}
    state = names.get(text)
    if state is None:
        return {}
    news: dict[Attribute, Value | None] = {Attribute.MOVING: state if state in MOVEMENTS else "stopped"}
    # Where it stopped, only its position tells.
    return news if state == "stopped" else {**news, Attribute.OPEN: state != "closed"}


def position(read_it: Callable[[str], Value | None], text: str) -> News:
    """Of a position, or of JSON that holds one."""
    if text.startswith("{"):
        text = _within(text)
    value = read_it(text)
    return {} if value is None else {Attribute.POSITION: value, Attribute.OPEN: value != 0}


def _within(text: str) -> str:
    try:
        table = templates.parsed(text)
    except ValueError:
        return ""
    return str(table.get("position", "")) if isinstance(table, dict) else ""


def _place(value: Value, closed: float, opened: float) -> Mapping[str, object]:
    """What a template of the command is given: per cent, and the ends that were announced."""
    ends = {"position_closed": round(closed), "position_open": round(opened)}
    return {"position": round(value) if isinstance(value, int | float) else value, **ends}
