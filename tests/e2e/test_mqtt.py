"""The installed daemon on a real broker: seen, asked, commanded; and true again after whatever became of the broker."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from daemon_process import IDLE, LISTENING, MUTED, SPEAKING, WAIT_S, daemon
from soundcard import SoundCard
from test_daemon import transcript

from digital_life.devices.topics import Command, Topics
from fakes.mosquitto import Mosquitto, Peer

TOPICS = Topics("study")
SETTINGS = ("mqtt.enabled=true", "mqtt.name=study", "conversation.follow_up_s=2")
BACK_S = 10.0
"""So soon after the broker's return all must be told again."""


async def until(holds: Callable[[], bool], *, within_s: float = WAIT_S) -> None:
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.02)


def states(peer: Peer) -> list[str]:
    return [payload.decode() for payload in peer.payloads(TOPICS.state)]


def errors(peer: Peer) -> list[dict[str, Any]]:
    return [json.loads(payload) for payload in peer.payloads(TOPICS.error)]


async def comes(peer: Peer, *wanted: str, after: int) -> int:
    """Wait until these states were told one after another, others between them; how many there are then."""

    def come() -> bool:
        told = iter(states(peer)[after:])
        return all(each in told for each in wanted)

    await until(come)
    return len(states(peer))


async def flood(peer: Peer, count: int) -> None:
    """As fast as a busy machine sends them: so many at a time that none waits too long to be sent."""
    for first in range(0, count, 200):
        spam = (peer.publish(TOPICS.of(Command.SAY), f"spam {n}", qos=0) for n in range(first, first + 200))
        await asyncio.gather(*spam)


async def test_it_is_seen_asked_and_commanded(
    soundcard: SoundCard, english: Path, models_dir: Path, tmp_path: Path
) -> None:
    with Mosquitto() as broker:
        async with broker.peer() as peer:
            await peer.publish(TOPICS.of(Command.SAY), "This is old.", retain=True)
            await peer.subscribe(f"{TOPICS.base}/#", "homeassistant/#", "panel/#")
            settings = (*SETTINGS, f"mqtt.port={broker.port}")
            async with daemon(soundcard.environment, tmp_path / "home", *settings) as it:
                line = await it.until(IDLE)
                await peer.hears(TOPICS.availability, "online")
                await peer.hears(TOPICS.state, "idle")
                assert len(json.loads((await peer.hears(TOPICS.discovery)).payload)["components"]) == 13
                await until(lambda: errors(peer) == [{"command": "say", "problem": "retained"}])

                told = len(states(peer))
                await asyncio.to_thread(soundcard.play, english)
                await comes(peer, "listening", "thinking", "speaking", "listening", "idle", after=told)
                assert json.loads((await peer.hears(TOPICS.wake)).payload)["phrase"] == "hey_jarvis"
                metrics = json.loads((await peer.hears(TOPICS.metrics)).payload)
                assert metrics["latency_ms"] > 0
                assert not [each for each in peer.heard if b"France" in each.payload or b"Paris" in each.payload]
                line = await it.until(IDLE, after=line)

                await peer.publish(TOPICS.of(Command.MUTE), "ON")
                line = await it.until(MUTED, after=line)
                await peer.hears(TOPICS.mute, "ON")
                await peer.hears(TOPICS.state, "muted")
                await peer.publish(TOPICS.of(Command.MUTE), "OFF")
                line = await it.until(IDLE, after=line)

                with soundcard.record(tmp_path / "said.wav") as said:
                    await peer.publish(TOPICS.of(Command.SAY), "Dinner is ready in the kitchen.")
                    line = await it.until(SPEAKING, after=line)
                    line = await it.until(LISTENING, after=line)
                assert "dinner" in (await transcript(said, models_dir)).lower()
                line = await it.until(IDLE, after=line)

                question = "What is the capital of France?"
                await peer.publish(TOPICS.of(Command.ASK), question, answer_to="panel/answer", correlation=b"\x07panel")
                answer = await peer.hears("panel/answer", within_s=WAIT_S)
                assert answer.correlation == b"\x07panel"
                assert "Paris" in json.loads(answer.payload)["answer"]
                await peer.publish(TOPICS.of(Command.ASK), json.dumps({"text": "法国的首都是哪里？", "id": "7"}))
                answered = json.loads((await peer.hears(TOPICS.answer, within_s=WAIT_S)).payload)
                assert answered["id"] == "7"
                assert "巴黎" in answered["answer"]

                spoke, refused = it.has(SPEAKING, after=line), len(errors(peer))
                await flood(peer, 10_000)
                await asyncio.sleep(3)
                assert errors(peer)[refused:] == [{"command": "say", "problem": "too-many"}]
                assert it.has(SPEAKING, after=line) == spoke
                assert await it.stop() < 5
                await peer.hears(TOPICS.availability, "offline")


