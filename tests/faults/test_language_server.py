"""A language server that is gone, refuses, hangs, babbles or dies, and comes back."""

from __future__ import annotations

import asyncio
import logging
import ssl
import subprocess
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path

import pytest
from language_server import KEY, serving

from digital_life.backends.openai_http import OpenAiHttp
from digital_life.backends.standby import Standby
from digital_life.config import Llm, Server
from digital_life.errors import ModelError
from digital_life.values import Message, Role
from fakes.brain import FakeBrain
from fakes.clock import FakeClock
from fakes.completions import (
    STREAM,
    Behaviour,
    Completions,
    answers,
    completions,
    event,
    falls_silent_after,
    lists,
    refuses,
    sends,
)

SECRET = "My secret is a purple elephant. Where is Paris?"  # noqa: S105 - said, not a password
QUESTION = (Message(Role.SYSTEM, "You are Jarvis."), Message(Role.USER, SECRET))
SHORT_S = 0.2
PATIENT_S = 60.0
"""For a real model on a machine that tests other things too."""


@pytest.fixture
async def server() -> AsyncGenerator[Completions]:
    async with completions() as it:
        yield it


def settings(server: Completions, *, model: str = "") -> Llm:
    return Llm(server=Server(address=server.address, first_token_s=PATIENT_S, stall_s=PATIENT_S, model=model))


async def ask(model: OpenAiHttp | Standby) -> str:
    return "".join([piece async for piece in model.reply(QUESTION)])


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENT_S):
        while not true():
            await asyncio.sleep(0.01)


