"""Somebody says what a device is to do: it is done on a real broker, told by the device itself, and then said aloud."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest
from daemon_process import IDLE, LISTENING, SPEAKING, Daemon, daemon, say, spoken
from soundcard import SoundCard
from test_daemon import transcript

from digital_life.values import Language
from fakes.house import House
from fakes.mosquitto import Mosquitto

TRIES = 5
"""On a busy machine a word is misheard now and then; a person says it again, too."""


@dataclass(frozen=True, slots=True)
class Room:
    """A house with the daemon in it, and somebody who speaks its language."""

    soundcard: SoundCard
    it: Daemon
    house: House
    language: Language
    folder: Path
    models: Path
    wake: Path

    def recording(self, *parts: Path | float) -> Path:
        return spoken(self.folder / "said.wav", *parts, 0.5)

    async def asks(self, text: str, *, after: int) -> int:
        """Say it after the wake word; the line behind which it is answered."""
        question = await asyncio.to_thread(say, text, self.folder / "question.wav")
        return await self.says(self.recording(self.wake, 0.6, question), after=after)

    async def says(self, sound: Path, *, after: int) -> int:
        """The line behind the answer, which is in `answer.wav`."""
        with self.soundcard.record(self.folder / "answer.wav"):
            await asyncio.to_thread(self.soundcard.play, sound)
            line = await self.it.until(SPEAKING, after=after)
            return await self.it.until(LISTENING, after=line)

    async def answer(self) -> str:
        """What a person hears."""
        return (await transcript(self.folder / "answer.wav", self.models, self.language)).lower()


def settings(broker: Mosquitto) -> tuple[str, ...]:
    return ("mqtt.enabled=true", "mqtt.name=home", f"mqtt.port={broker.port}", "conversation.follow_up_s=6")


@pytest.mark.parametrize(
    ("language", "request_", "device", "confirmed"),
    [
        ("en", "Turn on the living room lamp.", "Living room lamp", ("living room", " on")),
        ("zh", "打开客厅灯。", "客厅灯", ("开了",)),
    ],
)
async def test_a_lamp_is_turned_on_and_that_it_is_on_is_heard(
    soundcard: SoundCard,
    data_dir: Path,
    models_dir: Path,
    tmp_path: Path,
    language: Language,
    request_: str,
    device: str,
    confirmed: tuple[str, ...],
) -> None:
    with Mosquitto() as broker, House(broker.port, language=language) as house:
        async with daemon(soundcard.environment, tmp_path / "home", *settings(broker)) as it:
            wake = data_dir / "speech" / "hey_jarvis.wav"
            room = Room(soundcard, it, house, language, tmp_path, models_dir, wake)
            line = await it.until(IDLE)
            for _ in range(TRIES):
                line = await room.asks(request_, after=line)
                line = await it.until(IDLE, after=line)
                if house.seen:
                    break
            (command,) = house.seen
            assert command.topic == f"zigbee2mqtt/{device}/set"
            assert '"ON"' in command.payload
            heard = await room.answer()
            assert all(each in heard for each in confirmed), heard
            await it.stop()


async def test_a_door_is_unlocked_only_after_a_yes_and_a_silent_lamp_is_told_of(
    soundcard: SoundCard, data_dir: Path, models_dir: Path, tmp_path: Path
) -> None:
    with Mosquitto() as broker, House(broker.port, language="en") as house:
        async with daemon(soundcard.environment, tmp_path / "home", *settings(broker)) as it:
            wake = data_dir / "speech" / "hey_jarvis.wav"
            room = Room(soundcard, it, house, "en", tmp_path, models_dir, wake)
            yes = room.recording(await asyncio.to_thread(say, "Yes, please.", tmp_path / "yes.wav"))
            yes = yes.rename(tmp_path / "agreed.wav")
            line = await it.until(IDLE)
            for _ in range(TRIES):
                line = await room.asks("Can you unlock the front door?", after=line)
                assert not house.seen
                if "unlock" in await room.answer():
                    line = await room.says(yes, after=line)
                line = await it.until(IDLE, after=line)
                if house.seen:
                    break
            (command,) = house.seen
            assert (command.topic, command.payload) == ("zigbee2mqtt/Front door/set", "UNLOCK")
            assert "unlocked" in await room.answer()

            house["Living room lamp"].deaf = True
            for _ in range(TRIES):
                line = await room.asks("Turn on the living room lamp.", after=line)
                line = await it.until(IDLE, after=line)
                if len(house.seen) > 1:
                    break
            assert house.seen[1].topic == "zigbee2mqtt/Living room lamp/set"
            assert "not" in await room.answer()
            await it.stop()
