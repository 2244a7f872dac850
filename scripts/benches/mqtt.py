"""`scripts/bench mqtt`: how soon a lost broker is found again, what 200 losses cost, a cut network, a flood, a message.

The broker is Debian's mosquitto on this machine. The pauses between attempts are those of the daemon, except in the row
of 200, where they are short: what one costs is the same.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack

import psutil

from benches import report
from benches.figures import Figure, percentile, spread
from digital_life import config
from digital_life.backends import mqtt
from digital_life.clock import SystemClock
from digital_life.ports import Connection
from digital_life.values import Published
from fakes.elsewhere import Elsewhere
from fakes.mosquitto import HOST, Mosquitto, Peer

WILL = Published.text("life/availability", "offline", qos=1, retain=True)
RETURN_S = 10.0
"""Within which a broker that is back must be found."""
SEEN_MS = 50.0
LAG_MS = 20.0
FLOOD = 10_000
WARM = 40
"""Reconnections after which memory is looked at first."""


async def measure(profile: str, *, quick: bool) -> list[Figure]:
    """Which models there are is no matter."""
    del profile
    logging.getLogger("digital_life").setLevel(logging.ERROR)  # it is told often enough that the broker is gone
    figures = []
    for name, part in (
        ("a message", seen(100 if quick else 500)),
        ("a flood", flood()),
        ("reconnections", many(WARM + 20 if quick else 200)),
        ("the broker's return", returns((2.0, 6.0) if quick else (0.5, 1, 2, 3, 4, 6, 8, 10, 12, 15, 20, 30))),
        ("a cut network", cut(15.0 if quick else 60.0)),
    ):
        print(f"bench: {name}", file=sys.stderr, flush=True)
        figures += await part
    return figures


async def seen(messages: int) -> list[Figure]:
    """From `publish` to who hears it, and from who says something to `hear`."""
    out: list[float] = []
    back: list[float] = []
    heard: list[Published] = []
    with Mosquitto() as mosquitto:
        async with connected_to(mosquitto) as connection, mosquitto.peer() as peer:
            await peer.subscribe("life/state")
            connection.subscribe("life/say/set", heard.append)
            await until(lambda: connection.connected)
            for number in range(messages):
                began = time.perf_counter()
                connection.publish(Published.text("life/state", str(number), qos=1))
                await until(lambda: peer.heard)
                out.append((time.perf_counter() - began) * 1000)
                began = time.perf_counter()
                await said(peer, str(number), until_heard=heard)
                back.append((time.perf_counter() - began) * 1000)
                peer.heard.clear()
                heard.clear()
    return [
        spread("published until it is seen", out, "ms", budget=SEEN_MS),
        spread("commanded until it is heard", back, "ms", budget=SEEN_MS),
    ]


async def said(peer: Peer, text: str, *, until_heard: list[Published]) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(peer.publish("life/say/set", text), name="bench.say")
        await until(lambda: until_heard)


async def flood() -> list[Figure]:
    figures = []
    with Mosquitto(settings=["max_queued_messages 20000"]) as mosquitto:
        async with connected_to(mosquitto) as connection:
            heard: list[float] = []
            connection.subscribe("life/say/set", lambda _: heard.append(time.perf_counter()))
            await until(lambda: connection.connected)
            for qos in (0, 1):
                heard.clear()
                late = await late_in_flood(mosquitto, qos, heard)
                took = f"{len(heard)} of {FLOOD} heard in {heard[-1] - heard[0]:.2g} s"
                waited, worked = zip(*late, strict=True)
                name = f"flood of {FLOOD}, QoS {qos}"
                figures += [
                    spread(f"{name}: the loop is late", waited, "ms", budget=LAG_MS, note=took),
                    Figure(f"{name}: the loop is late, 99th", percentile(waited, 0.99), "ms", note="of the clock"),
                    Figure(f"{name}: of that its own work, 99th", percentile(worked, 0.99), "ms", budget=LAG_MS),
                ]
    return figures


async def late_in_flood(mosquitto: Mosquitto, qos: int, heard: Sequence[float]) -> list[tuple[float, float]]:
    """Milliseconds by which a task that sleeps 5 ms wakes too late, and how much of the processor the loop took then.

    The broker and who floods it want the same processors: the first tells of all, the second of the daemon alone.
    """
    late: list[tuple[float, float]] = []
    flooding = await asyncio.create_subprocess_exec(
        *("mosquitto_pub", "-p", str(mosquitto.port), "-t", "life/say/set", "-q", str(qos), "-l"),
        stdin=asyncio.subprocess.PIPE,
    )
    assert flooding.stdin  # noqa: S101 - it was asked for
    flooding.stdin.write(b"".join(b"%d\n" % number for number in range(FLOOD)))
    flooding.stdin.close()
    until_s = time.monotonic() + 30
    while len(heard) < FLOOD and time.monotonic() < until_s:
        began, worked = time.perf_counter(), time.thread_time()
        await asyncio.sleep(0.005)
        waited = time.perf_counter() - began - 0.005
        late.append((waited * 1000, min(waited, time.thread_time() - worked) * 1000))
    await flooding.wait()
    return late


async def many(times: int) -> list[Figure]:
    """The broker is killed and started so often."""
    process, levels = psutil.Process(), []
    first_s, settled_s = mqtt.FIRST_S, mqtt.SETTLED_S
    mqtt.FIRST_S, mqtt.SETTLED_S = 0.02, 0.0
    try:
        with Mosquitto() as mosquitto:
            async with connected_to(mosquitto) as connection:
                for number in range(times):
                    await until(lambda: connection.connected)
                    mosquitto.kill()
                    await until(lambda: not connection.connected)
                    mosquitto.start()
                    if number + 1 in (WARM, times):
                        await until(lambda: connection.connected)
                        gc.collect()
                        levels.append((process.memory_info().rss / 1e6, process.num_fds(), len(asyncio.all_tasks())))
    finally:
        mqtt.FIRST_S, mqtt.SETTLED_S = first_s, settled_s
    memory, files, tasks = (after - before for before, after in zip(*levels, strict=True))
    note = f"from the {WARM}th to the {times}th"
    return [
        Figure(f"{times} reconnections: memory", memory, "MB", budget=2.0, note=note),
        Figure(f"{times} reconnections: open files", files, "", budget=0, note=note),
        Figure(f"{times} reconnections: tasks", tasks, "", budget=0, note=note),
    ]


async def returns(away_s: Sequence[float]) -> list[Figure]:
    """The broker is killed, and comes back so many seconds later."""
    took = []
    with Mosquitto() as mosquitto:
        async with connected_to(mosquitto) as connection:
            for seconds in away_s:
                await until(lambda: connection.connected)
                mosquitto.kill()
                await asyncio.sleep(seconds + random.random())  # noqa: S311 - no moment of the pauses is chosen
                mosquitto.start()
                took.append(await until(lambda: connection.connected))
    found = f"killed and back after {min(away_s):g} to {max(away_s):g} s"
    return [
        spread("found again after the broker's return", took, "s", budget=RETURN_S, note=found),
        Figure("found again, the slowest", max(took), "s", budget=RETURN_S, note=f"n={len(took)}"),
    ]


async def cut(seconds: float) -> list[Figure]:
    """Not the broker but the network is gone: nobody is told anything."""
    with ExitStack() as parts:
        try:
            elsewhere = parts.enter_context(Elsewhere())
        except OSError as error:
            print(f"bench: no namespaces of the network here: {error}", file=sys.stderr)
            return []
        mosquitto = parts.enter_context(Mosquitto(host=elsewhere.host, prefix=elsewhere.prefix))
        async with connected_to(mosquitto, host=elsewhere.host) as connection:
            await until(lambda: connection.connected)
            elsewhere.pull()
            noticed = await until(lambda: not connection.connected)
            connection.publish(Published.text("life/state", "idle", retain=True))
            await asyncio.sleep(seconds - noticed)
            elsewhere.plug()
            back = await until(lambda: connection.connected)
            async with mosquitto.peer() as peer:
                await peer.subscribe("life/state")
                await peer.hears("life/state", "idle")
    return [
        Figure(f"network cut for {seconds:g} s: noticed after", noticed, "s"),
        Figure(f"network cut for {seconds:g} s: found again after", back, "s", budget=RETURN_S),
    ]


def connected_to(mosquitto: Mosquitto, *, host: str = HOST) -> AbstractAsyncContextManager[Connection]:
    settings = config.Mqtt(host=host, port=mosquitto.port)
    return mqtt.open_connection(settings, clock=SystemClock(), will=WILL, client_id="bench")


async def until(true: Callable[[], object]) -> float:
    """Seconds until it was."""
    began = time.monotonic()
    while not true():  # noqa: ASYNC110 - what it is waited for tells nobody
        await asyncio.sleep(0.001)
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(report.command("mqtt", measure))
