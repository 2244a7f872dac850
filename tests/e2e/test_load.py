"""Twenty write to the daemon at once while one speaks: who speaks goes first, and each gets an answer of their own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from crowd import Answered, Crowd, Page, Writer, crowd, kept, slow_model, waited_s
from daemon_process import IDLE, Daemon, daemon
from soundcard import SoundCard
from talk_rig import note
from test_daemon import transcript

from fakes.mosquitto import Mosquitto, free_port

MANY = 10
"""Of each kind."""
LINES = 2
ANSWER = "The capital of France is Paris."
NOTICED_S = 4.0
"""Who waits for 3 s is told; a busy machine takes a moment to say so."""
UNHEARD_S = 45.0
"""Who has no answer by then asks again."""
ASKED_AGAIN = 3
GROWTH_MB = 80.0
"""Far more than forty turns need, and far less than a leak of sound or of a model's state makes of them."""


def settings(model: str, web: int, mqtt: int) -> tuple[str, ...]:
    return (
        f"llm.server.address={model}",
        "llm.server.local=false",
        f"web.port={web}",
        "mqtt.enabled=true",
        "mqtt.name=study",
        f"mqtt.port={mqtt}",
        "conversation.follow_up_s=1",
    )


async def conversation(writer: Writer) -> list[Answered]:
    return [await writer.write(f"Hello from {writer.name}, line {n}.") for n in range(LINES)]


def is_spoken(turn: dict[str, Any]) -> bool:
    """Whatever its words were taken for: all that is written begins alike."""
    return not turn["heard"].startswith("Hello from")


async def spoken_turn(observer: Page, since: int) -> dict[str, Any]:
    while not (found := [each for each in observer.of("turn", since) if is_spoken(each)]):
        await asyncio.sleep(0.05)
    return found[0]


async def spoken(card: SoundCard, question: Path, observer: Page) -> float:
    """Somebody speaks; from their last sound to the first of the answer, milliseconds.

    They ask again, as a person does, where its own voice in the room was louder than they.
    """
    since = len(observer.told)
    for _ in range(ASKED_AGAIN):
        await asyncio.to_thread(card.play, question)
        with suppress(TimeoutError):
            async with asyncio.timeout(UNHEARD_S):
                turn = await spoken_turn(observer, since)
            assert turn["said"] == ANSWER
            return float(turn["timings"]["first_audio"])
    raise AssertionError(f"who asked {ASKED_AGAIN} times was not heard")


async def recorded(card: SoundCard, question: Path, observer: Page, heard: Path) -> float:
    """The same, and what the loudspeaker played until then."""
    with card.record(heard):
        return await spoken(card, question, observer)


async def in_the_middle(card: SoundCard, question: Path, observer: Page) -> float:
    """Somebody speaks when half of the others are answered."""
    while len({each["heard"] for each in observer.of("turn")}) < MANY * LINES:
        await asyncio.sleep(0.05)
    return await spoken(card, question, observer)


def assert_each_has_its_own(answers: Sequence[Sequence[Answered]], everybody: Crowd) -> None:
    for writer, answered in zip(everybody.writers, answers, strict=True):
        wanted = [f"{writer.name}, line {n}.".capitalize() for n in range(LINES)]
        assert [each.cut or each.said for each in answered] == [
            each.cut or whole for each, whole in zip(answered, wanted, strict=True)
        ]
        assert all(whole.startswith(each.said.strip()) for each, whole in zip(answered, wanted, strict=True))
    assert sum(each.cut for answered in answers for each in answered) <= ASKED_AGAIN  # by who spoke in the middle
    for page in everybody.pages:
        mine = [each["text"] for each in page.of("heard") if each["here"]]
        assert {*mine} == {f"Hello from {page.name}, line {n}." for n in range(LINES)}
        for text in mine:
            assert len(page.turns(text)) == 1


