"""A light that takes and tells JSON: the form of Zigbee2MQTT, ESPHome and many others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from digital_life.devices import templates
from digital_life.devices.entity import Attribute, Capability, Change, Condition, Value
from digital_life.devices.kinds import codecs, colours, tints
from digital_life.devices.kinds.form import Form, News, Sent, Told
from digital_life.devices.kinds.spec import Spec, UnusableError
from digital_life.devices.kinds.tints import Warmth

_COLOURS = ("rgb", "rgbw", "rgbww", "hs", "xy")
"""Modes of colour, the most exact first."""
_STATES = {"ON": True, "OFF": False}


def read(spec: Spec) -> Form:
    command, state = spec.topic("command_topic"), spec.topic("state_topic")
    if not command:
        raise UnusableError("it has no command_topic")
    lamp = _Lamp(spec)
    shared = {Attribute.ON: Capability(), **lamp.capabilities}
    # Many do not tell their effect.
    capabilities = {
        name: replace(each, readable=bool(state) and name is not Attribute.EFFECT) for name, each in shared.items()
    }

    def write(change: Change, _known: Condition) -> Iterable[Sent]:
        return [Sent(command, json.dumps(lamp.command(change), ensure_ascii=False))]

    return Form(capabilities, (Told(state, "", lamp.news),) if state else (), write)


class _Lamp:
    """What it can."""

    def __init__(self, spec: Spec) -> None:
        modes = spec.texts("supported_color_modes")
        # The older form names each mode by a key of its own.
        modes = modes or tuple(each for each in ("color_temp", *_COLOURS) if spec.flag(each))
        self.colour = next((each for each in _COLOURS if each in modes), "")
        bright = spec.flag("brightness") or bool(set(modes) - {"onoff"})
        self.scale = spec.number("brightness_scale", 255)
        self.bright = tints.brightness(self.scale) if bright else None
        self.warmth = Warmth.announced(spec) if "color_temp" in modes else None
        self.effects = spec.texts("effect_list")

    @property
    def capabilities(self) -> Mapping[Attribute, Capability]:
        found: dict[Attribute, Capability] = {}
        if self.bright:
            found[Attribute.BRIGHTNESS] = self.bright.capability
        if self.warmth:
            found[Attribute.KELVIN] = self.warmth.capability
        if self.colour:
            found[Attribute.COLOUR] = Capability()
        if self.effects:
            found[Attribute.EFFECT] = Capability(options=self.effects)
        return found

    def command(self, change: Change) -> Mapping[str, object]:
        if change.get(Attribute.ON) is False:
            return {"state": "OFF"}
        wished: dict[str, object] = {"state": "ON"}
        for attribute, value in change.items():
            if attribute is Attribute.BRIGHTNESS and self.bright:
                wished["brightness"] = int(self.bright.write(value))
            elif attribute is Attribute.KELVIN and self.warmth:
                wished["color_temp"] = self.warmth.to_device(value)
            elif attribute is Attribute.COLOUR:
                wished["color"] = self._colour(tints.rgb(value))
            elif attribute is Attribute.EFFECT:
                wished["effect"] = value
        return wished

    def _colour(self, rgb: colours.Rgb) -> Mapping[str, float]:
        if self.colour == "hs":
            return dict(zip("hs", colours.to_hs(rgb), strict=True))
        if self.colour == "xy":
            return dict(zip("xy", colours.to_xy(rgb), strict=True))
        white = {"rgbw": {"w": 0}, "rgbww": {"c": 0, "w": 0}}
        return {**dict(zip("rgb", rgb, strict=True)), **white.get(self.colour, {})}

    def news(self, text: str) -> News:
        try:
            table = templates.parsed(text)
        except ValueError:
            return {}
        if not isinstance(table, dict):
            return {}
        news = {**self._power(table), **self._tint(table)}
        if self.bright and (found := templates.number(table.get("brightness"))) is not None:
            news[Attribute.BRIGHTNESS] = codecs.percent(found, 0, self.scale)
        if (effect := table.get("effect")) in self.effects:
            news[Attribute.EFFECT] = str(effect)
        return news

    def _power(self, table: Mapping[str, Any]) -> dict[Attribute, Value | None]:
        state = table.get("state", "")
        if state is None:
            return {Attribute.ON: None}
        on = _STATES.get(state) if isinstance(state, str) else None
        return {} if on is None else {Attribute.ON: on}

    def _tint(self, table: Mapping[str, Any]) -> dict[Attribute, Value | None]:
        """Of the colour and the temperature, the one that is said to hold; else what is told."""
        mode = table.get("color_mode")
        found: dict[Attribute, Value | None] = {}
        if self.warmth and mode in (None, "color_temp"):
            found[Attribute.KELVIN] = self.warmth.from_device(templates.number(table.get("color_temp")))
        if self.colour and mode in (None, *_COLOURS):
            found[Attribute.COLOUR] = _shade(table.get("color"), mode)
        found = {name: value for name, value in found.items() if value is not None}
        if self.warmth and self.colour and mode is not None and found:
            other = Attribute.COLOUR if Attribute.KELVIN in found else Attribute.KELVIN
            found[other] = None
        return found


def _shade(table: object, mode: object) -> colours.Rgb | None:
    """Zigbee2MQTT tells both hue and place: the mode says which holds."""
    if not isinstance(table, dict):
        return None
    numbers = {key: templates.number(table.get(key)) for key in ("r", "g", "b", "h", "s", "x", "y")}
    known = {key: value for key, value in numbers.items() if value is not None}
    if {"h", "s"} <= known.keys() and mode != "xy":
        return colours.from_hs(known["h"], known["s"])
    if {"r", "g", "b"} <= known.keys():
        return tints.shade([known["r"], known["g"], known["b"]])
    if {"x", "y"} <= known.keys():
        return colours.from_xy(known["x"], known["y"])
    return None
