"""What a wish changes of one thing, given what that can do and how it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from digital_life.devices.entity import Attribute, Kind
from digital_life.devices.spoken import lexicon
from digital_life.devices.spoken.asking import Aspect, Verb, Wish

if TYPE_CHECKING:
    from digital_life.devices.entity import Capability, Change, Condition, Entity, Value

COLOURS: Mapping[str, tuple[int, int, int]] = {
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "light-blue": (100, 180, 255),
    "yellow": (255, 220, 0),
    "orange": (255, 128, 0),
    "purple": (128, 0, 128),
    "pink": (255, 105, 180),
    "cyan": (0, 255, 255),
    "magenta": (255, 0, 255),
    "white": (255, 255, 255),
}
KELVINS: Mapping[str, int] = {"candle": 2200, "warm": 2700, "neutral": 4000, "cool": 5500, "daylight": 6500}
AMOUNTS: Mapping[str, float] = {
    "least": 1,
    "low": 25,
    "quarter": 25,
    "third": 33,
    "half": 50,
    "medium": 50,
    "three-quarters": 75,
    "high": 100,
    "most": 100,
}
"""Percent."""
STEP_PERCENT = 20.0
"""Of "brighter", "faster", "louder"."""
STEP_DEGREES = 2.0
"""Of "warmer"; "a bit" is one degree."""
STEP_KELVIN = 800.0
"""Of "a warmer light"."""
DIMMEST = 5.0
"""Percent: who dims a light does not switch it off."""
UNKNOWN_PERCENT = 50.0
"""Where it is not known how bright, fast or loud it is."""
_TURNS_ON = (Verb.ON, Verb.OPEN, Verb.RUN)
_TURNS_OFF = (Verb.OFF, Verb.CLOSE)
_SPEEDS = {1: "low", 2: "medium", 3: "high"}


def change(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    """What is to be commanded; None: this cannot be wished of it."""
    if wish.mode and (chosen := _option(entity, wish.mode)):
        return chosen
    found = _OF_KIND[entity.kind](entity, wish, condition) if entity.kind in _OF_KIND else None
    if not found or not all(_fits(entity, attribute, value) for attribute, value in found.items()):
        return None
    return found


def presses(entity: Entity) -> bool:
    """Whether it only ever does one thing, so that its name alone asks for it."""
    return entity.kind in (Kind.SCENE, Kind.BUTTON)


def _fits(entity: Entity, attribute: Attribute, value: Value) -> bool:
    can = entity.capabilities.get(attribute)
    if can is None or not can.settable:
        return False
    if isinstance(value, float | int) and not isinstance(value, bool):
        return (can.low is None or value >= can.low) and (can.high is None or value <= can.high)
    return not can.options or not isinstance(value, str) or value in can.options


def _can(entity: Entity, attribute: Attribute) -> bool:
    return attribute in entity.capabilities and entity.capabilities[attribute].settable


def _light(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    others = (Aspect.NONE, Aspect.BRIGHTNESS, Aspect.COLOUR, Aspect.TONE, Aspect.WARMTH)
    if wish.aspect not in others or wish.unit in ("degrees", "minutes"):
        return None
    if wish.aspect in (Aspect.WARMTH, Aspect.TONE) or wish.tone or wish.unit == "kelvin" or wish.colour:
        shaded = _shaded(entity, wish, condition)
        level = _levelled(entity, Attribute.BRIGHTNESS, wish, condition) if shaded and _is_level(wish) else None
        return {**shaded, **level} if shaded and level else shaded
    return _levelled(entity, Attribute.BRIGHTNESS, wish, condition) or (
        _named_option(entity, Attribute.EFFECT, wish) or _switched(entity, wish, condition)
    )


def _is_level(wish: Wish) -> bool:
    """Whether how bright is said too."""
    return wish.unit == "percent" or bool(wish.amount)


def _levelled(entity: Entity, attribute: Attribute, wish: Wish, condition: Condition) -> Change | None:
    """Nothing of it is off."""
    percent = _percent(entity, attribute, wish, condition, least=DIMMEST)
    if percent is None:
        return None
    return {attribute: percent} if percent else {Attribute.ON: False}


def _shaded(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    """In a colour or a white; "a colder white" is no colour."""
    plain = wish.aspect not in (Aspect.WARMTH, Aspect.TONE) and not wish.tone and wish.unit != "kelvin"
    return _coloured(entity, wish) if plain else _toned(entity, wish, condition)


def _toned(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    can = entity.capabilities.get(Attribute.KELVIN)
    if can is None or not can.settable:
        return None
    if wish.number is not None and not wish.by:
        return {Attribute.KELVIN: _clamped(wish.number, can)} if wish.unit in ("kelvin", "") else None
    if wish.tone:
        return {Attribute.KELVIN: _clamped(KELVINS[wish.tone], can)}
    if wish.verb not in (Verb.RAISE, Verb.LOWER):
        return None
    now = _number_of(condition, Attribute.KELVIN, KELVINS["neutral"])
    colder = (wish.verb is Verb.LOWER) == (wish.aspect is Aspect.WARMTH)
    by = wish.number if wish.number is not None and wish.unit == "kelvin" else STEP_KELVIN * wish.strength
    return {Attribute.KELVIN: _clamped(round(now + (by if colder else -by), -2), can)}


def _coloured(entity: Entity, wish: Wish) -> Change | None:
    if wish.colour == "white" and _can(entity, Attribute.KELVIN):
        return {Attribute.KELVIN: _clamped(KELVINS["neutral"], entity.capabilities[Attribute.KELVIN])}
    return {Attribute.COLOUR: COLOURS[wish.colour]} if _can(entity, Attribute.COLOUR) else None


def _percent(
    entity: Entity, attribute: Attribute, wish: Wish, condition: Condition, *, least: float = 0.0
) -> float | None:
    """The value that is wished of what is measured in percent; None where none is."""
    can = entity.capabilities.get(attribute)
    if can is None or not can.settable:
        return None
    low, high = can.low or 0.0, 100.0 if can.high is None else can.high
    if wish.number is not None and not wish.by:
        return wish.number if wish.unit in ("percent", "") else None
    if wish.amount:
        return min(max(AMOUNTS[wish.amount], low), high)
    if wish.verb not in (Verb.RAISE, Verb.LOWER):
        return None
    now = _number_of(condition, attribute, UNKNOWN_PERCENT)
    by = wish.number if wish.number is not None else STEP_PERCENT * wish.strength
    wished = now + by if wish.verb is Verb.RAISE else max(now - by, min(now, least))
    return float(round(min(max(wished, low), high)))


def _switched(entity: Entity, wish: Wish, _condition: Condition) -> Change | None:
    if wish.aspect is not Aspect.NONE or wish.has_value:
        return None
    if wish.verb in _TURNS_ON or (wish.verb is Verb.NONE and entity.kind is Kind.LIGHT):
        return {Attribute.ON: True}
    if wish.verb in _TURNS_OFF or (wish.verb is Verb.STOP and entity.kind is not Kind.LIGHT):
        return {Attribute.ON: False}
    return None


def _cover(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    if (
        wish.aspect not in (Aspect.NONE, Aspect.POSITION)
        or wish.unit in ("degrees", "kelvin")
        or wish.colour
        or wish.tone
    ):
        return None
    if wish.verb is Verb.STOP:
        return {Attribute.MOVING: "stopped"}
    opens = wish.verb in (*_TURNS_ON, Verb.RAISE)
    closes = wish.verb in (*_TURNS_OFF, Verb.LOWER)
    far = _to_its_end(wish, closes=closes)
    if far is not None:
        return _moved(entity, is_open=far)
    if wish.number is None and not wish.amount and wish.strength != 1 and (opens or closes):
        wish = replace(wish, verb=Verb.RAISE if opens else Verb.LOWER)
    elif wish.number is None and not wish.amount:
        return _moved(entity, is_open=opens) if opens or closes else None
    percent = _percent(entity, Attribute.POSITION, wish, condition)
    return None if percent is None else {Attribute.POSITION: percent}


def _to_its_end(wish: Wish, *, closes: bool) -> bool | None:
    """Whether it shall be wholly open; None: not to an end. "Close it completely" is to the other one."""
    if wish.amount not in ("most", "least") and not (closes and wish.number == 100):
        return None
    return wish.amount == "most" and not closes


def _moved(entity: Entity, *, is_open: bool) -> Change:
    if not _can(entity, Attribute.OPEN) and _can(entity, Attribute.POSITION):
        return {Attribute.POSITION: 100.0 if is_open else 0.0}
    return {Attribute.OPEN: is_open}


def _valve(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    return None if wish.verb in (Verb.RAISE, Verb.LOWER) else _cover(entity, wish, condition)


def _climate(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    if wish.aspect not in (Aspect.NONE, Aspect.TEMPERATURE, Aspect.WARMTH, Aspect.HUMIDITY, Aspect.SPEED, Aspect.MODE):
        return None
    if wish.unit in ("kelvin", "minutes") or wish.colour or wish.tone:
        return None
    if wish.aspect is Aspect.SPEED or wish.amount in ("low", "medium", "high"):
        level = wish.amount if wish.amount in ("low", "medium", "high") else _SPEEDS.get(int(wish.number or 0), "")
        return {Attribute.FAN_MODE: level}
    target = _target(entity, wish, condition, STEP_DEGREES)
    if target is not None:
        return {Attribute.TARGET: target}
    named = _named_option(entity, Attribute.PRESET, wish) or _named_option(entity, Attribute.MODE, wish)
    return named or _mode(entity, wish)


def _target(entity: Entity, wish: Wish, condition: Condition, step: float) -> float | None:
    can = entity.capabilities.get(Attribute.TARGET)
    if can is None or not can.settable:
        return None
    if wish.number is not None and not wish.by:
        return wish.number if wish.unit in ("degrees", "percent", "") else None
    if wish.amount in ("most", "least"):
        return can.high if wish.amount == "most" else can.low
    if wish.verb not in (Verb.RAISE, Verb.LOWER):
        return None
    now = _number_of(condition, Attribute.TARGET, _number_of(condition, Attribute.CURRENT, -1.0))
    if now < 0:
        return None
    by = wish.number if wish.number is not None else step * wish.strength
    return _clamped(now + by if wish.verb is Verb.RAISE else now - by, can)


def _mode(entity: Entity, wish: Wish) -> Change | None:
    """On or off, of what has modes."""
    modes = entity.capabilities[Attribute.MODE].options if _can(entity, Attribute.MODE) else ()
    if wish.verb in _TURNS_OFF or wish.verb is Verb.STOP:
        return {Attribute.MODE: "off"} if "off" in modes else {Attribute.ON: False}
    if wish.verb not in _TURNS_ON:
        return None
    running = next((each for each in ("heat", "auto", "cool", "heat_cool") if each in modes), "")
    return {Attribute.MODE: running} if running and "cool" not in modes else {Attribute.ON: True}


def _fan(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    if wish.verb is Verb.SWING:
        return {Attribute.OSCILLATING: not wish.ends}
    if wish.aspect not in (Aspect.NONE, Aspect.SPEED) or wish.unit in ("degrees", "kelvin", "minutes") or wish.colour:
        return None
    if wish.unit == "step":
        level = _SPEEDS.get(int(wish.number or 0))
        return {Attribute.SPEED: {"low": 33.0, "medium": 66.0, "high": 100.0}[level]} if level else None
    if wish.amount in ("low", "medium", "high"):
        return {Attribute.SPEED: {"low": 33.0, "medium": 66.0, "high": 100.0}[wish.amount]}
    levelled = _levelled(entity, Attribute.SPEED, wish, condition)
    return levelled or _named_option(entity, Attribute.PRESET, wish) or _switched(entity, wish, condition)


def _humidifier(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    if wish.aspect not in (Aspect.NONE, Aspect.HUMIDITY) or wish.unit in ("degrees", "kelvin"):
        return None
    target = _target(entity, wish, condition, 5.0)
    return {Attribute.TARGET: target} if target is not None else _switched(entity, wish, condition)


def _lock(_entity: Entity, wish: Wish, _condition: Condition) -> Change | None:
    if wish.verb in (Verb.UNLOCK, Verb.OPEN):
        return {Attribute.LOCKED: False}
    return {Attribute.LOCKED: True} if wish.verb is Verb.LOCK else None


def _player(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    if wish.aspect not in (Aspect.NONE, Aspect.VOLUME):
        return None
    percent = _percent(entity, Attribute.VOLUME, wish, condition)
    if percent is not None:
        return {Attribute.VOLUME: percent}
    if wish.verb in (Verb.STOP, Verb.RUN) and _can(entity, Attribute.PLAYING):
        return {Attribute.PLAYING: wish.verb is Verb.RUN}
    return _switched(entity, wish, condition)


def _number(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    can = entity.capabilities.get(Attribute.VALUE)
    if can is None or wish.colour or wish.tone:
        return None
    if wish.number is not None and not wish.by:
        return {Attribute.VALUE: wish.number}
    if wish.amount in ("most", "least"):
        bound = can.high if wish.amount == "most" else can.low
        return None if bound is None else {Attribute.VALUE: bound}
    if wish.verb not in (Verb.RAISE, Verb.LOWER):
        return None
    span = (can.high or 0) - (can.low or 0)
    by = wish.number if wish.number is not None else max(can.step or 1.0, round(span / 10))
    now = _number_of(condition, Attribute.VALUE, can.low or 0.0)
    return {Attribute.VALUE: _clamped(now + by if wish.verb is Verb.RAISE else now - by, can)}


def _select(entity: Entity, wish: Wish, _condition: Condition) -> Change | None:
    return _named_option(entity, Attribute.VALUE, wish)


def _press(_entity: Entity, wish: Wish, _condition: Condition) -> Change | None:
    if wish.number is not None or wish.verb not in (*_TURNS_ON, Verb.SET, Verb.NONE):
        return None
    return {Attribute.PRESSED: True}


def _switch(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    return _switched(entity, wish, condition)


def _vacuum(entity: Entity, wish: Wish, condition: Condition) -> Change | None:
    if wish.verb is Verb.DOCK:
        return {Attribute.ON: False}
    if wish.verb is Verb.STOP:
        modes = entity.capabilities[Attribute.MODE].options if _can(entity, Attribute.MODE) else ()
        stopped = next((each for each in modes if each.startswith(("pause", "stop", "idle"))), "")
        return {Attribute.MODE: stopped} if stopped else {Attribute.ON: False}
    return _switched(entity, wish, condition)


def _alarm(entity: Entity, wish: Wish, _condition: Condition) -> Change | None:
    modes = entity.capabilities[Attribute.MODE].options if _can(entity, Attribute.MODE) else ()
    if wish.verb in (Verb.DISARM, Verb.OFF, Verb.CLOSE):
        return {Attribute.MODE: "disarmed"}
    if wish.verb not in (Verb.ARM, Verb.ON, Verb.OPEN):
        return None
    armed = (each for each in ("armed_away", "armed_home", "armed_night") if each in modes)
    return {Attribute.MODE: next(armed, "armed_away")}


def _option(entity: Entity, mode: str) -> Change | None:
    """The option that a mode of the lexicon is, whatever the device keeps it in."""
    for attribute in (Attribute.MODE, Attribute.PRESET, Attribute.FAN_MODE, Attribute.VALUE, Attribute.EFFECT):
        if _can(entity, attribute) and (attribute is not Attribute.VALUE or entity.kind is Kind.SELECT):
            options = {each.casefold().replace(" ", "_"): each for each in entity.capabilities[attribute].options}
            for name in (mode, *_SAME.get(mode, ())):
                if name in options:
                    return {attribute: options[name]}
    return None


_SAME = {
    "boost": ("turbo", "strong", "max"),
    "auto": ("automatic", "schedule", "smart"),
    "quiet": ("silent", "sleep", "low"),
    "eco": ("energy_saving", "economy"),
    "dry": ("dehumidify",),
    "away": ("holiday", "vacation"),
    "sleep": ("night",),
    "night": ("sleep",),
}
"""Other names under which devices announce a mode."""


def _named_option(entity: Entity, attribute: Attribute, wish: Wish) -> Change | None:
    """The longest option that is said in so many words; "on" and "off" are no names."""
    if not _can(entity, attribute):
        return None
    said = f" {wish.said} "
    named = [
        each
        for each in entity.capabilities[attribute].options
        if (name := lexicon.plain(each)) not in ("on", "off", "") and (f" {name} " in said or _is_within(name, said))
    ]
    return {attribute: max(named, key=len)} if named else None


def _is_within(name: str, said: str) -> bool:
    return bool(lexicon.HAN.search(name)) and name in said


def _number_of(condition: Condition, attribute: Attribute, unknown: float) -> float:
    value = condition.get(attribute)
    return float(value) if isinstance(value, float | int) and not isinstance(value, bool) else unknown


def _clamped(value: float, can: Capability) -> float:
    low = value if can.low is None else max(value, can.low)
    return float(low if can.high is None else min(low, can.high))


_OF_KIND = {
    Kind.ALARM: _alarm,
    Kind.BUTTON: _press,
    Kind.CLIMATE: _climate,
    Kind.COVER: _cover,
    Kind.FAN: _fan,
    Kind.HUMIDIFIER: _humidifier,
    Kind.LIGHT: _light,
    Kind.LOCK: _lock,
    Kind.MEDIA_PLAYER: _player,
    Kind.NUMBER: _number,
    Kind.SCENE: _press,
    Kind.SELECT: _select,
    Kind.SIREN: _switch,
    Kind.SWITCH: _switch,
    Kind.VACUUM: _vacuum,
    Kind.VALVE: _valve,
    Kind.WATER_HEATER: _climate,
}
