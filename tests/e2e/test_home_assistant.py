"""The installed daemon as a device of a real Home Assistant, over a real broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import pytest
from daemon_process import IDLE, MUTED, PROGRAM, SPEAKING, daemon, load
from soundcard import SoundCard

from fakes.home_assistant import UNAVAILABLE, HomeAssistant, NoPython, home_assistant
from fakes.mosquitto import Mosquitto

PERSONAS = '[[personas]]\nname = "Ada"\n'
STATE = "sensor.digital_life_study_state"
MOOD = "sensor.digital_life_study_mood"
LATENCY = "sensor.digital_life_study_last_latency"
WOKEN = "event.digital_life_study_wake_word"
RUNG = "event.digital_life_study_reminder"
PROBLEM = "binary_sensor.digital_life_study_problem"
MUTE = "switch.digital_life_study_mute_microphone"
VOLUME = "number.digital_life_study_volume"
PERSONA = "select.digital_life_study_persona"
SAY = "text.digital_life_study_say"
ANNOUNCE = "notify.digital_life_study_announce"
STOP = "button.digital_life_study_stop"
WRITE_DIARY = "button.digital_life_study_write_diary"
ENTITIES = {
    *(STATE, MOOD, LATENCY, WOKEN, RUNG, PROBLEM, MUTE, VOLUME, PERSONA, SAY, ANNOUNCE, STOP, WRITE_DIARY),
}
SETTINGS = ("mqtt.enabled=true", "mqtt.name=study", "conversation.follow_up_s=2")
LONG = "One, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen."
DIARY_S = 180.0
"""The smallest model on a busy machine."""


@pytest.fixture
async def peers(tmp_path: Path) -> AsyncGenerator[tuple[Mosquitto, HomeAssistant]]:
    home = tmp_path / "home"
    home.mkdir()
    (home / "digital-life.toml").write_text(PERSONAS, encoding="utf-8")
    with Mosquitto() as broker:
        try:
            async with home_assistant(tmp_path / "peer", mqtt_port=broker.port) as it:
                yield broker, it
        except NoPython as reason:
            pytest.skip(str(reason))


async def test_it_is_one_device_that_tells_what_it_does_is_controlled_and_can_be_forgotten(
    peers: tuple[Mosquitto, HomeAssistant], soundcard: SoundCard, english: Path, tmp_path: Path
) -> None:
    broker, it = peers
    async with daemon(soundcard.environment, tmp_path / "home", *SETTINGS, f"mqtt.port={broker.port}") as companion:
        line = await companion.until(IDLE)
        await it.until(STATE, "idle")
        assert await it.entities() == ENTITIES
        device = await it.device(STATE)
        assert device.entities == ENTITIES
        assert (device.name, device.manufacturer) == ("Digital Life study", "Digital Life")
        await it.until(PROBLEM, "off")

        await it.call("switch.turn_on", MUTE)
        line = await companion.until(MUTED, after=line)
        await it.until(MUTE, "on")
        await it.until(STATE, "muted")
        await it.call("switch.turn_off", MUTE)
        line = await companion.until(IDLE, after=line)
        await it.until(MUTE, "off")
        await it.until(STATE, "idle")

        await asyncio.to_thread(soundcard.play, english)
        await it.until(WOKEN, lambda event: event.attributes.get("phrase") == "hey_jarvis")
        line = await companion.until(SPEAKING, after=line)
        await it.until(LATENCY, lambda latency: latency.value.replace(".", "").isdigit())
        line = await companion.until(IDLE, after=line)

        await it.call("number.set_value", VOLUME, value=40)
        await it.until(VOLUME, lambda volume: float(volume.value) == 40)
        assert (await it.until(PERSONA)).attributes["options"] == ["Jarvis", "Ada"]
        await it.call("select.select_option", PERSONA, option="Ada")
        await it.until(PERSONA, "Ada")

        for action, entity, key in (("text.set_value", SAY, "value"), ("notify.send_message", ANNOUNCE, "message")):
            with soundcard.record(tmp_path / "said.wav") as said:
                await it.call(action, entity, **{key: "Dinner is ready."})
                line = await companion.until(SPEAKING, after=line)
                line = await companion.until(IDLE, after=line)
            assert np.abs(load(said)).max() > 0.02

        await it.call("notify.send_message", ANNOUNCE, message=LONG)
        line = await companion.until(SPEAKING, after=line)
        await it.until(STATE, "speaking")
        await it.call("button.press", STOP)
        line = await companion.until("[", after=line, wait_s=3)

        async with broker.peer() as ears:
            await ears.subscribe("digital-life/study/diary")
            await it.call("button.press", WRITE_DIARY)
            await ears.hears("digital-life/study/diary", within_s=DIARY_S)
        await companion.stop()
    await forget(broker, tmp_path / "home")
    await it.until_gone(STATE)
    assert await it.entities() == set()
    assert it.complaints == []


async def forget(broker: Mosquitto, home: Path) -> None:
    settings = ("--set", "mqtt.enabled=true", "--set", "mqtt.name=study", "--set", f"mqtt.port={broker.port}")
    process = await asyncio.create_subprocess_exec(
        str(PROGRAM), "--home", str(home), *settings, "mqtt", "forget", stdout=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0


async def test_after_any_of_them_was_restarted_all_is_there_again_and_it_can_be_taken_out(
    peers: tuple[Mosquitto, HomeAssistant], soundcard: SoundCard, tmp_path: Path
) -> None:
    broker, it = peers
    settings = (*SETTINGS, f"mqtt.port={broker.port}")
    async with daemon(soundcard.environment, tmp_path / "home", *settings) as companion:
        await companion.until(IDLE)
        await it.until(STATE, "idle")
        await it.restart()
        await it.until(STATE, "idle")
        assert await it.entities() == ENTITIES

        broker.stop()
        await it.until(STATE, UNAVAILABLE)
        broker.start()  # it has forgotten all that it kept
        await it.until(STATE, "idle")
        await it.until(MUTE, "off")
        assert await it.entities() == ENTITIES

        await companion.stop()
        for entity in ENTITIES - {SAY, ANNOUNCE}:
            await it.until(entity, UNAVAILABLE)

    async with daemon(soundcard.environment, tmp_path / "home", *settings, "mqtt.home_assistant=false") as companion:
        await it.until_gone(STATE, within_s=60)
        assert await it.entities() == set()
        await companion.until(IDLE)
        await companion.stop()
    assert it.complaints == []