async def test_twenty_write_at_once_while_one_speaks(
    soundcard: SoundCard, english: Path, models_dir: Path, tmp_path: Path
) -> None:
    web, home, heard = free_port(), tmp_path / "home", tmp_path / "answer.wav"
    async with slow_model(ANSWER) as model:
        with Mosquitto(settings=["max_queued_messages 0"]) as broker:
            async with daemon(soundcard.environment, home, *settings(model.address, web, broker.port)) as it:
                await it.until(IDLE)
                async with crowd(web, broker.port, pages=MANY + 1, askers=MANY) as all_of_them:
                    observer, *pages = all_of_them.pages
                    everybody = Crowd(pages, all_of_them.askers)
                    alone = [await spoken(soundcard, english, observer) for _ in range(2)][-1]  # the first is cold
                    memory = psutil.Process(it.pid).memory_info().rss
                    beside, answers = await beside_all(soundcard, english, observer, everybody, heard)
                    grown = (psutil.Process(it.pid).memory_info().rss - memory) / 1e6
                assert await it.stop() < 10
    note("load", alone_ms=alone, beside_ms=beside, grown_mb=grown)
    assert_each_has_its_own(answers, everybody)
    waited = [each for answered in answers for each in answered if waited_s(each, observer) > NOTICED_S]
    assert len(waited) > MANY
    assert all(any("One moment" in notice for notice in each.notices) for each in waited)
    assert "Paris" in await transcript(heard, models_dir)
    turns = Counter(text for text, _ in kept(home) if text.startswith("Hello from"))
    assert turns == {f"Hello from {each.name}, line {n}.": 1 for each in everybody.writers for n in range(LINES)}
    assert grown < GROWTH_MB


async def beside_all(
    card: SoundCard, question: Path, observer: Page, everybody: Crowd, heard: Path
) -> tuple[list[float], list[list[Answered]]]:
    """How late who speaks is answered, twice; and what came of all that was written meanwhile."""
    since = len(observer.told)
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(recorded(card, question, observer, heard), name="test.first")
        await observer.until("wake", since=since)
        writing = [tasks.create_task(conversation(each), name=each.name) for each in everybody.writers]
        second = tasks.create_task(in_the_middle(card, question, observer), name="test.second")
    assert is_spoken(observer.of("turn", since)[0])  # though all others had written by then
    return [first.result(), second.result()], [each.result() for each in writing]


async def test_who_leaves_and_whose_broker_is_killed_is_answered_all_the_same(
    soundcard: SoundCard, tmp_path: Path
) -> None:
    web, home = free_port(), tmp_path / "home"
    async with slow_model(ANSWER) as model:
        with Mosquitto(persistent=True) as broker:
            async with daemon(soundcard.environment, home, *settings(model.address, web, broker.port)) as it:
                await it.until(IDLE)
                async with crowd(web, broker.port, pages=3, askers=3) as everybody:
                    await lost_in_the_middle(it, broker, everybody)
                assert await it.stop() < 10
    turns = Counter(text for text, _ in kept(home))
    assert turns == {f"Hello from {each.name}, line 0.": 1 for each in everybody.writers}


async def lost_in_the_middle(it: Daemon, broker: Mosquitto, everybody: Crowd) -> None:
    gone, *stay = everybody.pages
    text = "Hello from {}, line 0."
    for page in everybody.pages:
        await page.socket.send_json({"type": "say", "text": text.format(page.name)})
    for asker in everybody.askers:
        await asker.ask(text.format(asker.name), asker.name)
    await stay[0].until("heard", since=0)
    await asyncio.sleep(0.5)  # the questions are with the daemon
    await gone.socket.close()
    broker.kill()
    for name in [each.name for each in stay] + [each.name for each in everybody.askers]:
        await stay[1].until("turn", since=0, heard=text.format(name))  # while nobody on the broker can be told so
    assert not any(asker.answers for asker in everybody.askers)
    broker.start()
    for asker in everybody.askers:
        answer = await asker.answer(asker.name)
        assert answer == {"id": asker.name, "answer": f"{asker.name}, line 0.".capitalize()}
        assert len(asker.answers) == 1
    await it.until(IDLE)