FAULTS: dict[str, tuple[Behaviour, str]] = {
    "no key": (refuses(401), "wants a key"),
    "not allowed": (refuses(403), "wants a key"),
    "no such path": (refuses(404), "address"),
    "moved": (refuses(308), "address"),
    "prompt too long": (refuses(400, '{"error": {"type": "exceed_context_size_error"}}'), "400 exceed_context_size"),
    "too much": (refuses(429), "too much to do"),
    "broken": (refuses(500, f'{{"detail": "{SECRET}"}}'), "failed.*500"),
    "loading": (refuses(503), "not ready yet"),
    "a web page": (refuses(200, "<html>Welcome!</html>"), "most end in /v1"),
    "no stream": (refuses(200, '{"choices": [{"message": {"content": "Paris"}}]}'), "most end in /v1"),
    "garbage": (sends(STREAM, b"data: {'Paris'\n\n"), "most end in /v1"),
    "no choices": (sends(STREAM, b'data: {"object": "chat"}\n\n'), "most end in /v1"),
    "not HTTP": (sends(b"220 mail.example.org ESMTP\r\n"), "broke off"),
    "nothing": (sends(), "broke off"),
    "ends at once": (sends(STREAM), "has no end"),
    "breaks off": (sends(STREAM, event("It is ")), "has no end"),
    "gives up": (sends(STREAM, event("It is "), b'data: {"error": {"type": "oom"}}\n\n'), "failed .oom"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_is_wrong_is_told_in_its_own_words_and_the_next_answer_is_whole(
    server: Completions, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    caplog.set_level(logging.INFO)
    server.chats, said = FAULTS[fault]
    async with OpenAiHttp(settings(server)) as model:
        with pytest.raises(ModelError, match=said) as caught:
            await ask(model)
        server.chats = answers("It is Paris.")
        assert await ask(model) == "It is Paris."
    assert server.address in str(caught.value)
    assert "purple" not in f"{caught.value!s} {caplog.text}"


@pytest.mark.parametrize(
    ("greets", "said"),
    [
        (refuses(401), "wants a key"),
        (refuses(404), "most end in /v1"),
        (refuses(200, "<html>"), "most end in /v1"),
        (lists(), "lists no model"),
    ],
)
async def test_a_server_that_does_not_say_what_it_has_is_told(
    server: Completions, greets: Behaviour, said: str
) -> None:
    server.greets = greets
    async with OpenAiHttp(settings(server)) as model:
        with pytest.raises(ModelError, match=said):
            await ask(model)


async def test_a_model_that_is_not_there_is_told_with_those_that_are(server: Completions) -> None:
    server.greets, server.chats = lists("llama", "qwen"), refuses(404)
    async with OpenAiHttp(settings(server, model="qwne")) as model:
        with pytest.raises(ModelError, match=r"no model qwne.*one of: llama, qwen"):
            await ask(model)


async def test_a_server_that_is_gone_at_the_start_is_told() -> None:
    async with completions() as gone:
        pass
    async with OpenAiHttp(settings(gone)) as model:
        with pytest.raises(ModelError, match="cannot be reached"):
            await ask(model)


@pytest.mark.parametrize(
    ("silence", "said"),
    [
        (falls_silent_after(), "did not begin"),
        (falls_silent_after(STREAM), "did not begin"),
        (
            falls_silent_after(STREAM, b'data: {"choices":[{"delta":{"role":"assistant"}}]}\n\n: ping\n\n'),
            "did not begin",
        ),
        (falls_silent_after(STREAM, event("It is ")), "fell silent"),
        (falls_silent_after(STREAM, event("It is "), b": ping\n\n"), "fell silent"),
    ],
)
async def test_silence_ends_the_answer_and_the_connection(server: Completions, silence: Behaviour, said: str) -> None:
    server.chats = silence
    at = Server(address=server.address, first_token_s=SHORT_S, stall_s=SHORT_S)
    async with OpenAiHttp(Llm(server=at)) as model:
        await model.greet()
        server.hung_up.clear()
        with pytest.raises(ModelError, match=said):
            await ask(model)
        await asyncio.wait_for(server.hung_up.wait(), PATIENT_S)


async def test_an_answer_that_is_closed_or_cancelled_closes_the_connection_at_once(server: Completions) -> None:
    async with OpenAiHttp(settings(server)) as model:
        await model.greet()
        server.chats = falls_silent_after(STREAM, event("Once upon "))
        server.hung_up.clear()
        async with aclosing(model.reply(QUESTION)) as pieces:
            await anext(pieces)
        await asyncio.wait_for(server.hung_up.wait(), PATIENT_S)
        server.hung_up.clear()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SHORT_S):
                await ask(model)
        await asyncio.wait_for(server.hung_up.wait(), PATIENT_S)
        server.chats = answers("It is Paris.")
        assert await ask(model) == "It is Paris."


def _signed_by_itself(certificate: Path) -> ssl.SSLContext:
    private = certificate.with_name("private.pem")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=brain")
    named = ("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(private), "-out", str(certificate))
    subprocess.run((*made, *named), check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, private)
    return context


async def test_only_a_server_with_a_certificate_that_is_trusted_is_talked_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A household may sign its own and name it in SSL_CERT_FILE."""
    certificate = tmp_path / "certificate.pem"
    async with completions(_signed_by_itself(certificate)) as server:
        async with OpenAiHttp(settings(server)) as model:
            with pytest.raises(ModelError, match="CERTIFICATE_VERIFY_FAILED"):
                await ask(model)
        assert not server.requests
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        async with OpenAiHttp(settings(server)) as model:
            assert await ask(model) == "It is Paris."


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in {"breaks off", "gives up"}])
async def test_the_machine_itself_answers_the_very_turn(server: Completions, fault: str) -> None:
    server.chats, _ = FAULTS[fault]
    local = FakeBrain({"Paris": "It is in France."})
    async with OpenAiHttp(settings(server)) as remote, Standby.open(remote, local, clock=FakeClock()) as standby:
        assert await ask(standby) == "It is in France."


async def test_a_server_killed_in_the_middle_of_an_answer_is_stood_in_for_and_taken_back(
    models_dir: Path, tmp_path: Path
) -> None:
    file = models_dir / "qwen2.5-coder-0.5b-instruct" / "model.gguf"
    key = tmp_path / "key"
    key.write_text(KEY)
    local = FakeBrain({"story": "I am here.", "France": "I am here."})
    story = (Message(Role.USER, "Tell me a very long story."),)
    france = (Message(Role.USER, "What is the capital of France?"),)

    with serving(file, tmp_path / "log") as real:
        at = Server(address=real.address, key_file=str(key), first_token_s=PATIENT_S, stall_s=PATIENT_S)
        llm = Llm(reply_tokens=200, temperature=0.0, server=at)
        async with OpenAiHttp(llm) as remote, Standby.open(remote, local, clock=FakeClock()) as standby:
            async with aclosing(standby.reply(story)) as pieces:
                assert await anext(pieces)
                real.kill()
                with pytest.raises(ModelError, match="broke off"):
                    assert [piece async for piece in pieces]
            assert "".join([piece async for piece in standby.reply(story)]) == "I am here."
            with serving(file, tmp_path / "log", port=real.port):
                await until(lambda: not standby._reach.lost)
                assert "Paris" in "".join([piece async for piece in standby.reply(france)])


async def test_every_address_is_asked_without_a_redirect(server: Completions) -> None:
    """A server elsewhere must not get the key."""
    redirect = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {server.address}/x\r\nContent-Length: 0\r\n\r\n"
    server.chats = sends(redirect.encode())
    async with OpenAiHttp(settings(server)) as model:
        with pytest.raises(ModelError, match="most end in /v1"):
            await ask(model)
    assert len(server.requests) == 1
