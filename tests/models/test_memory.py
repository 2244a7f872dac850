"""The memory with its real embedder and the small language model, on MemoryBank's simulated users."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digital_life.backends.e5 import E5
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.config import Llm, Memory
from digital_life.memory import dates, foreign, recall
from digital_life.memory.diary import MOST_SENTENCES
from digital_life.memory.life import Life
from digital_life.memory.policies import recursive
from digital_life.memory.records import Diary
from digital_life.memory.sentences import LONGEST, invented, language_fits
from digital_life.values import Language
from digital_life.worker import Worker
from fakes.clock import FakeClock

USERS: dict[Language, str] = {"en": "Emily", "zh": "张曼婷"}
FILES: dict[Language, str] = {"en": "en", "zh": "cn"}
ENOUGH = {"en": 0.85, "zh": 0.85}
"""Share of MemoryBank's probing questions with a turn that holds the answer among the first five."""


def talks(data_dir: Path, language: Language, user: str) -> foreign.Foreign:
    path = data_dir / "memory" / f"memory_bank_{FILES[language]}.json"
    return foreign.read(json.loads(path.read_text(encoding="utf-8")), UTC, user=user)


@pytest.fixture
async def writer(models_dir: Path) -> AsyncGenerator[LlamaCpp]:
    file = models_dir / "qwen2.5-coder-0.5b-instruct" / "model.gguf"
    async with Worker("model") as worker:
        yield await LlamaCpp.open(file, worker=worker, settings=Llm(context=2048))


def near(meaning: E5, one: str, other: str) -> float:
    import numpy as np

    question, text = (
        np.frombuffer(each, np.int8).astype(float) for each in (meaning.query(one), meaning.passage(other))
    )
    return float(question @ text) / meaning.unit**2


def test_meanings_are_near_across_languages() -> None:
    meaning = E5()
    asked = "What is my sister's name?"
    assert near(meaning, asked, "My sister is called Anna.") > near(meaning, asked, "I had noodles for lunch.") + 0.05
    assert near(meaning, asked, "我妹妹叫小红。") > near(meaning, asked, "今天天气真好。") + 0.03


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_day_becomes_a_diary_that_invents_nothing(
    data_dir: Path, tmp_path: Path, writer: LlamaCpp, language: Language
) -> None:
    memory = talks(data_dir, language, USERS[language])
    clock = FakeClock(datetime(2023, 5, 20, 12, tzinfo=UTC))
    async with (
        Worker("memory") as worker,
        Life.open(tmp_path, worker=worker, embedder=E5, clock=clock, settings=Memory()) as life,
    ):
        await life.take_in(foreign.Foreign(memory.talks[1:3]))
        pages = await life.rest(writer)
        said = {turn.id: f"{turn.heard}\n{turn.said}" for turn in await life.all_turns()}
    assert [page.day for page in pages] == [talk.began.date() for talk in memory.talks[1:3]]
    for page in pages:
        check(page, said, language)


def check(page: Diary, said: dict[int, str], language: Language) -> None:
    assert 1 <= len(page.sentences) <= MOST_SENTENCES
    assert page.title
    for each in page.sentences:
        assert len(each.text) <= LONGEST[language] + 20  # words around a quotation
        assert language_fits(each.text, language)
        told = "\n".join(said[number] for number in each.sources)
        assert each.sources
        assert not invented(each.text, told, {"The", "I", "User"}) or told.partition("\n")[0][:40] in each.text


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_probing_questions_find_the_turn_that_holds_the_answer(
    data_dir: Path, tmp_path: Path, language: Language
) -> None:
    evidence = json.loads((data_dir / "memory" / "memorybank_evidence.json").read_text(encoding="utf-8"))
    asked = [each for each in evidence[FILES[language]] if each["answerable"] and each["evidence"]]
    today = datetime(2023, 5, 10, 12, tzinfo=UTC)
    found = total = 0
    for user in dict.fromkeys(each["user"] for each in asked):
        home = tmp_path / user
        async with (
            Worker("memory") as worker,
            Life.open(home, worker=worker, embedder=E5, clock=FakeClock(today), settings=Memory()) as life,
        ):
            try:
                memory = talks(data_dir, language, user)
            except LookupError:
                continue
            await life.take_in(memory)
            places = [f"{talk.began.date()}_{n}" for talk in memory.talks for n, _ in enumerate(talk.turns)]
            for question in (each for each in asked if each["user"] == user):
                best = [each for each in await life.search(question["question"]) if each.kind == "turn"][:5]
                found += bool({places[each.ref - 1] for each in best} & set(question["evidence"]))
                total += 1
    assert total > 30
    assert found / total >= ENOUGH[language], f"{found} of {total}"


@pytest.mark.parametrize(
    "small_talk",
    [
        "Hello, how are you?",
        "Thank you very much.",
        "What time is it?",
        "Good morning!",
        "你好",
        "谢谢你",
        "现在几点了？",
        "晚安",
    ],
)
def test_small_talk_brings_nothing_back(small_talk: str) -> None:
    assert not recall.is_about_something(small_talk, dates.find(small_talk, datetime(2026, 11, 21, tzinfo=UTC).date()))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_night_with_a_recursive_memory_and_the_way_back(
    data_dir: Path, tmp_path: Path, writer: LlamaCpp, language: Language
) -> None:
    memory = talks(data_dir, language, USERS[language])
    clock = FakeClock(datetime(2023, 5, 20, 12, tzinfo=UTC))

    def opened(settings: Memory, worker: Worker) -> AbstractAsyncContextManager[Life]:
        return Life.open(tmp_path, worker=worker, embedder=E5, clock=clock, settings=settings)

    async with Worker("memory") as worker:
        async with opened(Memory(), worker) as life:
            await life.take_in(foreign.Foreign(memory.talks[1:2]))
            pages = await life.rest(writer)
            before = await life.standing()
        async with opened(Memory(policy="recursive"), worker) as life:
            assert await life.rest(writer) == []
            notes = [each.sentence for each in await life.notes("recursive")]
            standing = await life.standing()
            said = {turn.id: f"{turn.heard}\n{turn.said}" for turn in await life.all_turns()}
        async with opened(Memory(), worker) as life:
            assert await life.standing() == before
            assert await life.diaries() == pages
    assert 1 <= len(notes) <= recursive.MOST_SENTENCES
    assert {*standing.soul, *standing.love} == {each.text for each in notes}
    for each in notes:
        told = "\n".join(said[number] for number in each.sources)
        assert language_fits(each.text, language)
        assert not invented(each.text, told, {"The", "I", "User"}) or told.partition("\n")[0][:40] in each.text