def bridged_to(centre: Mosquitto) -> tuple[str, ...]:
    """Lines of mosquitto.conf, as docs/scale.md has them."""
    return (
        "connection centre",
        f"address {centre.host}:{centre.port}",
        "bridge_protocol_version mqttv50",
        "notifications false",
        "restart_timeout 1",
        f"topic {TOPICS.base}/# both 1",
        f"topic {TOPICS.discovery} out 1",
    )


async def test_over_a_bridge_it_is_seen_and_commanded_from_another_broker_and_again_after_that_one_was_lost(
    soundcard: SoundCard, tmp_path: Path
) -> None:
    with Mosquitto() as centre, Mosquitto(settings=bridged_to(centre)) as house:
        settings = (*SETTINGS, f"mqtt.port={house.port}")
        async with daemon(soundcard.environment, tmp_path / "home", *settings) as it:
            line = await it.until(IDLE)
            for _ in range(2):
                async with centre.peer() as peer:
                    await peer.subscribe(f"{TOPICS.base}/#", "homeassistant/#", "panel/#")
                    await peer.hears(TOPICS.availability, "online", within_s=BACK_S)
                    assert (
                        len(json.loads((await peer.hears(TOPICS.discovery, within_s=BACK_S)).payload)["components"])
                        == 13
                    )
                    await peer.publish(TOPICS.of(Command.MUTE), "ON")
                    line = await it.until(MUTED, after=line)
                    await peer.hears(TOPICS.state, "muted")
                    await peer.publish(TOPICS.of(Command.MUTE), "OFF")
                    line = await it.until(IDLE, after=line)
                    await peer.publish(TOPICS.of(Command.ASK), '{"text": "What is the capital of France?", "id": "9"}')
                    answered = json.loads((await peer.hears(TOPICS.answer, within_s=WAIT_S)).payload)
                    assert answered["id"] == "9"
                    assert "Paris" in answered["answer"]
                centre.kill()
                centre.start()
            async with centre.peer() as peer:
                await peer.subscribe(f"{TOPICS.base}/#")
                await peer.hears(TOPICS.availability, "online", within_s=BACK_S)
                os.kill(it.pid, signal.SIGKILL)
                await peer.hears(TOPICS.availability, "offline")


async def test_after_the_broker_was_killed_in_the_middle_of_a_turn_its_states_are_right(
    soundcard: SoundCard, tmp_path: Path
) -> None:
    """And the broker, which has forgotten everything, knows when the daemon was killed too."""
    with Mosquitto() as broker:
        settings = (*SETTINGS, f"mqtt.port={broker.port}")
        async with daemon(soundcard.environment, tmp_path / "home", *settings) as it:
            line = await it.until(IDLE)
            it.type("Explain how a bicycle works, in three sentences.")
            line = await it.until(SPEAKING, after=line)
            broker.kill()
            line = await it.until(IDLE, after=line)
            broker.start()
            async with broker.peer() as peer:
                await peer.subscribe(f"{TOPICS.base}/#", "homeassistant/#")
                await peer.hears(TOPICS.availability, "online", within_s=BACK_S)
                await peer.hears(TOPICS.discovery, within_s=BACK_S)
                await until(lambda: states(peer)[-1:] == ["idle"], within_s=BACK_S)
                await peer.publish(TOPICS.of(Command.MUTE), "ON")
                await it.until(MUTED, after=line)
                os.kill(it.pid, signal.SIGKILL)
                await peer.hears(TOPICS.availability, "offline")
