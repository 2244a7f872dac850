"""Whether a device is there, by what it and its bridge tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from digital_life.devices import templates
from digital_life.devices.kinds.spec import Spec, UnusableError

_MODES = ("all", "any", "latest")
_MOST = 20
"""Topics of one entity."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A topic that tells it."""

    topic: str
    template: str
    there: str
    away: str

    def told(self, payload: bytes) -> bool | None:
        """None: it tells neither."""
        return {self.away: False, self.there: True}.get(templates.told(self.template, payload) or "")


@dataclass(frozen=True, slots=True)
class Availability:
    signs: tuple[Sign, ...]
    mode: str

    def of(self, told: Mapping[str, bytes]) -> bool | None:
        """By the latest payload of each topic, in the order in which they came; None where it is not known."""
        found = {each.topic: each.told(told[each.topic]) for each in self.signs if each.topic in told}
        if self.mode == "latest":
            return next((found[topic] for topic in reversed(list(told)) if found.get(topic) is not None), None)
        decisive = self.mode == "any"
        if decisive in found.values():
            return decisive
        missing = any(found.get(each.topic) is None for each in self.signs)
        return None if missing or not self.signs else not decisive


def read(spec: Spec) -> Availability:
    mode = spec.text("availability_mode", "latest")
    if mode not in _MODES:
        raise UnusableError("availability_mode is none")
    tables = spec.tables("availability")
    if len(tables) > _MOST:
        raise UnusableError("availability is too long")
    signs = [_sign(each, "topic", "value_template") for each in map(Spec, tables)]
    if not signs and spec.topic("availability_topic"):
        signs = [_sign(spec, "availability_topic", "availability_template")]
    return Availability(tuple(signs), mode)


def _sign(spec: Spec, topic: str, template: str) -> Sign:
    there, away = spec.text("payload_available", "online"), spec.text("payload_not_available", "offline")
    found = Sign(spec.topic(topic), spec.template(template), there, away)
    if not found.topic:
        raise UnusableError("availability has no topic")
    return found
