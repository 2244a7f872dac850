"""Paged memory with the small language model: which function it calls, and whether the answer is right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from digital_life import words
from digital_life.backends.e5 import E5
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.config import Llm, Memory, Persona
from digital_life.memory.life import Life
from digital_life.memory.policies.paged import APPEND, INSERT, REPLACE, SEARCH_ARCHIVE, SEARCH_SAID
from digital_life.talking.being import Being
from digital_life.talking.prompting import Budget, Prompting
from digital_life.talking.thinking import Thinking, Thought
from digital_life.values import Call, Language, Reply, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock

ENOUGH = {"en": 9, "zh": 9}
"""Of twelve requests, those answered by the right function first, or by none."""


@dataclass(frozen=True)
class Request:
    asked: str
    calls: tuple[str, ...] = ()
    """Any of these is right; none: it is to answer at once."""
    answer: str = ""
    """What the answer must hold; empty: anything."""


TOLD: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("My sister Clara plays the cello in Vienna.", "How lovely."),
        ("I bought a red bicycle at the flea market.", "Enjoy the rides."),
        ("We went to a small lake near Ulm on Sunday.", "That sounds restful."),
        ("My dentist is called Doctor Baker.", "I see."),
        ("I had soup for lunch.", "Soup is good in this weather."),
        ("The neighbours are painting their fence.", "What colour?"),
    ),
    "zh": (
        ("我妹妹小兰在维也纳拉大提琴。", "真好。"),
        ("我在跳蚤市场买了一辆红色的自行车。", "骑得开心。"),
        ("星期天我们去了昆明附近的一个小湖。", "听起来很放松。"),
        ("我的牙医姓白。", "知道了。"),
        ("我中午喝了汤。", "这种天气喝汤正好。"),
        ("邻居在刷篱笆。", "什么颜色的？"),
    ),
}
NOTED: dict[Language, tuple[Call, ...]] = {
    "en": (
        Call(APPEND, "The user lives in Hamburg", ()),
        Call(APPEND, "The user is allergic to nuts", ()),
        Call(INSERT, "Recipe for plum cake: a pound of plums, three eggs, an hour in the oven", ()),
    ),
    "zh": (
        Call(APPEND, "用户住在杭州", ()),
        Call(APPEND, "用户对坚果过敏", ()),
        Call(INSERT, "李子蛋糕的做法：一斤李子、三个鸡蛋、烤一个小时", ()),
    ),
}
REQUESTS: dict[Language, tuple[Request, ...]] = {
    "en": (
        Request("My daughter Emma was born on the third of March.", (APPEND,)),
        Request("I started to learn Portuguese.", (APPEND,)),
        Request("I do not live in Hamburg any more, I live in Bremen.", (REPLACE, APPEND)),
        Request("Which instrument does my sister play?", (SEARCH_SAID,), "cello"),
        Request("What did I buy at the flea market?", (SEARCH_SAID,), "bicycle"),
        Request("What is the name of my dentist?", (SEARCH_SAID,), "Baker"),
        Request("Where did we go on that Sunday near Ulm?", (SEARCH_SAID,), "lake"),
        Request("How long does my plum cake stay in the oven?", (SEARCH_ARCHIVE,), "hour"),
        Request("What am I allergic to?", (), "nuts"),
        Request("What is the capital of Italy?", (), "Rome"),
        Request("Good evening!"),
        Request("Tell me a joke."),
    ),
    "zh": (
        Request("我女儿叫小雨，三月三号出生。", (APPEND,)),
        Request("我开始学葡萄牙语了。", (APPEND,)),
        Request("我不住在杭州了，现在住在南京。", (REPLACE, APPEND)),
        Request("我妹妹拉什么乐器？", (SEARCH_SAID,), "大提琴"),
        Request("我在跳蚤市场买了什么？", (SEARCH_SAID,), "自行车"),
        Request("我的牙医姓什么？", (SEARCH_SAID,), "白"),
        Request("那个星期天我们去了哪里？", (SEARCH_SAID,), "湖"),
        Request("我的李子蛋糕要烤多久？", (SEARCH_ARCHIVE,), "小时"),
        Request("我对什么过敏？", (), "坚果"),
        Request("意大利的首都是哪里？", (), "罗马"),
        Request("晚上好！"),
        Request("讲个笑话吧。"),
    ),
}


@asynccontextmanager
async def paged(home: Path, model: Path, language: Language) -> AsyncGenerator[tuple[Thinking, Being]]:
    """Who thinks, three weeks after a talk of which only its notes stand in the prompt."""
    clock = FakeClock()
    async with (
        Worker("model") as thinking,
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=E5, clock=clock, settings=Memory(policy="paged")) as life,
    ):
        for number, (heard, said) in enumerate(TOLD[language]):
            calls = NOTED[language] if number == 0 else ()
            transcript = Transcript(heard, language, 1.0)
            await life.remember(Turn(number, clock.now(), None, transcript, Reply(said), Timings(), calls))
            clock.passed += 60
        await life.end_conversation()
        clock.passed += timedelta(weeks=3).total_seconds()
        settings = Llm(temperature=0.0)
        brain = await LlamaCpp.open(model, worker=thinking, settings=settings)
        prompting = Prompting(
            persona=Persona(language=language),
            clock=clock,
            budget=Budget.of(settings.context, reply=settings.reply_tokens, shares=life.shares),
            tokens=brain.tokens,
            calls=life.taught,
        )
        prompting.language = language
        being = Being("Jarvis", prompting, memory=life, diaries=life, tools=None, wishes=())
        await prompting.look_back(life)
        yield Thinking(brain, being), being


@pytest.mark.parametrize("language", words.LANGUAGES)
async def test_it_learns_from_the_examples_when_to_call_what(
    models_dir: Path, tmp_path: Path, language: Language
) -> None:
    model = models_dir / "qwen2.5-coder-0.5b-instruct" / "model.gguf"
    called = answered = 0
    end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    end.set_result(None)
    async with paged(tmp_path, model, language) as (thinking, _being):
        for request in REQUESTS[language]:
            thought = Thought("")
            heard = Transcript(request.asked, language, 1.0)
            said = "".join([piece async for piece in thinking.think(heard, thought, end)])
            names = [each.name for each in thought.calls]
            right = names[0] in request.calls if names and request.calls else not names and not request.calls
            called += right
            answered += bool(said.strip()) and request.answer.casefold() in said.casefold()
            print(f"{right:d}", request.asked, [f"{each.name}({each.argument})" for each in thought.calls], said)
    print(f"{language}: {called} called rightly, {answered} answered rightly, of {len(REQUESTS[language])}")
    assert called >= ENOUGH[language]
    assert answered >= ENOUGH[language]
