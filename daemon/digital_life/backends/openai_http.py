"""The language model of a server that speaks OpenAI's chat completions: llama-server, Ollama, vLLM, a cloud."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Final, Literal, Self

import httpx
import msgspec

from digital_life import config, words
from digital_life.backends.completion import BrokenCompletionError, Completion, NoCompletionError, Piece, code
from digital_life.backends.http_client import key_header, open_client
from digital_life.backends.marks import FAMILIES, Marks
from digital_life.backends.thoughts import Thoughts
from digital_life.errors import AwayError, ModelError
from digital_life.values import Message, Role

_MARKS: Final = Marks(FAMILIES)
NO_THOUGHTS: Final = {"chat_template_kwargs": {"enable_thinking": False}}
MAKERS: Mapping[str, Mapping[str, object]] = {
    "llamacpp": NO_THOUGHTS,
    "vllm": NO_THOUGHTS,
    "sglang": NO_THOUGHTS,
    "library": {"reasoning_effort": "none"},  # Ollama
    "me": {},  # llama_cpp.server
}
"""Who a server says owns its models, and how each is asked not to think aloud.

These keep the prompts that they have read and are paid with electricity, so prompts are sent to them in advance.
Others may charge for every token, and refuse keys that they do not know.
"""
UNHURRIED_S = 30.0
"""Until the first word of what nobody waits for: a model may have to be loaded first, and a whole prompt to be read."""
FIRST_PIECES = 4
"""They decide in which language an answer is."""

Form = Callable[[str], dict[str, object]]
FORMS: Sequence[Form] = (
    lambda grammar: {"grammar": grammar},  # llama.cpp
    lambda grammar: {"structured_outputs": {"grammar": grammar}},  # vLLM
    lambda grammar: {"guided_grammar": grammar},  # vLLM before 0.12
)
"""Where a grammar stands in a request. A server that does not know the key ignores it, or rejects the request."""
UNLIKELY = "quincunx"
"""Nothing but a grammar has a model say that."""
UNLIKELY_TOKENS = 16

AWAY: Final = frozenset(
    {"server-unreachable", "server-silent", "server-stalled", "server-broke-off", "server-busy", "server-loading"}
)
"""Errors that may pass by themselves."""


@dataclass(frozen=True, slots=True)
class Served:
    """What a server says of itself."""

    models: tuple[str, ...]
    maker: str
    """Who owns the first one; tells which program it is."""


class _Model(msgspec.Struct):
    id: str
    owned_by: str = ""


class _Models(msgspec.Struct):
    data: list[_Model]


class OpenAiHttp:
    """A LanguageModel and a Writer. An async context manager: leaving it closes the connections."""

    def __init__(self, settings: config.Llm) -> None:
        self._settings = settings
        self._server = settings.server
        self._client = open_client(
            settings.server.address, setting="llm.server.address", connect_s=settings.server.connect_s
        )
        self._served: Served | None = None
        """None: not asked since it was lost."""
        self._form: Form | Literal[False] | None = None
        """How it takes grammars. False: not at all; None: not tried."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def greet(self) -> Served:
        """Ask the server which models it has. Raises ModelError."""
        self._forget()
        async with self._within(self._server.first_token_s, "server-silent"), self._understood():
            response = await self._client.get("models", headers=self._headers())
            if response.is_success:
                self._served = self._read_models(response.content)
                return self._served
        raise self._refusal(response, response.content)

    async def takes_grammars(self) -> bool:
        """Whether it keeps to a grammar; tried once. Raises ModelError."""
        return await self._find_form() is not False

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        async with aclosing(self._answer(messages)) as pieces:
            begun, fits = await _beginning(pieces, may_begin) if may_begin else ("", True)
            demand = _demand(may_begin) if may_begin and not fits else ""
            if not demand:
                if begun:
                    yield begun
                async for piece in pieces:
                    yield piece
                return
        *before, last = messages
        async with aclosing(self._answer((*before, replace(last, text=f"{last.text}\n({demand})")))) as pieces:
            async for piece in pieces:
                yield piece

    async def prepare(self, messages: Sequence[Message]) -> None:
        if (await self._met()).maker in MAKERS:
            await self._write(messages, tokens=1)

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        """Nothing: what the server has read is the server's to keep."""

    def tokens(self, text: str) -> int:
        return estimated_tokens(text)

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
        form = await self._find_form()
        if not form:
            raise self._error("server-without-grammar")
        return await self._write(messages, tokens=tokens, temperature=temperature, **form(grammar))

    def _answer(self, messages: Sequence[Message]) -> AsyncGenerator[str]:
        settings = self._settings
        return self._pieces(
            messages,
            patience_s=self._server.first_token_s,
            tokens=settings.reply_tokens,
            temperature=settings.temperature,
            top_p=settings.top_p,
        )

    async def _write(self, messages: Sequence[Message], *, tokens: int, **more: object) -> str:
        patience_s = max(UNHURRIED_S, self._server.first_token_s)
        async with aclosing(self._pieces(messages, patience_s=patience_s, tokens=tokens, **more)) as pieces:
            return "".join([piece async for piece in pieces])

    async def _find_form(self) -> Form | Literal[False]:
        """Have it say what only a grammar makes a model say."""
        if self._form is None:
            for form in FORMS:
                if await self._keeps_to(form):
                    self._form = form
                    return form
            self._form = False
        return self._form

    async def _keeps_to(self, form: Form) -> bool:
        asked = (Message(Role.USER, "yes?"),)
        try:
            written = await self._write(
                asked, tokens=UNLIKELY_TOKENS, temperature=0.0, **form(f'root ::= "{UNLIKELY}"')
            )
        except ModelError as error:
            if error.key != "server-rejected":
                raise
            return False
        return written.strip() == UNLIKELY

    async def _met(self) -> Served:
        return self._served or await self.greet()

    def _forget(self) -> None:
        """It may be another server, or have other models, when it answers again."""
        self._served = self._form = None

    async def _pieces(
        self, messages: Sequence[Message], *, patience_s: float, tokens: int, **more: object
    ) -> AsyncGenerator[str]:
        """The answer without its thoughts, each piece in time."""
        served = await self._met()
        request = {
            "model": self._server.model or served.models[0],
            "messages": [{"role": each.role.value, "content": _MARKS.broken(each.text)} for each in messages],
            "stream": True,
            "max_tokens": tokens,
            **MAKERS.get(served.maker, {}),
            **more,
        }
        thoughts = Thoughts()
        async with aclosing(self._stream(request)) as stream:
            seconds, late = patience_s, "server-silent"
            while True:
                async with self._within(seconds, late):
                    piece = await anext(stream, None)
                if piece is None:
                    break
                if said := thoughts.feed(piece.text):
                    yield said
                seconds, late = self._server.stall_s, "server-stalled"
        if said := thoughts.end():
            yield said

    async def _stream(self, request: Mapping[str, object]) -> AsyncGenerator[Piece]:
        """What the server sends. Closing this closes the connection, by which a server knows to stop."""
        completion = Completion()
        sending = self._client.stream("POST", "chat/completions", json=request, headers=self._headers())
        async with self._understood(), sending as response:
            if not response.is_success:
                refusal = self._refusal(response, await response.aread())
                # One that is merely busy is the same as before: to ask it anew what it can would keep it busier still.
                if refusal.key != "server-busy":
                    self._forget()
                raise refusal
            async for block in response.aiter_bytes():
                for piece in completion.feed(block):
                    yield piece
        streams = response.headers.get("Content-Type", "").startswith("text/event-stream")
        if not completion.begun and not streams:
            raise self._error("server-foreign")
        if not completion.ended:
            raise self._error("server-broke-off", cause="the answer has no end")

    @asynccontextmanager
    async def _understood(self) -> AsyncGenerator[None]:
        """Say in our words what goes wrong on the wire."""
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            self._forget()
            raise self._error("server-unreachable", cause=str(error) or type(error).__name__) from error
        except httpx.RequestError as error:
            self._forget()
            raise self._error("server-broke-off", cause=str(error) or type(error).__name__) from error
        except BrokenCompletionError as error:
            raise self._error("server-failed", cause=error) from error
        except NoCompletionError as error:
            raise self._error("server-foreign") from error

    @asynccontextmanager
    async def _within(self, seconds: float, late: str) -> AsyncGenerator[None]:
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError as error:
            self._forget()
            raise self._error(late, seconds=f"{seconds:g}") from error

    def _headers(self) -> dict[str, str]:
        return key_header(self._server.key_file, setting="llm.server.key_file")

    def _read_models(self, body: bytes) -> Served:
        try:
            models = msgspec.json.decode(body, type=_Models).data
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise self._error("server-foreign") from error
        if not models:
            raise self._error("server-without-models")
        return Served(tuple(each.id for each in models), models[0].owned_by)

    def _refusal(self, response: httpx.Response, body: bytes) -> ModelError:
        """What a status other than 200 means, and what to do."""
        server, models = self._server, self._served.models if self._served else ()
        status, again_s = response.status_code, asked_again_s(response.headers)
        match status:
            case 401 | 403:
                key = "server-key-refused" if server.key_file else "server-key-missing"
            case 404 if models and server.model not in ("", *models):
                key = "server-without-model"
            case 408 | 429:
                key = "server-busy"
            case 503 if again_s is not None:
                key = "server-busy"
            case 400 | 413 | 422:
                key = "server-rejected"
            case 503:
                key = "server-loading"
            case _:
                key = "server-failed" if httpx.codes.is_server_error(status) else "server-foreign"
        cause = f"{status} {code(body)}".rstrip()
        values = {"path": server.key_file, "model": server.model, "models": ", ".join(models), "cause": cause}
        return self._error(key, again_s, **values)

    def _error(self, key: str, again_s: float | None = None, **values: object) -> ModelError:
        if key in AWAY:
            return AwayError(key, after_s=again_s, address=self._server.address, **values)
        return ModelError(key, address=self._server.address, **values)


