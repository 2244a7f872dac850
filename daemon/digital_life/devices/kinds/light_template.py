"""A light whose commands and states are made and read by templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from digital_life.devices.entity import Attribute, Capability, Change, Condition
from digital_life.devices.kinds import codecs, colours, tints
from digital_life.devices.kinds.form import Channel, Codec, Form, Sent, rendered
from digital_life.devices.kinds.spec import Spec, UnusableError

_SCALE = 255
_SHADES = ("red", "green", "blue")
_POWER = Codec({"on": True, "off": False}.get, lambda value: "on" if value else "off")


def read(spec: Spec) -> Form:
    command, state = spec.topic("command_topic"), spec.topic("state_topic")
    on, off = spec.template("command_on_template"), spec.template("command_off_template")
    if not (command and on and off):
        raise UnusableError("it has no command")
    warmth = tints.Warmth.announced(spec)
    channels = [Channel(name, codec, command, "", state, told) for name, codec, told in _known(spec, warmth)]
    # Without a template of its own it is not told: the message holds all of them.
    told = [each for each in channels if each.state and each.state_template]
    capabilities = {each.attribute: replace(each.capability, readable=each in told) for each in channels}

    def write(change: Change, _condition: Condition) -> Iterable[Sent]:
        if change.get(Attribute.ON) is False:
            return [Sent(command, rendered(off, state="off"))]
        return [Sent(command, rendered(on, state="on", **_variables(change, warmth)))]

    return Form(capabilities, tuple(each.told for each in told), write)


def _known(spec: Spec, warmth: tints.Warmth) -> Iterator[tuple[Attribute, Codec, str]]:
    """What it can, and the template that reads it."""
    yield Attribute.ON, _POWER, spec.template("state_template")
    if bright := spec.template("brightness_template"):
        yield Attribute.BRIGHTNESS, tints.brightness(_SCALE), bright
    if warm := spec.template("color_temp_template"):
        yield Attribute.KELVIN, warmth.codec, warm
    if effects := spec.texts("effect_list"):
        yield Attribute.EFFECT, codecs.choice(effects), spec.template("effect_template")
    shades = [spec.template(f"{each}_template") for each in _SHADES]
    if all(shades):
        # One template for all three: each was looked at by itself.
        yield Attribute.COLOUR, Codec(_shade, str, Capability()), ",".join(shades)


def _shade(text: str) -> colours.Rgb | None:
    return tints.shade(tints.parts(text, 3))


def _variables(change: Change, warmth: tints.Warmth) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for attribute, value in change.items():
        if attribute is Attribute.BRIGHTNESS:
            found["brightness"] = int(tints.brightness(_SCALE).write(value))
        elif attribute is Attribute.KELVIN:
            found["color_temp"] = warmth.to_device(value)
        elif attribute is Attribute.EFFECT:
            found["effect"] = value
        elif attribute is Attribute.COLOUR:
            found |= dict(zip(_SHADES, tints.rgb(value), strict=True))
            found |= dict(zip(("hue", "sat"), colours.to_hs(tints.rgb(value)), strict=True))
    return found
