"""A light, in one of three forms; here the basic one, with topics of its own for each property."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from digital_life.devices.entity import Attribute, Capability, Change, Condition, Value
from digital_life.devices.kinds import codecs, colours, light_json, light_template, switch, tints
from digital_life.devices.kinds.form import Channel, Codec, Form, Sent, form, named
from digital_life.devices.kinds.spec import Spec, UnusableError

_ORDERS = ("last", "first", "brightness")
"""When ON is sent beside the properties; the last: never, as the brightness says it."""


def read(spec: Spec) -> Form:
    schema = spec.text("schema", "basic")
    if schema == "json":
        return light_json.read(spec)
    if schema == "template":
        return light_template.read(spec)
    if schema in ("basic", "default"):
        return _basic(spec)
    raise UnusableError("its schema is none")


def _basic(spec: Spec) -> Form:
    power = switch.power(spec, "state_value_template", "value_template")
    tinted = [each for each in _tints(spec) if each.command or each.state]
    order = spec.text("on_command_type", "last")
    if order not in _ORDERS:
        raise UnusableError("on_command_type is none")
    channels = {each.attribute: each for each in (power, *tinted)}

    def write(change: Change, known: Condition) -> Iterable[Sent]:
        return _sent(channels, change, known, order)

    return form(*channels.values(), write=write)


def _tints(spec: Spec) -> Iterable[Channel]:
    warmth, scale = tints.Warmth.announced(spec), spec.number("brightness_scale", 255)
    yield named(spec, Attribute.BRIGHTNESS, "brightness", tints.brightness(scale), default="")
    yield named(spec, Attribute.KELVIN, "color_temp", warmth.codec, default="")
    shades = [named(spec, Attribute.COLOUR, name, codec, default="") for name, codec in _SHADES.items()]
    yield max(shades, key=lambda each: (bool(each.command), bool(each.state)))
    if effects := spec.texts("effect_list"):
        yield named(spec, Attribute.EFFECT, "effect", codecs.choice(effects), default="")


def _sent(channels: Mapping[Attribute, Channel], change: Change, known: Condition, order: str) -> list[Sent]:
    if change.get(Attribute.ON) is False:
        return [channels[Attribute.ON].write(False)]
    wished = {name: value for name, value in change.items() if name is not Attribute.ON}
    dimmed = channels.get(Attribute.BRIGHTNESS)
    if order == "brightness" and dimmed and dimmed.command:
        wished.setdefault(Attribute.BRIGHTNESS, known.get(Attribute.BRIGHTNESS) or 100.0)
        return [channels[name].write(value) for name, value in wished.items()]
    sent = [channels[name].write(value) for name, value in wished.items()]
    power = [channels[Attribute.ON].write(True)]
    return power + sent if order == "first" else sent + power


def _shade(count: int, **white: str) -> Codec:
    """Red, green and blue, with so many numbers in all."""

    def variables(value: Value) -> Mapping[str, object]:
        return {
            **dict(zip(("red", "green", "blue"), tints.rgb(value), strict=True)),
            **dict.fromkeys(white.values(), 0),
        }

    def write(value: Value) -> str:
        return ",".join(map(str, (*tints.rgb(value), *[0] * len(white))))

    return Codec(lambda text: tints.shade(tints.parts(text, count)), write, Capability(), variables)


def _hs() -> Codec:
    def read_hs(text: str) -> Value | None:
        found = tints.parts(text, 2)
        return colours.from_hs(*found) if found else None

    def variables(value: Value) -> Mapping[str, object]:
        return dict(zip(("hue", "sat"), colours.to_hs(tints.rgb(value)), strict=True))

    def write(value: Value) -> str:
        return ",".join(map(codecs.plain, colours.to_hs(tints.rgb(value))))

    return Codec(read_hs, write, Capability(), variables)


def _xy() -> Codec:
    def read_xy(text: str) -> Value | None:
        found = tints.parts(text, 2)
        return colours.from_xy(*found) if found else None

    def variables(value: Value) -> Mapping[str, object]:
        return dict(zip("xy", colours.to_xy(tints.rgb(value)), strict=True))

    def write(value: Value) -> str:
        return ",".join(map(codecs.plain, colours.to_xy(tints.rgb(value))))

    return Codec(read_xy, write, Capability(), variables)


_SHADES = {
    "rgb": _shade(3),
    "rgbw": _shade(4, w="white"),
    "rgbww": _shade(5, c="cold_white", w="warm_white"),
    "hs": _hs(),
    "xy": _xy(),
}
"""Forms of a colour, the most exact first."""
