"""`scripts/bench devices`: how soon a command is at the device, over a real broker, and how soon the home is known."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sys
import time
from collections.abc import AsyncGenerator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager

import psutil

from benches import report
from benches.figures import Figure, spread
from digital_life import config
from digital_life.backends.mqtt import open_connection
from digital_life.clock import SystemClock
from digital_life.devices.control import Came, Control
from digital_life.devices.entity import Attribute
from digital_life.devices.home import Home
from digital_life.devices.topics import Topics
from digital_life.values import Published
from fakes.house import Device, House, lamp
from fakes.mosquitto import Mosquitto

COMMAND_MS = 50.0
"""From the command to the device that is told, by the median."""
LAMPS = 20
"""That are commanded in turn."""
MANY = 300
"""Entities of a large house."""
MOST = 1_000
WAIT_S = 60.0


def main() -> int:
    return report.command("devices", measure)


async def measure(profile: str, *, quick: bool) -> list[Figure]:  # noqa: ARG001 - no model is asked
    with Mosquitto() as broker:
        progress("commands")
        arrived, confirmed = await commands(broker, 50 if quick else 400)
        progress("a large house becomes known")
        known = [await becoming_known(broker) for _ in range(1 if quick else 5)]
    progress("memory")
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        megabytes, decoding = pool.submit(full_home, MOST).result()
    return [
        spread("command to the device", arrived, "ms", budget=COMMAND_MS),
        spread("command to its confirmation", confirmed, "ms"),
        spread(f"from the start until {MANY} entities are known", known, "s"),
        Figure(f"memory of {MOST} entities", megabytes, "MB"),
        spread("a state is taken in", decoding, "ms"),
    ]


async def commands(broker: Mosquitto, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds until each has arrived, and until it was confirmed."""
    arrived, confirmed = [], []
    with House(broker.port, [lamp(f"Lamp {n}") for n in range(LAMPS)]) as house:
        async with at_home(broker, entities=LAMPS) as control:
            for number in range(count):
                entity = control.entities[number % LAMPS]
                # Another value each time: what is so already would count as confirmed at once.
                change = {Attribute.ON: True, Attribute.BRIGHTNESS: 10.0 + 8 * (number // LAMPS % 11)}
                began = time.monotonic()
                (result,) = await control.carry_out([(entity, change)], cause="bench")
                confirmed.append((time.monotonic() - began) * 1000)
                if result.came is not Came.DONE:
                    raise RuntimeError(result.came)
                topic = f"zigbee2mqtt/{entity.title}/set"
                seen = await asyncio.to_thread(house.until, lambda each: each.topic == topic and each.at > began)  # noqa: B023
                arrived.append((seen.at - began) * 1000)
        empty(house)
    return arrived, confirmed


async def becoming_known(broker: Mosquitto) -> float:
    """Seconds; the broker has kept what each announced, and how it is."""
    with House(broker.port, [lamp(f"Lamp {n}", area=f"Room {n % 12}") for n in range(MANY)]) as house:
        await asyncio.sleep(1)
        began = time.monotonic()
        async with at_home(broker, entities=MANY):
            seconds = time.monotonic() - began
        empty(house)
    return seconds


@asynccontextmanager
async def at_home(broker: Mosquitto, *, entities: int) -> AsyncGenerator[Control]:
    """When so many are there, and it is known how each is."""
    settings, clock = config.Mqtt(enabled=True, port=broker.port), SystemClock()
    async with open_connection(settings, clock=clock, will=None, client_id="bench") as connection:
        control = Control(connection, clock=clock, settings=config.Devices(cooldown_s=0), home=Home())
        with control.listening(Topics("bench").announcements):
            async with asyncio.timeout(WAIT_S):
                while not is_known(control, entities):  # noqa: ASYNC110 - it looks from outside
                    await asyncio.sleep(0.005)
            yield control


def is_known(control: Control, entities: int) -> bool:
    return len(control.entities) >= entities and all(map(control.condition, control.entities))


def empty(house: House) -> None:
    for each in house.devices:
        house.remove(each)


def full_home(count: int) -> tuple[float, list[float]]:
    """Megabytes that so many entities take, and the milliseconds that the state of each takes."""
    lamps: list[Device] = [lamp(f"Lamp {n}", area=f"Room {n % 12}") for n in range(count)]
    said = [(topic, json.dumps(keys).encode()) for each in lamps for topic, keys in each.announcements.items()]
    told = [Published.text(each.topic, each.payload) for device in lamps for each in device.told()]
    home, process = Home(), psutil.Process()
    home.announced(*said[0])
    before = process.memory_info().rss
    for topic, payload in said:
        home.announced(topic, payload)
    taken = []
    for message in told:
        if message.topic != "zigbee2mqtt/bridge/state":
            began = time.perf_counter()
            home.told(message)
            taken.append((time.perf_counter() - began) * 1000)
    if len(home.entities) != count:
        raise RuntimeError(f"{len(home.entities)} of {count} were taken in")
    return (process.memory_info().rss - before) / 1e6, taken


def progress(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
