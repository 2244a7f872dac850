"""What is asked of a language server, and what is made of its answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.http_client import open_client
from digital_life.backends.openai_http import (
    FORMS,
    UNLIKELY,
    Form,
    OpenAiHttp,
    asked_again_s,
    estimated_tokens,
)
from digital_life.config import Llm, Server
from digital_life.errors import AwayError, ConfigError, ModelError
from digital_life.talking.spoken.languages import begins_in
from digital_life.values import Message, Role
from fakes.completions import DONE, STREAM, Behaviour, Completions, answers, completions, event, lists, refuses, sends

QUESTION = (Message(Role.SYSTEM, "You are Jarvis."), Message(Role.USER, "What is the capital of France?"))
GRAMMAR = 'root ::= "yes" | "no"'


@pytest.fixture
async def server() -> AsyncGenerator[Completions]:
    async with completions() as it:
        yield it


@pytest.fixture
async def model(server: Completions) -> AsyncGenerator[OpenAiHttp]:
    async with OpenAiHttp(Llm(reply_tokens=80, temperature=0.5, server=Server(address=server.address))) as it:
        yield it


async def ask(model: OpenAiHttp, *messages: Message) -> str:
    return "".join([piece async for piece in model.reply(messages or QUESTION)])


async def test_the_first_model_that_the_server_lists_is_asked_for_a_stream(
    server: Completions, model: OpenAiHttp
) -> None:
    server.greets = lists("qwen", "llama", maker="someone")
    assert await ask(model) == "It is Paris."
    assert await ask(model) == "It is Paris."
    assert server.requests[0] == {
        "model": "qwen",
        "messages": [
            {"role": "system", "content": "You are Jarvis."},
            {"role": "user", "content": "What is the capital of France?"},
        ],
        "stream": True,
        "max_tokens": 80,
        "temperature": 0.5,
        "top_p": 0.9,
    }


async def test_a_model_that_is_named_is_asked(server: Completions) -> None:
    async with OpenAiHttp(Llm(server=Server(address=f"{server.address}/", model="llama"))) as model:
        await ask(model)
    assert server.requests[0]["model"] == "llama"


@pytest.mark.parametrize(
    ("maker", "key"),
    [("llamacpp", "chat_template_kwargs"), ("vllm", "chat_template_kwargs"), ("library", "reasoning_effort")],
)
async def test_servers_at_home_are_asked_not_to_think_aloud_and_read_in_advance(
    server: Completions, model: OpenAiHttp, maker: str, key: str
) -> None:
    server.greets = lists("qwen", maker=maker)
    await model.prepare(QUESTION)
    assert key in server.requests[0]
    assert server.requests[0]["max_tokens"] == 1


async def test_nothing_is_read_in_advance_where_every_token_may_cost_money(
    server: Completions, model: OpenAiHttp
) -> None:
    server.greets = lists("gpt", maker="a cloud")
    await model.prepare(QUESTION)
    assert server.requests == []


async def test_thoughts_are_left_out(server: Completions, model: OpenAiHttp) -> None:
    server.chats = sends(
        STREAM, event("", reasoning_content="Hm."), event("<think>Hm.</think>"), event(" Paris."), DONE
    )
    assert await ask(model) == "Paris."


async def test_an_answer_in_the_wrong_language_is_asked_for_again_in_plain_words(
    server: Completions, model: OpenAiHttp
) -> None:
    server.chats = answers("It is ", "Paris.")

    def in_chinese(text: str) -> bool:
        server.chats = answers("是", "巴黎。")
        return begins_in(text, "zh")

    pieces = [piece async for piece in model.reply(QUESTION, may_begin=in_chinese)]
    assert "".join(pieces) == "是巴黎。"
    assert server.asked == [QUESTION[-1].text, f"{QUESTION[-1].text}\n(请用中文回答。)"]


async def test_an_answer_in_the_right_language_is_taken_whole(server: Completions, model: OpenAiHttp) -> None:
    server.chats = answers(*"It is Paris, of course.")
    pieces = [piece async for piece in model.reply(QUESTION, may_begin=lambda text: begins_in(text, "en"))]
    assert "".join(pieces) == "It is Paris, of course."
    assert len(server.requests) == 1


@pytest.mark.parametrize("form", FORMS)
async def test_how_a_server_takes_grammars_is_tried_once(server: Completions, model: OpenAiHttp, form: Form) -> None:
    (key,) = form("").keys()

    async def by_grammar(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        grammar = str(server.requests[-1].get(key, ""))
        said = UNLIKELY if UNLIKELY in grammar else "yes" if "yes" in grammar else "maybe"
        await answers(said)(reader, writer)

    server.chats = by_grammar
    assert await model.takes_grammars()
    tried = len(server.requests)
    assert await model.compose(QUESTION, grammar=GRAMMAR, tokens=4) == "yes"
    assert len(server.requests) == tried + 1


@pytest.mark.parametrize("chats", [answers("maybe"), refuses(400)])
async def test_a_server_that_keeps_to_no_grammar_writes_nothing(
    server: Completions, model: OpenAiHttp, chats: Behaviour
) -> None:
    server.chats = chats
    assert not await model.takes_grammars()
    with pytest.raises(ModelError, match="grammar"):
        await model.compose(QUESTION, grammar=GRAMMAR, tokens=4)


async def test_the_key_is_read_from_its_file_each_time(server: Completions, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("old\n")
    async with OpenAiHttp(Llm(server=Server(address=server.address, key_file=str(file)))) as model:
        await ask(model)
        file.write_text("new\n")
        await ask(model)
    assert server.keys == ["bearer old", "bearer old", "bearer new"]


@pytest.mark.parametrize("content", [b"", b"two words", b"sk-secret\x00", "sk-schlüssel".encode()])
async def test_a_key_that_cannot_be_one_is_told_and_not_shown(
    server: Completions, tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    caplog.set_level(logging.DEBUG)
    file = tmp_path / "key"
    file.write_bytes(content)
    async with OpenAiHttp(Llm(server=Server(address=server.address, key_file=str(file)))) as model:
        with pytest.raises(ModelError, match="one word") as caught:
            await ask(model)
    assert "sk-" not in f"{caught.value!s} {caplog.text}"


async def test_a_key_stands_neither_in_an_error_nor_in_the_log(
    server: Completions, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.greets = server.chats = refuses(401, '{"error": {"message": "sk-secret is wrong", "type": "auth"}}')
    file = tmp_path / "key"
    file.write_text("sk-secret")
    async with OpenAiHttp(Llm(server=Server(address=server.address, key_file=str(file)))) as model:
        with pytest.raises(ModelError, match="refuses the key") as caught:
            await ask(model)
    assert "sk-secret" not in f"{caught.value!s} {caplog.text}"


@pytest.mark.parametrize(
    ("address", "by_proxy"),
    [
        ("http://127.0.0.1:8080/v1", False),
        ("http://localhost:8080/v1", False),
        ("http://[::1]:8080/v1", False),
        ("http://192.168.1.5:8080/v1", False),
        ("http://brain.local/v1", False),
        ("https://api.example.org/v1", True),
    ],
)
async def test_only_what_lies_outside_the_house_is_asked_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch, address: str, *, by_proxy: bool
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with open_client(address, setting="llm.server.address", connect_s=1.0) as client:
        assert client.trust_env == by_proxy


@pytest.mark.parametrize("address", ["http://there:99999", "http://there:port"])
async def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(ConfigError, match="is no address"):
        OpenAiHttp(Llm(server=Server(address=address)))


@given(st.text(), st.text())
def test_more_text_is_never_less_tokens(one: str, other: str) -> None:
    both = estimated_tokens(one + other)
    assert (
        max(estimated_tokens(one), estimated_tokens(other)) <= both <= estimated_tokens(one) + estimated_tokens(other)
    )


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_a_chinese_character_is_a_token(text: str) -> None:
    assert estimated_tokens(text) == len(text)


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Sun, 22 Nov 2026 06:01:30 GMT", 90),
        ("Sun, 22 Nov 2026 05:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
    ],
)
def test_when_a_server_wants_to_be_asked_again_is_read(after: str, seconds: float | None) -> None:
    assert asked_again_s({"Retry-After": after, "Date": "Sun, 22 Nov 2026 06:00:00 GMT"}) == seconds


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_server_tells_when_it_may_be_asked_again_and_is_not_asked_anew_what_it_is(
    server: Completions, model: OpenAiHttp, status: int
) -> None:
    await ask(model)
    server.greets = refuses(500)  # whoever asks for its models now fails otherwise
    server.chats = refuses(status, after="7")
    with pytest.raises(AwayError, match="too much to do") as caught:
        await ask(model)
    assert caught.value.after_s == 7
    server.chats = answers("It is Paris.")
    assert await ask(model) == "It is Paris."
