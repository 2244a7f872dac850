"""What plays music or films, as some announce it; Home Assistant itself knows none on MQTT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from digital_life.devices.entity import Attribute, Capability, Change, Condition, Value
from digital_life.devices.kinds import codecs
from digital_life.devices.kinds.form import CannotError, Channel, Codec, Form, Sent
from digital_life.devices.kinds.spec import Spec, UnusableError

_STATES = {"playing": True, "paused": False, "stopped": False, "idle": False, "off": False}
_COMMANDS = {"play": "Play", "pause": "Pause", "playpause": "PlayPause"}
"""What is sent where nothing is announced."""


def read(spec: Spec) -> Form:
    commands = {name: _command(spec, name) for name in _COMMANDS}
    both = bool(commands["playpause"].topic or (commands["play"].topic and commands["pause"].topic))
    state = spec.topic("state_state_topic")
    playing = Channel(Attribute.PLAYING, Codec(lambda text: _STATES.get(text.lower()), str), state=state)
    volume = _volume(spec)
    channels = [each for each in (playing, volume) if each.command or each.state]
    if not (channels or both):
        raise UnusableError("it can neither be read nor commanded")
    capabilities = {each.attribute: each.capability for each in channels}
    if both or state:
        capabilities[Attribute.PLAYING] = Capability(settable=both, readable=bool(state))

    def write(change: Change, known: Condition) -> Iterable[Sent]:
        for name, value in change.items():
            if name is Attribute.PLAYING:
                yield from _played(commands, value, known)
            else:
                yield volume.write(value)

    return Form(capabilities, tuple(each.told for each in channels if each.state), write)


def _volume(spec: Spec) -> Channel:
    """From 0 to 1."""
    scale = codecs.scaled(0, 1, rounding=2)
    codec = Codec(scale.read, scale.write, Capability(low=0, high=100, step=1, unit="%"))
    return Channel(Attribute.VOLUME, codec, spec.topic("command_volume_topic"), "", spec.topic("state_volume_topic"))


def _command(spec: Spec, name: str) -> Sent:
    return Sent(spec.topic(f"command_{name}_topic"), spec.text(f"command_{name}_payload", _COMMANDS[name]))


def _played(commands: Mapping[str, Sent], value: Value, known: Condition) -> Iterable[Sent]:
    """One button for both is pressed only where it is known that it does what is wished. Raises CannotError."""
    clear = commands["play" if value else "pause"]
    if clear.topic:
        return [clear]
    if known.get(Attribute.PLAYING) is None:
        raise CannotError
    return [] if known[Attribute.PLAYING] == value else [commands["playpause"]]
