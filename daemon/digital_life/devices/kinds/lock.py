"""A lock."""

from __future__ import annotations

from digital_life.devices.entity import Attribute
from digital_life.devices.kinds import codecs
from digital_life.devices.kinds.form import Channel, Form, form
from digital_life.devices.kinds.spec import Spec, UnusableError


def read(spec: Spec) -> Form:
    command = spec.topic("command_topic")
    if not command:
        raise UnusableError("it has no command_topic")
    codec = codecs.switch(
        spec.text("payload_lock", "LOCK"),
        spec.text("payload_unlock", "UNLOCK"),
        told_on=spec.text("state_locked", "LOCKED"),
        told_off=spec.text("state_unlocked", "UNLOCKED"),
    )
    channel = Channel(
        Attribute.LOCKED,
        codec,
        # One that asks for a code cannot be commanded: nobody says a code aloud.
        "" if spec.text("code_format") else command,
        spec.template("command_template"),
        spec.topic("state_topic"),
        spec.template("value_template"),
    )
    return form(channel)
