"""A house of devices on a real broker: announced, commanded and told as Zigbee2MQTT, Tasmota and ESPHome do it."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from digital_life.values import Language

WAIT_S = 20.0
"""For anything; a machine that tests other things too is slow."""
STATUS = "homeassistant/status"


@dataclass(frozen=True, slots=True)
class Told:
    """A message that a device sends, so many seconds after what caused it."""

    topic: str
    payload: str
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A command that has arrived."""

    topic: str
    payload: str
    at: float
    """Monotonic seconds."""


class Device:
    """What all firmware has in common.

    A test may make it slow, deaf (a command arrives, and nothing is done) or mute (nothing is told of it).
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.slow_s = 0.0
        self.deaf = False
        self.mute = False
        self.announcements: dict[str, dict[str, Any]] = {}
        self.commands: tuple[str, ...] = ()
        self.availability = Told("", "")
        self.gone = ""
        """What its availability topic says when it is offline."""

    def told(self) -> tuple[Told, ...]:
        """How it is."""
        raise NotImplementedError

    def act(self, command: Seen) -> Sequence[Told]:
        """Do it; what is told of it then."""
        raise NotImplementedError


class Zigbee(Device):
    """A device behind Zigbee2MQTT: one JSON state, commands are parts of it."""

    def __init__(
        self,
        name: str,
        component: str,
        keys: Mapping[str, Any],
        state: Mapping[str, Any],
        *,
        area: str = "",
        **says: str,
    ) -> None:
        """`says`: states that follow from a command, as in lock_state for a lock."""
        super().__init__(name)
        address = f"0x{hash_of(name):016x}"
        base = f"zigbee2mqtt/{name}"
        self.state = dict(state)
        self._follows = says
        self._base = base
        self.commands = (f"{base}/set",)
        self.availability = Told(f"{base}/availability", '{"state":"online"}')
        self.gone = '{"state":"offline"}'
        self.announcements = {
            f"homeassistant/{component}/{address}/{component}/config": {
                "availability": [
                    {"topic": "zigbee2mqtt/bridge/state", "value_template": "{{ value_json.state }}"},
                    {"topic": f"{base}/availability", "value_template": "{{ value_json.state }}"},
                ],
                "availability_mode": "all",
                "device": {
                    "identifiers": [f"zigbee2mqtt_{address}"],
                    "manufacturer": "Aqara",
                    "model": "(a model)",
                    "name": name,
                    "via_device": "zigbee2mqtt_bridge_0x00124b0024c1d2e3",
                    **({"suggested_area": area} if area else {}),
                },
                "name": None,
                "object_id": name.lower().replace(" ", "_"),
                "origin": {"name": "Zigbee2MQTT", "sw": "2.7.1", "url": "https://www.zigbee2mqtt.io"},
                "state_topic": base,
                "unique_id": f"{address}_{component}_zigbee2mqtt",
                **{
                    key: value.replace("<base>", base) if isinstance(value, str) else value
                    for key, value in keys.items()
                },
            }
        }

    def told(self) -> tuple[Told, ...]:
        return (Told("zigbee2mqtt/bridge/state", '{"state":"online"}'), Told(self._base, json.dumps(self.state)))

    def act(self, command: Seen) -> Sequence[Told]:
        try:
            wished = json.loads(command.payload)
        except ValueError:
            wished = {"state": command.payload}
        if not isinstance(wished, dict):
            return ()
        if wished.get("state") == "TOGGLE":
            wished["state"] = "OFF" if self.state.get("state") == "ON" else "ON"
        if "brightness" in wished and "state" not in wished:
            wished["state"] = "ON"
        self.state.update(wished)
        for key, mode in (("color", "xy"), ("color_temp", "color_temp")):
            if key in wished:
                self.state["color_mode"] = mode
        for key, value in self._follows.items():
            self.state[key] = dict(each.split("=") for each in value.split()).get(self.state["state"], "")
        return self.told()[1:]


class Tasmota(Device):
    """A plug with Tasmota (SetOption19): abbreviated keys, the base topic as ~."""

    def __init__(self, name: str, topic: str) -> None:
        super().__init__(name)
        self.on = False
        self._topic = topic
        self.commands = (f"cmnd/{topic}/POWER",)
        self.availability = Told(f"tele/{topic}/LWT", "Online")
        self.gone = "Offline"
        self.announcements = {
            f"homeassistant/switch/{topic}_RL_1/config": {
                "name": name,
                "stat_t": "~STATE",
                "avty_t": "~LWT",
                "pl_avail": "Online",
                "pl_not_avail": "Offline",
                "cmd_t": f"cmnd/{topic}/POWER",
                "val_tpl": "{{value_json.POWER}}",
                "pl_off": "OFF",
                "pl_on": "ON",
                "uniq_id": f"{topic}_RL_1",
                "dev": {"ids": [topic], "name": name, "mdl": "Sonoff S26", "mf": "Tasmota", "sw": "14.3.0"},
                "~": f"tele/{topic}/",
            }
        }

    def told(self) -> tuple[Told, ...]:
        return (Told(f"tele/{self._topic}/STATE", json.dumps({"Time": "2026-11-21T10:05:00", "POWER": self._power})),)

    def act(self, command: Seen) -> Sequence[Told]:
        self.on = {"ON": True, "OFF": False, "1": True, "0": False}.get(command.payload, not self.on)
        result = Told(f"stat/{self._topic}/RESULT", json.dumps({"POWER": self._power}))
        return (result, Told(f"stat/{self._topic}/POWER", self._power), *self.told())

    @property
    def _power(self) -> str:
        return "ON" if self.on else "OFF"


class EspHome(Device):
    """One entity of a node with ESPHome: a topic each for every part of its state."""

    def __init__(self, name: str, node: str, component: str, keys: Mapping[str, Any], *, area: str = "") -> None:
        super().__init__(name)
        self.node = node
        self.base = f"{node}/{component}/{node}"
        self.availability = Told(f"{node}/status", "online")
        self.gone = "offline"
        self.announcements = {
            f"homeassistant/{component}/{node}/{node}/config": {
                "name": name,
                "stat_t": f"{self.base}/state",
                "cmd_t": f"{self.base}/command",
                "avty_t": f"{node}/status",
                "uniq_id": f"ESP{component}{node}",
                "dev": {
                    "ids": f"aabbcc{hash_of(node) % 0x1000000:06x}",
                    "name": name,
                    "sw": "esphome v2025.10.0",
                    "mdl": "esp32dev",
                    "mf": "Espressif",
                    **({"sa": area} if area else {}),
                },
                **{
                    key: value.replace("<base>", self.base) if isinstance(value, str) else value
                    for key, value in keys.items()
                },
            }
        }


class Blind(EspHome):
    """It travels for `travel_s`, and tells that it does."""

    def __init__(self, name: str, node: str, *, area: str = "") -> None:
        keys = {"dev_cla": "blind", "pos_t": "<base>/position/state", "set_pos_t": "<base>/position/command"}
        super().__init__(name, node, "cover", keys, area=area)
        self.position = 0
        self.travel_s = 0.3
        self.commands = (f"{self.base}/command", f"{self.base}/position/command")

    def told(self) -> tuple[Told, ...]:
        return (
            Told(f"{self.base}/state", "open" if self.position else "closed"),
            Told(f"{self.base}/position/state", str(self.position)),
        )

    def act(self, command: Seen) -> Sequence[Told]:
        if command.payload == "STOP":
            return self.told()
        there = {"OPEN": 100, "CLOSE": 0}.get(command.payload)
        there = int(float(command.payload)) if there is None else there
        way = "opening" if there > self.position else "closing"
        self.position = there
        arrived = (Told(each.topic, each.payload, self.travel_s) for each in self.told())
        return (Told(f"{self.base}/state", way), *arrived)


class Fan(EspHome):
    """On and off, three speeds, and it may swing."""

    def __init__(self, name: str, node: str, *, area: str = "") -> None:
        keys = {
            "osc_stat_t": "<base>/oscillation/state",
            "osc_cmd_t": "<base>/oscillation/command",
            "pct_stat_t": "<base>/speed_level/state",
            "pct_cmd_t": "<base>/speed_level/command",
            "spd_rng_max": 3,
        }
        super().__init__(name, node, "fan", keys, area=area)
        self.on = False
        self.level = 1
        self.swings = False
        self.commands = tuple(f"{self.base}/{part}command" for part in ("", "speed_level/", "oscillation/"))

    def told(self) -> tuple[Told, ...]:
        return (
            Told(f"{self.base}/state", "ON" if self.on else "OFF"),
            Told(f"{self.base}/speed_level/state", str(self.level)),
            Told(f"{self.base}/oscillation/state", "oscillate_on" if self.swings else "oscillate_off"),
        )

    def act(self, command: Seen) -> Sequence[Told]:
        if "/speed_level/" in command.topic:
            self.level = int(command.payload)
            self.on = self.level > 0
        elif "/oscillation/" in command.topic:
            self.swings = command.payload == "oscillate_on"
        else:
            self.on = command.payload == "ON"
        return self.told()


def lamp(name: str, *, area: str = "") -> Zigbee:
    keys = {
        "brightness": True,
        "brightness_scale": 254,
        "command_topic": "<base>/set",
        "schema": "json",
        "supported_color_modes": ["xy", "color_temp"],
        "min_mireds": 153,
        "max_mireds": 500,
    }
    state = {"state": "OFF", "brightness": 254, "color_mode": "color_temp", "color_temp": 370, "linkquality": 120}
    return Zigbee(name, "light", keys, state, area=area)


def lock(name: str) -> Zigbee:
    keys = {
        "command_topic": "<base>/set",
        "payload_lock": "LOCK",
        "payload_unlock": "UNLOCK",
        "state_locked": "locked",
        "state_unlocked": "unlocked",
        "value_template": "{{ value_json.lock_state }}",
    }
    state = {"state": "LOCK", "lock_state": "locked", "battery": 77}
    return Zigbee(name, "lock", keys, state, lock_state="LOCK=locked UNLOCK=unlocked")


def window(name: str, *, area: str = "") -> Zigbee:
    keys = {
        "device_class": "window",
        "payload_on": False,
        "payload_off": True,
        "value_template": "{{ value_json.contact }}",
    }
    return Zigbee(name, "binary_sensor", keys, {"contact": True, "battery": 100, "linkquality": 80}, area=area)


def thermometer(name: str, *, area: str = "") -> Zigbee:
    keys = {
        "device_class": "temperature",
        "state_class": "measurement",
        "unit_of_measurement": "°C",
        "value_template": "{{ value_json.temperature }}",
    }
    return Zigbee(name, "sensor", keys, {"temperature": 21.5, "humidity": 44.1, "battery": 90}, area=area)


def household(language: Language) -> tuple[Device, ...]:
    """The same devices in every house, called in its language."""
    if language == "zh":
        return (
            lamp("客厅灯", area="客厅"),
            Tasmota("咖啡机", "tasmota_2F4A1C"),
            Blind("卧室窗帘", "bedroom-blind", area="卧室"),
            Fan("书房风扇", "study-fan", area="书房"),
            lock("大门"),
            window("浴室窗户", area="浴室"),
            thermometer("楼上温度计", area="楼上"),
        )
    return (
        lamp("Living room lamp", area="Living room"),
        Tasmota("Coffee machine", "tasmota_2F4A1C"),
        Blind("Bedroom blind", "bedroom-blind", area="Bedroom"),
        Fan("Study fan", "study-fan", area="Study"),
        lock("Front door"),
        window("Bathroom window", area="Bathroom"),
        thermometer("Landing thermometer", area="Upstairs"),
    )


class House:
    """The devices, as one client of the broker in a thread of its own, from `with` to its end."""

    def __init__(self, port: int, devices: Sequence[Device] | None = None, *, language: Language = "en") -> None:
        self.port = port
        self.devices = tuple(household(language) if devices is None else devices)
        self._by_topic = {topic: each for each in self.devices for topic in each.commands}
        self.seen: list[Seen] = []
        """All commands that have arrived, those to the deaf included."""
        self._came = threading.Condition()
        self._announced = threading.Event()
        self._timers: list[threading.Timer] = []
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv311)
        self._client.on_connect = self._connected
        self._client.on_message = self._message
        self._client.reconnect_delay_set(1, 2)

    def __enter__(self) -> Self:
        self._client.connect("127.0.0.1", self.port, keepalive=30)
        self._client.loop_start()
        assert self._announced.wait(WAIT_S)
        return self

    def __exit__(self, *_exc: object) -> None:
        for each in self._timers:
            each.cancel()
            each.join()
        self._client.disconnect()
        self._client.loop_stop()

    def __getitem__(self, name: str) -> Device:
        return next(each for each in self.devices if each.name == name)

    def announce(self) -> None:
        """Say all: what there is, that it is there, and how it is."""
        for device in self.devices:
            for topic, says in device.announcements.items():
                self._send(Told(topic, json.dumps(says, ensure_ascii=False)))
            self._send(device.availability)
            for each in device.told():
                self._send(each)

    def remove(self, device: Device) -> None:
        for topic in device.announcements:
            self._send(Told(topic, ""))

    def offline(self, device: Device) -> None:
        self._send(Told(device.availability.topic, device.gone))

    def online(self, device: Device) -> None:
        self._send(device.availability)

    def tell(self, device: Device, **state: object) -> None:
        """Somebody was at the device itself."""
        assert isinstance(device, Zigbee)
        device.state.update(state)
        for each in device.told():
            self._send(each)

    def until(self, wanted: Callable[[Seen], bool], *, wait_s: float = WAIT_S) -> Seen:
        """The first command that is like that. It blocks: in a test that runs a loop, call it in a thread."""
        with self._came:
            assert self._came.wait_for(lambda: any(map(wanted, self.seen)), wait_s), f"it did not come: {self.seen}"
            return next(filter(wanted, self.seen))

    def _connected(self, client: paho.Client, *_rest: object) -> None:
        """Also after the broker was away; Home Assistant's birth has all announced again."""
        client.subscribe([(topic, 1) for topic in (*self._by_topic, STATUS)])
        self.announce()
        self._announced.set()

    def _message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        if message.topic == STATUS:
            self.announce()
            return
        seen = Seen(message.topic, message.payload.decode(errors="replace"), time.monotonic())
        with self._came:
            self.seen.append(seen)
            self._came.notify_all()
        device = self._by_topic[message.topic]
        if device.deaf:
            return
        for each in device.act(seen):
            if not device.mute:
                self._send(each, after_s=device.slow_s + each.after_s)

    def _send(self, told: Told, *, after_s: float = 0.0) -> None:
        if after_s:
            timer = threading.Timer(after_s, self._send, [Told(told.topic, told.payload)])
            self._timers.append(timer)
            timer.start()
        else:
            self._client.publish(told.topic, told.payload.encode(), qos=1, retain=True)


def hash_of(name: str) -> int:
    """The same in every run."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
