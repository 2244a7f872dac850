"""An ESPHome voice device is the microphone, the loudspeaker and the lamp of its room."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field

import numpy as np
import pytest
from aioesphomeapi.model import MediaPlayerCommand, VoiceAssistantCommandFlag, VoiceAssistantFeature

from digital_life.backends import esphome_link, livesound
from digital_life.backends.esphome import PRESSED, Form, Found, WakeWord, open_voice_device, visit_voice_device
from digital_life.clock import SystemClock
from digital_life.errors import ConfigError, SoundError
from digital_life.ports import RoomDevice
from digital_life.values import FRAME, RATE, AudioFrame, Speech, State
from fakes.voice_device import ANNOUNCES, HEARS, KEY, OTHER_KEY, SPEAKER, Device, running

WAIT_S = 5.0
HERE = "127.0.0.1"
TONE = Speech((np.sin(np.arange(4_800) / 20) * 8_000).astype(np.int16).tobytes(), 24_000)
"""0.2 s, at the rate of a device that wants no other."""


@dataclass
class Room:
    device: Device
    room: RoomDevice
    frames: list[AudioFrame] = field(default_factory=list)
    error: SoundError | None = None

    @property
    def heard(self) -> bytes:
        return b"".join(each.pcm for each in self.frames)

    @property
    def woken(self) -> list[str]:
        return [each.woken for each in self.frames if each.woken]

    async def listen(self) -> None:
        try:
            async with aclosing(self.room.frames()) as frames:
                async for frame in frames:
                    self.frames.append(frame)
        except SoundError as error:
            self.error = error

    async def wakes(self) -> None:
        self.device.wake()
        await until(lambda: bool(self.woken))
        self.room.show(State.LISTENING)

    async def understands(self) -> None:
        await self.wakes()
        self.room.show(State.THINKING)
        await until(lambda: "INTENT_START" in self.device.told)


async def until(held: object) -> None:
    assert callable(held)
    async with asyncio.timeout(WAIT_S):
        while not held():
            await asyncio.sleep(0.002)


@asynccontextmanager
async def listening(device: Device | None = None, *, follow_up: bool = True) -> AsyncGenerator[Room]:
    async with (
        running(device) as there,
        open_voice_device(HERE, there.port, key=there.key, clock=SystemClock(), follow_up=follow_up) as opened,
    ):
        room = Room(there, opened)
        hearing = asyncio.create_task(room.listen(), name="test.hearing")
        try:
            await until(lambda: there.listens.is_set() and room.frames)
            yield room
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError):
                await hearing


def samples(wav: bytes) -> bytes:
    """Without the silence around them."""
    return wav[44:].strip(b"\0")


# What is there.


@pytest.mark.parametrize("key", ["", KEY])
async def test_a_device_says_what_it_is(key: str) -> None:
    async with running(Device(key=key, forms=(("flac", 48_000, 1),))) as device:
        found = await visit_voice_device(HERE, device.port, key=key, clock=SystemClock())
    assert (found.called, found.model, found.version) == ("Kitchen", "Voice PE", "25.1.0")
    assert found.hears
    assert found.announces
    assert found.converses
    assert not found.speaker
    assert not found.taken
    assert found.wake_words == (
        WakeWord("hey jarvis", ("en",), active=True),
        WakeWord("okay nabu", ("en",), active=False),
    )
    assert found.form == Form("flac", 48_000, 1)


async def test_a_device_that_another_listens_to_is_found_taken() -> None:
    async with running(Device(taken=True)) as device:
        found = await visit_voice_device(HERE, device.port, clock=SystemClock())
    assert found.taken
    assert not found.wake_words


@pytest.mark.parametrize(
    ("device", "key", "error"),
    [
        (Device(key=KEY), "", "esphome-key-missing"),
        (Device(key=KEY), OTHER_KEY, "esphome-key-wrong"),
        (Device(key=KEY), "a word", "esphome-key-wrong"),
        (Device(), KEY, "esphome-key-unwanted"),
        (Device(features=0), "", "esphome-no-voice"),
    ],
)
async def test_what_cannot_be_is_told_with_what_to_do(device: Device, key: str, error: str) -> None:
    async with running(device) as there:
        with pytest.raises(SoundError) as caught:
            await visit_voice_device(HERE, there.port, key=key, clock=SystemClock())
    assert caught.value.key == error
    assert HERE in caught.value.sentence("en")
    assert HERE in caught.value.sentence("zh")


async def test_a_device_whose_sound_would_come_elsewhere_is_too_old() -> None:
    async with (
        running(Device(features=int(VoiceAssistantFeature.VOICE_ASSISTANT))) as device,
        open_voice_device(HERE, device.port, clock=SystemClock()) as room,
    ):
        with pytest.raises(SoundError) as caught:
            await anext(room.frames())
    assert caught.value.key == "esphome-old"


async def test_where_nothing_answers_this_is_told() -> None:
    async with running() as device:
        port = device.port
    with pytest.raises(SoundError) as caught:
        await visit_voice_device(HERE, port, clock=SystemClock())
    assert caught.value.key == "esphome-refused"


async def test_a_name_that_nobody_knows_is_told() -> None:
    with pytest.raises(SoundError) as caught:
        await visit_voice_device("nowhere.invalid", clock=SystemClock())
    assert caught.value.key == "esphome-unknown-name"


async def test_without_its_package_it_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "digital_life.backends.esphome_link", None)
    with pytest.raises(ConfigError) as caught:
        async with open_voice_device(HERE, clock=SystemClock()):
            pass
    assert caught.value.key == "esphome-missing"


@pytest.mark.parametrize(
    ("forms", "form"),
    [
        ((), Form("flac", 48_000, 1)),
        ((("mp3", 44_100, 2), ("flac", 48_000, 2)), Form("flac", 48_000, 2)),
        ((("wav", 0, 0),), Form("wav", 48_000, 1)),
        ((("opus", 48_000, 1),), Form("flac", 48_000, 1)),
        ((("wav", 16_000, 6),), Form("wav", 16_000, 2)),
    ],
)
def test_the_first_form_that_can_be_made_is_taken(forms: tuple[tuple[str, int, int], ...], form: Form) -> None:
    assert Found(forms=forms).form == form


# What it hears.


async def test_there_is_silence_before_the_wake_word() -> None:
    async with listening() as room:
        room.device.speak(b"\1\0" * FRAME)  # nobody asked for it
        await until(lambda: len(room.frames) > 2)
    assert not any(room.heard)
    assert [each.position for each in room.frames] == [FRAME * number for number in range(len(room.frames))]


async def test_after_the_wake_word_all_that_is_said_comes() -> None:
    said = np.arange(1, 4 * FRAME + 1, dtype=np.int16).tobytes()
    async with listening() as room:
        await room.wakes()
        room.device.speak(said)
        await until(lambda: said in room.heard)
        assert room.woken == ["hey jarvis"]
        assert room.device.told == ["RUN_START", "STT_START"]


async def test_a_button_wakes_too() -> None:
    async with listening() as room:
        room.device.wake("")
        await until(lambda: bool(room.woken))
    assert room.woken == [PRESSED]


async def test_a_device_that_looks_for_no_wake_word_sends_what_is_searched_here() -> None:
    async with listening() as room:
        room.device.wake("", flags=VoiceAssistantCommandFlag.USE_WAKE_WORD)
        room.room.show(State.IDLE)
        await until(lambda: "STT_START" in room.device.told)
        room.device.speak(b"\1\0" * FRAME)
        await until(lambda: any(room.heard))
        assert not room.woken
        room.room.show(State.LISTENING)
        await until(lambda: "WAKE_WORD_END" in room.device.told)
        assert "RUN_END" not in room.device.told


async def test_who_gives_up_is_heard_no_longer() -> None:
    async with listening() as room:
        await room.wakes()
        room.device.give_up()
        await asyncio.sleep(0.05)
        room.device.speak(b"\1\0" * FRAME)
        count = len(room.frames)
        await until(lambda: len(room.frames) > count + 2)
    assert not any(room.heard)


async def test_it_stops_sending_when_what_was_said_is_understood() -> None:
    async with listening() as room:
        await room.understands()
        assert room.device.told[-2:] == ["STT_VAD_END", "INTENT_START"]
        assert not room.device.streams


async def test_it_stops_sending_when_nobody_listens_any_more() -> None:
    async with listening() as room:
        await room.wakes()
        room.room.show(State.IDLE)
        await until(lambda: room.device.told[-1] == "RUN_END")
        assert not room.device.streams


async def test_a_device_that_tells_no_wake_word_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    async with listening(Device(taken=True)) as room:
        room.device.call.hang_up()
        await until(lambda: room.error is not None)
        assert room.error
        assert room.error.key == "esphome-lost"
        again = asyncio.create_task(room.listen())
        await until(lambda: room.device.called == 2 and room.device.listens.is_set())
        again.cancel()
        with suppress(asyncio.CancelledError):
            await again
    assert [each.message.count("Home Assistant") for each in caplog.records if each.levelname == "WARNING"] == [1]


# What it says.


async def test_sentences_follow_each_other_in_one_sound() -> None:
    began: list[int] = []
    async with listening() as room:
        await room.understands()
        heard = [await room.room.play(TONE, started=lambda: began.append(len(room.device.played))) for _ in range(2)]
        room.room.show(State.LISTENING)
        await until(lambda: room.device.told[-1] == "STT_START")
    assert heard == [TONE.seconds, TONE.seconds]
    assert began == [0, 0]
    [wav] = room.device.played
    first, second = wav.find(TONE.pcm[2:-2]), wav.rfind(TONE.pcm[2:-2])
    assert 0 < first < second
    assert (second - first) / 48_000 - TONE.seconds < 0.1
    assert room.device.told[4:] == ["INTENT_END", "TTS_START", "TTS_END", "RUN_END", "RUN_START", "STT_START"]


async def test_it_is_given_the_sound_in_its_own_form() -> None:
    async with listening(Device(forms=(("flac", 48_000, 2),))) as room:
        await room.understands()
        assert await room.room.play(TONE) == TONE.seconds
        room.room.show(State.IDLE)
        await until(lambda: bool(room.device.played))
    [flac] = room.device.played
    assert flac.startswith(b"fLaC")
    rate, channels = int.from_bytes(flac[18:21], "big") >> 4, (flac[20] >> 1 & 7) + 1
    assert (rate, channels) == (48_000, 2)


async def test_a_bare_loudspeaker_is_sent_samples() -> None:
    at_its_rate = Speech(TONE.pcm, RATE)
    async with listening(Device(features=int(SPEAKER))) as room:
        await room.understands()
        assert await room.room.play(at_its_rate) == at_its_rate.seconds
        room.room.show(State.IDLE)
        await until(lambda: room.device.told[-1] == "TTS_STREAM_END")
    assert TONE.pcm in bytes(room.device.pcm)
    assert room.device.told[4:] == [
        "INTENT_END",
        "TTS_START",
        "TTS_END",
        "RUN_END",
        "TTS_STREAM_START",
        "TTS_STREAM_END",
    ]


async def test_a_bare_loudspeaker_says_nothing_before_its_wake_word() -> None:
    async with listening(Device(features=int(SPEAKER))) as room:
        with pytest.raises(SoundError) as caught:
            await room.room.play(TONE)
    assert caught.value.key == "esphome-dumb"


async def test_what_it_says_by_itself_is_an_announcement() -> None:
    async with listening() as room:
        assert await room.room.play(TONE, started=lambda: room.room.show(State.SPEAKING)) == TONE.seconds
        room.room.show(State.IDLE)
        await until(lambda: bool(room.device.played))
        [(url, converses)] = room.device.announced
        assert url.startswith(f"http://{HERE}:")
        assert converses
        # Nobody listens: it is told at once that this was all.
        await until(lambda: room.device.told == ["RUN_START", "RUN_END"])
        assert not room.woken


async def test_stopped_it_says_no_more_and_tells_how_much_was_heard() -> None:
    long = Speech(TONE.pcm * 50, TONE.rate)
    async with listening() as room:
        await room.understands()
        playing = asyncio.create_task(room.room.play(long))
        await until(lambda: len(room.device.fetching) > 24_000)
        room.room.stop()
        heard = await playing
        assert await room.room.play(TONE) == 0
        await until(lambda: bool(room.device.played))
    [wav] = room.device.played
    assert 0 < heard < len(wav) / 48_000 < 5


async def test_what_a_player_still_holds_is_silenced_until_it_is_over() -> None:
    async with listening() as room:
        await room.understands()
        playing = asyncio.create_task(room.room.play(Speech(TONE.pcm * 50, TONE.rate)))
        await until(lambda: len(room.device.fetching) > 24_000)
        room.room.stop()
        room.room.stop()
        await playing
        await until(lambda: room.device.commands == [MediaPlayerCommand.MUTE, MediaPlayerCommand.UNMUTE])
        assert room.device.played


async def test_a_player_that_was_lost_while_silenced_is_heard_again() -> None:
    async with listening() as room:
        await room.understands()
        playing = asyncio.create_task(room.room.play(Speech(TONE.pcm * 50, TONE.rate)))
        await until(lambda: len(room.device.fetching) > 24_000)
        room.device.call.stop_playing()
        room.room.stop()
        await playing
        await until(lambda: bool(room.device.commands))
        room.device.call.hang_up()
        await until(lambda: room.error is not None)
        assert room.device.commands == [MediaPlayerCommand.MUTE]
        again = asyncio.create_task(room.listen())
        await until(lambda: room.device.commands == [MediaPlayerCommand.MUTE, MediaPlayerCommand.UNMUTE])
        again.cancel()
        with suppress(asyncio.CancelledError):
            await again


async def test_cancelled_it_says_no_more() -> None:
    async with listening() as room:
        await room.understands()
        playing = asyncio.create_task(room.room.play(Speech(TONE.pcm * 50, TONE.rate)))
        await until(lambda: len(room.device.fetching) > 1_000)
        playing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await playing
        await until(lambda: bool(room.device.played))
    assert len(room.device.played[0]) / 48_000 < 5


async def test_at_level_nothing_it_waits() -> None:
    async with listening() as room:
        await room.understands()
        room.room.turn(0.0)
        playing = asyncio.create_task(room.room.play(TONE))
        await until(lambda: len(room.device.fetching) > 20_000)
        assert not any(room.device.fetching[44:])
        assert not playing.done()
        room.room.turn(0.5)
        assert await playing == TONE.seconds
        assert 0 < max(np.frombuffer(room.device.fetching[44:], dtype=np.int16)) <= 4_000


async def test_a_device_where_it_is_stopped_is_told_no_more() -> None:
    async with listening() as room:
        await room.understands()
        playing = asyncio.create_task(room.room.play(Speech(TONE.pcm * 50, TONE.rate)))
        await until(lambda: len(room.device.fetching) > 20_000)
        room.device.call.stop_playing()
        assert 0 < await playing < 9
        assert await room.room.play(TONE) == 0
        assert not room.device.announced


async def test_a_device_that_does_not_reach_this_machine_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(livesound, "FETCHED_S", 0.05)
    async with listening(Device(fetches=False)) as room:
        await room.understands()
        for _ in range(2):
            with pytest.raises(SoundError) as caught:
                await room.room.play(TONE)
            assert caught.value.key == "esphome-unfetched"


async def test_a_chime_while_it_listens_is_left_to_the_device() -> None:
    async with listening() as room:
        await room.wakes()
        assert await room.room.play(TONE) == 0
        assert room.device.streams
        assert not room.device.announced


async def test_away_it_says_nothing() -> None:
    async with running() as device, open_voice_device(HERE, device.port, clock=SystemClock()) as room:
        room.show(State.SPEAKING)
        room.stop()
        with pytest.raises(SoundError) as caught:
            await room.play(TONE)
    assert caught.value.key == "esphome-away"


async def test_lost_while_it_speaks_is_an_error() -> None:
    async with listening() as room:
        await room.understands()
        playing = asyncio.create_task(room.room.play(Speech(TONE.pcm * 50, TONE.rate)))
        await until(lambda: len(room.device.fetching) > 1_000)
        room.device.call.hang_up()
        with pytest.raises(SoundError):
            await playing
        await until(lambda: room.error is not None)


# Whether it goes on listening.


async def test_after_an_answer_it_listens_without_a_wake_word() -> None:
    async with listening() as room:
        await room.understands()
        await room.room.play(TONE, started=lambda: room.room.show(State.SPEAKING))
        room.room.show(State.LISTENING)
        await until(lambda: room.device.streams)
        room.device.speak(b"\1\0" * FRAME)
        await until(lambda: any(room.heard))
        assert room.woken == ["hey jarvis"]


async def test_a_bare_loudspeaker_goes_on_listening_too() -> None:
    features = int(SPEAKER | VoiceAssistantFeature.START_CONVERSATION)
    async with listening(Device(features=features)) as room:
        await room.understands()
        await room.room.play(TONE, started=lambda: room.room.show(State.SPEAKING))
        room.room.show(State.LISTENING)
        await until(lambda: room.device.streams)
        room.device.speak(b"\1\0" * FRAME)
        await until(lambda: any(room.heard))
        assert room.woken == ["hey jarvis"]


async def test_its_wake_word_soon_after_an_answer_wakes_it() -> None:
    async with listening(follow_up=False) as room:
        await room.understands()
        await room.room.play(TONE, started=lambda: room.room.show(State.SPEAKING))
        room.room.show(State.IDLE)
        await until(lambda: bool(room.device.played))
        room.device.wake("okay nabu")
        await until(lambda: room.woken == ["hey jarvis", "okay nabu"])


async def test_when_nothing_was_understood_it_is_asked_to_listen_again() -> None:
    async with listening() as room:
        await room.understands()
        room.room.show(State.LISTENING)
        await until(lambda: room.device.streams)
        assert [converses for _, converses in room.device.announced] == [True]
        assert not any(room.device.played[0][44:])
        await until(lambda: room.device.told[4:] == ["RUN_END", "RUN_START", "STT_START"])


async def test_a_device_that_cannot_listen_by_itself_is_not_asked_to() -> None:
    async with listening(Device(features=int(HEARS | VoiceAssistantFeature.ANNOUNCE))) as room:
        await room.understands()
        await room.room.play(TONE)
        room.room.show(State.LISTENING)
        await until(lambda: bool(room.device.played))
        assert not room.device.streams
        assert not room.device.announced


async def test_without_follow_up_it_waits_for_its_wake_word() -> None:
    async with listening(Device(features=int(ANNOUNCES)), follow_up=False) as room:
        await room.understands()
        await room.room.play(TONE)
        room.room.show(State.IDLE)
        await until(lambda: bool(room.device.played))
        assert room.device.events[4].values == {"continue_conversation": "0"}
        assert not room.device.streams


async def test_its_wake_word_interrupts_it() -> None:
    async with listening() as room:
        await room.understands()
        playing = asyncio.create_task(
            room.room.play(Speech(TONE.pcm * 50, TONE.rate), started=lambda: room.room.show(State.SPEAKING))
        )
        await until(lambda: len(room.device.fetching) > 20_000)
        room.device.call.stop_playing()
        room.device.wake()
        await until(lambda: len(room.woken) == 2)
        room.room.stop()
        assert await playing < 9
        room.room.show(State.LISTENING)
        room.device.speak(b"\1\0" * FRAME)
        await until(lambda: any(room.heard))
        assert not room.device.announced


async def test_nothing_is_sent_twice_while_it_is_held() -> None:
    async with listening() as room:
        await room.understands()
        playing = asyncio.create_task(room.room.play(TONE))
        room.room.turn(0.0)
        room.room.show(State.LISTENING)
        room.room.turn(1.0)
        room.room.show(State.SPEAKING)
        assert await playing == TONE.seconds


async def test_a_keep_alive_that_is_not_answered_is_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(esphome_link, "KEEP_ALIVE_S", 0.05)
    async with listening(Device(answers_pings=False)) as room:
        await until(lambda: room.error is not None)
    assert room.error
    assert room.error.key == "esphome-lost"
