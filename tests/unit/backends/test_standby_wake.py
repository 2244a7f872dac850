"""Wake words at a service: what it detects wakes, and while it is away nobody is deaf."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from wyoming.event import Event
from wyoming.info import Attribution, Info, WakeModel, WakeProgram
from wyoming.wake import Detection

from digital_life import config
from digital_life.backends.standby_wake import OVERLAP_FRAMES, StandbyWake
from digital_life.backends.wyoming_wake import SILENT_FRAMES, WyomingWake, phrases_by_name
from digital_life.clock import SystemClock
from digital_life.errors import ModelError
from digital_life.values import FRAME
from fakes.clock import FakeClock
from fakes.wyoming_server import Answers, ClosedError, Speaking, saying, wyoming_server

WORDS = {"hey_jarvis": "Hey Jarvis", "alexa": "Alexa"}
BY = Attribution("", "")
QUIET, WORD = bytes(2 * FRAME), b"\x01" * 2 * FRAME
ALL = {"hey_jarvis_v0.1": "hey_jarvis", "alexa": "alexa"}


def info(*names: str) -> Info:
    return Info(
        wake=[WakeProgram("oww", BY, True, None, None, [WakeModel(n, BY, True, None, None, [], None) for n in names])]
    )


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.001)


@dataclass
class Local:
    """Scores 0.7 for each word in a frame of WORD."""

    fed: list[bytes] = field(default_factory=list)
    resets: int = 0

    def feed(self, pcm: bytes) -> dict[str, float]:
        self.fed.append(pcm)
        return dict.fromkeys(WORDS, 0.7 if pcm == WORD else 0.0)

    def reset(self) -> None:
        self.resets += 1

    def beside(self) -> Local:
        return Local()


@dataclass
class Service:
    """Detects what it is told to, and is lost when it is told to."""

    names: Mapping[str, str] = field(default_factory=lambda: ALL)
    gone: bool = False
    searches: int = 0
    heard: list[bytes] = field(default_factory=list)
    tells: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    """A phrase; None: it is lost."""

    async def greet(self) -> dict[str, str]:
        if self.gone:
            raise ModelError("wyoming-lost", host="h", port=1)
        return dict(self.names)

    async def search(self, frames: asyncio.Queue[bytes], names: Mapping[str, str], *, began: Callable[[], None]) -> str:
        assert names == self.names
        self.searches += 1
        began()
        hearing = asyncio.create_task(self._hear(frames))
        try:
            phrase = await self.tells.get()
        finally:
            hearing.cancel()
        if phrase is None:
            self.gone = True
            raise ModelError("wyoming-lost", host="h", port=1)
        return phrase

    async def _hear(self, frames: asyncio.Queue[bytes]) -> None:
        while True:
            self.heard.append(await frames.get())


@asynccontextmanager
async def listening(service: Service, local: Local, *, held: int = 2) -> AsyncGenerator[StandbyWake]:
    async with StandbyWake.open(service, local, phrases=WORDS, held=held, clock=FakeClock()) as wake:
        await until(lambda: bool(service.searches) or service.gone)
        yield wake


async def feed(wake: StandbyWake, *frames: bytes) -> list[dict[str, float]]:
    """On another thread, as it is."""
    scores = []
    for each in frames:
        scores.append(await asyncio.to_thread(wake.feed, each))
        await asyncio.sleep(0)
    return scores


async def test_what_the_service_detects_scores_one_as_long_as_is_needed() -> None:
    service, local = Service(), Local()
    async with listening(service, local) as wake:
        await feed(wake, *[QUIET] * OVERLAP_FRAMES)
        service.tells.put_nowait("hey_jarvis")
        await until(lambda: bool(wake._detected))
        scores = await feed(wake, QUIET, QUIET, QUIET)
    assert [each["hey_jarvis"] for each in scores] == [1.0, 1.0, 0.0]
    assert all(each["alexa"] == 0.0 for each in scores)


async def test_the_service_hears_every_frame_and_this_machine_rests_after_a_while() -> None:
    service, local = Service(), Local()
    frames = [bytes([at]) * 2 * FRAME for at in range(2, OVERLAP_FRAMES + 12)]
    async with listening(service, local) as wake:
        await feed(wake, *frames)
        await until(lambda: len(service.heard) == len(frames))
    assert service.heard == frames
    assert local.fed == frames[:OVERLAP_FRAMES]


async def test_without_the_service_this_machine_listens_from_the_first_frame() -> None:
    local = Local()
    async with listening(Service(gone=True), local) as wake:
        scores = await feed(wake, QUIET, WORD)
    assert [each["hey_jarvis"] for each in scores] == [0.0, 0.7]


async def test_a_word_that_was_said_while_the_service_was_being_lost_is_heard_here() -> None:
    service, local = Service(), Local()
    async with listening(service, local) as wake:
        await feed(wake, *[QUIET] * OVERLAP_FRAMES, QUIET, WORD)
        service.tells.put_nowait(None)
        await until(lambda: not wake._covered)
        scores = await feed(wake, QUIET, QUIET)
    assert [each["hey_jarvis"] for each in scores] == [0.7, 0.0]
    assert local.resets == 1


async def test_the_service_listens_again_once_it_is_found() -> None:
    service, local = Service(), Local()
    async with listening(service, local) as wake:
        service.tells.put_nowait(None)
        await until(lambda: not wake._covered)
        service.gone = False
        await until(lambda: bool(wake._covered))
        await feed(wake, *[QUIET] * (OVERLAP_FRAMES + 1))
        assert local.fed == [QUIET] * OVERLAP_FRAMES


async def test_words_that_the_service_does_not_know_are_heard_here() -> None:
    service, local = Service(names={"hey_jarvis": "hey_jarvis"}), Local()
    async with listening(service, local) as wake:
        await feed(wake, *[QUIET] * OVERLAP_FRAMES)
        (scores,) = await feed(wake, WORD)
    assert scores == {"hey_jarvis": 0.0, "alexa": 0.7}


async def test_a_detection_that_comes_too_late_is_none() -> None:
    service, local, clock = Service(), Local(), FakeClock()
    async with StandbyWake.open(service, local, phrases=WORDS, held=1, clock=clock) as wake:
        await until(lambda: bool(service.searches))
        service.tells.put_nowait("alexa")
        await until(lambda: bool(wake._detected))
        clock.passed += 5
        (scores,) = await feed(wake, QUIET)
    assert scores["alexa"] == 0.0


async def test_new_sound_is_searched_anew() -> None:
    service, local = Service(), Local()
    async with listening(service, local) as wake:
        await feed(wake, WORD)
        await asyncio.to_thread(wake.reset)
        await until(lambda: service.searches == 2)
    assert local.resets == 1


async def test_another_stream_is_searched_by_this_machine() -> None:
    async with listening(Service(), Local()) as wake:
        assert isinstance(wake.beside(), Local)


def test_the_names_of_a_service_are_matched_with_ours() -> None:
    found = phrases_by_name(info("hey_jarvis_v0.1", "Hey Mycroft", "ALEXA"), {**WORDS, "hey_mycroft": "Hey Mycroft"})
    assert found == {"hey_jarvis_v0.1": "hey_jarvis", "Hey Mycroft": "hey_mycroft", "ALEXA": "alexa"}


def service_that(*, detects_after: int, name: str | None = "hey_jarvis_v0.1", answers: int = 1000) -> Answers:
    """Answers so many questions; in each connection it detects the word after so many frames."""

    async def answer(event: Event, speaking: Speaking) -> None:
        counted = [each.type for each in speaking.heard]
        if event.type == "describe" and counted.count("describe") <= answers:
            await speaking.say(info("hey_jarvis_v0.1", "alexa"))
        if counted.count("audio-chunk") == SILENT_FRAMES + detects_after and event.type == "audio-chunk":
            await speaking.say(Detection(name=name))

    return answer


def wake_at(port: int, *, timeout_s: float = 2.0) -> WyomingWake:
    return WyomingWake(config.WyomingWake(port=port, timeout_s=timeout_s), WORDS)


def nothing() -> None:
    pass


@pytest.mark.parametrize("name", ["hey_jarvis_v0.1", "Hey Jarvis", None])
async def test_a_service_is_told_which_words_and_given_every_frame(name: str | None) -> None:
    frames: asyncio.Queue[bytes] = asyncio.Queue()
    for at in range(3):
        frames.put_nowait(bytes([at]) * 2 * FRAME)
    async with wyoming_server(service_that(detects_after=3, name=name)) as server:
        phrase = await wake_at(server.port).search(frames, {"hey_jarvis_v0.1": "hey_jarvis"}, began=nothing)
    assert phrase == "hey_jarvis"
    assert server.told[0].data["names"] == ["hey_jarvis_v0.1"]
    heard = [each.payload for each in server.told if each.type == "audio-chunk"]
    assert heard == [QUIET] * SILENT_FRAMES + [bytes([at]) * 2 * FRAME for at in range(3)]


async def test_a_service_that_knows_none_of_the_words_is_told_with_what_it_knows() -> None:
    async with wyoming_server(saying(info("ok_nabu"))) as server:
        with pytest.raises(ModelError, match="ok_nabu"):
            await wake_at(server.port).greet()


async def test_a_service_of_another_kind_is_told() -> None:
    async with wyoming_server(saying(Info())) as server:
        with pytest.raises(ModelError, match="listens for no wake words"):
            await wake_at(server.port).greet()


async def test_a_service_that_closes_is_lost_at_once() -> None:
    async def close(event: Event, _: Speaking) -> None:
        if event.type == "audio-start":
            raise ClosedError

    async with wyoming_server(close) as server:
        with pytest.raises(ModelError) as found:
            await wake_at(server.port).search(asyncio.Queue(), ALL, began=nothing)
    assert found.value.key == "wyoming-lost"


async def test_a_service_that_does_not_answer_any_more_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digital_life.backends.wyoming_wake.ASKED_EVERY_S", 0.05)
    async with wyoming_server(service_that(detects_after=9, answers=3)) as server:
        with pytest.raises(ModelError) as found:
            await wake_at(server.port, timeout_s=0.3).search(asyncio.Queue(), ALL, began=nothing)
    assert found.value.key == "wyoming-silent"


async def test_over_the_wire_it_wakes_and_when_it_dies_this_machine_goes_on() -> None:
    local = Local()
    async with AsyncExitStack() as there:
        server = await there.enter_async_context(wyoming_server(service_that(detects_after=3)))
        remote = wake_at(server.port)
        async with StandbyWake.open(remote, local, phrases=WORDS, held=1, clock=SystemClock()) as wake:
            await until(lambda: bool(wake._covered))
            await feed(wake, QUIET, QUIET, QUIET)
            await until(lambda: bool(wake._detected))
            (scores,) = await feed(wake, QUIET)
            assert scores["hey_jarvis"] == 1.0
            await there.aclose()
            await until(lambda: not wake._covered)
            (scores,) = await feed(wake, WORD)
    assert scores["hey_jarvis"] == 0.7