def asked_again_s(headers: Mapping[str, str]) -> float | None:
    """When a server wants to be asked again (RFC 9110, Retry-After); None when it does not say.

    A date is counted from the server's own: the clocks may differ.
    """
    said = headers.get("Retry-After", "").strip()
    if said.isdecimal() and said.isascii():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - parsedate_to_datetime(headers["Date"])).total_seconds())
    except (KeyError, TypeError, ValueError):
        return None


def estimated_tokens(text: str) -> int:
    """How many tokens `text` takes, rather more than fewer: a Chinese character, a digit and a mark take one each."""
    plain, others = re.findall(r"[A-Za-z ]", text), re.findall(r"[^A-Za-z ]", text)
    return _thirds(len(plain)) + sum(_thirds(len(each.encode())) for each in others)


def _thirds(count: int) -> int:
    """Of the letters of a word, which has four to a token, and of the bytes of whatever else: rounded up."""
    return -(-count // 3)


async def _beginning(pieces: AsyncGenerator[str], may_begin: Callable[[str], bool]) -> tuple[str, bool]:
    """The first pieces, and whether an answer may begin so; the rest is not read once it may not."""
    begun, count = "", 0
    async for piece in pieces:
        begun, count = begun + piece, count + 1
        if not may_begin(begun):
            return begun, False
        if count == FIRST_PIECES:
            break
    return begun, True


def _demand(may_begin: Callable[[str], bool]) -> str:
    """A sentence that asks for the language in which an answer may begin; itself it begins in that language."""
    demands = [words.load(each).text("server.language") for each in words.LANGUAGES]
    return next(filter(may_begin, demands), "")
