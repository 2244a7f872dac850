"""Heating and cooling: what it does, and the temperature that it is to reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from digital_life.devices.entity import Attribute, Capability, Change, Condition, Value
from digital_life.devices.kinds import codecs, switch
from digital_life.devices.kinds.form import CannotError, Channel, Form, News, Sent, form, named
from digital_life.devices.kinds.spec import Spec

_OFF = "off"
_MODES = ("auto", "off", "cool", "heat", "dry", "fan_only", "heat_cool")
_FAN_MODES = ("auto", "low", "medium", "high")
_BY_ITSELF = ("auto", "heat_cool")
"""Modes that decide themselves whether to heat or to cool, the best first."""
_ROOM = {"°C": (7.0, 35.0), "°F": (44.6, 95.0)}
"""Bounds where none are announced."""
_WATER = {"°C": (43.3, 60.0), "°F": (110.0, 140.0)}
_WATER_MODES = ("off", "eco", "electric", "gas", "heat_pump", "high_demand", "performance")


def read(spec: Spec) -> Form:
    return _thermostat(spec, _MODES, _ROOM)


def water_heater(spec: Spec) -> Form:
    return _thermostat(spec, _WATER_MODES, _WATER)


def _thermostat(spec: Spec, known: tuple[str, ...], bounds: dict[str, tuple[float, float]]) -> Form:
    modes = tuple(each for each in spec.texts("modes", known) if each in known)
    mode = named(spec, Attribute.MODE, "mode", codecs.choice(modes))
    power = Channel(
        Attribute.ON,
        switch.payloads(spec),
        command=spec.topic("power_command_topic"),
        command_template=spec.template("power_command_template"),
    )
    plain = form(*([mode] if modes else []), power, *_temperatures(spec, bounds), *_extras(spec))
    if Attribute.MODE not in plain.capabilities or (_OFF not in modes and not power.command):
        return plain
    on = Capability(settable=bool(power.command or mode.command), readable=bool(mode.state))
    told = tuple(replace(each, read=_with_power(each.read)) for each in plain.told)

    def write(change: Change, condition: Condition) -> Iterable[Sent]:
        return plain.write(change if power.command else _by_mode(change, modes), condition)

    return Form({**plain.capabilities, Attribute.ON: on}, told, write)


def _temperatures(spec: Spec, bounds: dict[str, tuple[float, float]]) -> Iterable[Channel]:
    unit = "°F" if spec.text("temperature_unit") == "F" else "°C"
    low, high = spec.span("min_temp", "max_temp", bounds[unit])
    target = codecs.number(low, high, step=abs(spec.number("temp_step", 1)) or None, unit=unit)
    yield named(spec, Attribute.TARGET, "temperature", target)
    measured, template = spec.topic("current_temperature_topic"), "current_temperature_template"
    told = spec.template(template, "value_template")
    yield Channel(Attribute.CURRENT, codecs.number(unit=unit), state=measured, state_template=told)


def _extras(spec: Spec) -> Iterable[Channel]:
    yield named(spec, Attribute.FAN_MODE, "fan_mode", codecs.choice(spec.texts("fan_modes", _FAN_MODES)))
    if presets := spec.texts("preset_modes"):
        # "none" ends a preset and is not announced.
        yield named(spec, Attribute.PRESET, "preset_mode", codecs.choice((*presets, "none")))


def _by_mode(change: Change, modes: tuple[str, ...]) -> Change:
    """On and off as modes, where nothing else turns it on."""
    if Attribute.ON not in change:
        return change
    rest: dict[Attribute, Value] = {name: change[name] for name in change if name is not Attribute.ON}
    if change[Attribute.ON] and Attribute.MODE in rest:
        return rest
    return {**rest, Attribute.MODE: _mode(modes, on=change[Attribute.ON] is True)}


def _mode(modes: tuple[str, ...], *, on: bool) -> str:
    """Which mode is meant. Raises CannotError where on could mean several: heating is not cooling."""
    others = [each for each in modes if each != _OFF]
    decisive = [each for each in _BY_ITSELF if each in others]
    if not on:
        return _OFF
    if not decisive and len(others) != 1:
        raise CannotError
    return (decisive or others)[0]


def _with_power(read_it: Callable[[str], News]) -> Callable[[str], News]:
    """A mode tells whether it is on."""

    def news(text: str) -> News:
        found = read_it(text)
        if Attribute.MODE not in found:
            return found
        mode = found[Attribute.MODE]
        return {**found, Attribute.ON: None if mode is None else mode != _OFF}

    return news
