"""Whatever thinks, the fake, this machine's model or one on a server, keeps the same promises."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from language_server import KEY, LanguageServer, serving

from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.backends.openai_http import OpenAiHttp
from digital_life.config import Llm, Server
from digital_life.errors import ModelError
from digital_life.ports import Brain
from digital_life.values import Message, Role
from digital_life.worker import Worker
from fakes.brain import FakeBrain

SYSTEM = Message(Role.SYSTEM, "You are Jarvis, a friendly companion. Answer in one short sentence.")
CONTEXT = 1024
GRAMMAR = 'root ::= "yes" | "no"'


@pytest.fixture(scope="module")
def file(models_dir: Path) -> Path:
    return models_dir / "qwen2.5-coder-0.5b-instruct" / "model.gguf"


@pytest.fixture(scope="module")
def server(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    with serving(file, tmp_path_factory.mktemp("server") / "log", context=CONTEXT) as it:
        yield it


@asynccontextmanager
async def fake() -> AsyncGenerator[Brain]:
    yield FakeBrain({"France": "It is Paris.", "法国": "是巴黎。", "story": "Once upon a time. " * 9})


@asynccontextmanager
async def here(file: Path) -> AsyncGenerator[Brain]:
    async with Worker("model") as worker:
        settings = Llm(context=CONTEXT, reply_tokens=60, temperature=0.0)
        yield await LlamaCpp.open(file, worker=worker, settings=settings)


@asynccontextmanager
async def there(server: LanguageServer, key: Path) -> AsyncGenerator[Brain]:
    key.write_text(KEY)
    at = Server(address=server.address, key_file=str(key), first_token_s=60, stall_s=60)
    async with OpenAiHttp(Llm(reply_tokens=60, temperature=0.0, server=at)) as model:
        yield model


@pytest.fixture(params=["fake", "here", "there"])
async def brain(
    request: pytest.FixtureRequest, file: Path, server: LanguageServer, tmp_path: Path
) -> AsyncGenerator[Brain]:
    match request.param:
        case "here":
            opening = here(file)
        case "there":
            opening = there(server, tmp_path / "key")
        case _:
            opening = fake()
    async with opening as it:
        yield it


def question(text: str) -> tuple[Message, ...]:
    return SYSTEM, Message(Role.USER, text)


async def ask(brain: Brain, text: str) -> list[str]:
    return [piece async for piece in brain.reply(question(text))]


async def test_an_answer_comes_in_pieces_with_none_empty(brain: Brain) -> None:
    pieces = await ask(brain, "What is the capital of France?")
    assert "Paris" in "".join(pieces)
    assert len(pieces) > 1
    assert all(pieces)


async def test_no_chinese_character_is_torn(brain: Brain) -> None:
    answer = "".join(await ask(brain, "法国的首都是哪里？"))
    assert "巴黎" in answer
    assert "\ufffd" not in answer


async def test_an_answer_that_is_closed_makes_way_for_the_next(brain: Brain) -> None:
    async with aclosing(brain.reply(question("Tell me a very long story."))) as pieces:
        await anext(pieces)
    assert "Paris" in "".join(await ask(brain, "What is the capital of France?"))


async def test_a_prompt_that_is_too_long_is_refused_and_the_next_is_answered(brain: Brain) -> None:
    with pytest.raises(ModelError):
        await ask(brain, "word " * 2_000)
    assert "Paris" in "".join(await ask(brain, "What is the capital of France?"))


async def test_an_answer_in_the_language_that_is_asked_for_is_not_changed(brain: Brain) -> None:
    pieces = brain.reply(question("What is the capital of France?"), may_begin=lambda _: True)
    assert "Paris" in "".join([piece async for piece in pieces])


async def test_what_is_read_in_advance_or_kept_changes_no_answer(brain: Brain) -> None:
    before = await ask(brain, "What is the capital of France?")
    await brain.prepare(question("What is the"))
    await brain.keep("en", question("What is the"))
    assert await ask(brain, "What is the capital of France?") == before


async def test_what_it_writes_keeps_the_form_and_it_talks_on(brain: Brain) -> None:
    assert await brain.compose(question("Is fire cold?"), grammar=GRAMMAR, tokens=4) in {"yes", "no"}
    assert "Paris" in "".join(await ask(brain, "What is the capital of France?"))


async def test_more_text_is_more_tokens_and_a_text_takes_no_more_than_its_bytes(brain: Brain) -> None:
    for text in ("It is Paris.", "是巴黎。", "2026-11-21", "🎉"):
        assert 0 < brain.tokens(text) <= len(text.encode())
        assert brain.tokens(text) < brain.tokens(text * 3)
    assert brain.tokens("") == 0


async def test_the_estimate_for_a_server_is_hardly_ever_too_low(file: Path) -> None:
    """By the tokenizer of Qwen, for the characters of GB 2312 in its order, the frequent ones first."""
    rows = (bytes([0xB0 + row]) for row in range(72))
    chinese = [b"".join(row + bytes([0xA1 + cell]) for cell in range(89)).decode("gb2312") for row in rows]
    async with here(file) as model, OpenAiHttp(Llm()) as remote:
        for text in chinese:
            assert model.tokens(text) <= 1.2 * remote.tokens(text)
        assert model.tokens("".join(chinese)) <= 1.05 * remote.tokens("".join(chinese))
        english = "The quick brown fox jumps over the lazy dog, and on 21 November 2026 it does so again."
        assert model.tokens(english) <= remote.tokens(english)
