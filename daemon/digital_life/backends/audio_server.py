"""A server that is asked over HTTP for a sound, or for the words in one: a request, and its whole answer in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Final, Self

import httpx

from digital_life.backends.completion import code
from digital_life.backends.http_client import key_header, open_client
from digital_life.errors import ModelError

REACH_S: Final = 2.0
"""A turn waits for it: one that is not reached by then is lost, and this machine's own part takes over."""
LARGEST: Final = 32 * 1024 * 1024
"""Bytes of an answer: a minute of a studio's sound, where a sentence takes 1 MB."""
LARGEST_REFUSAL: Final = 64 * 1024


class AudioServer:
    """An async context manager: leaving it closes the connections."""

    def __init__(self, address: str, *, setting: str, timeout_s: float, key_file: str = "") -> None:
        """`setting` is the key that holds `address`, as in "tts.f5.url"; its section is named by what goes wrong."""
        self._address = address.rstrip("/")
        self._section = setting.rpartition(".")[0]
        self._timeout_s = timeout_s
        self._key_file = key_file
        self._client = open_client(address, setting=setting, connect_s=min(REACH_S, timeout_s))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def post(self, path: str, **body: Any) -> bytes:
        """What it answers to `body`, as httpx takes it. Raises ModelError."""
        async with self._response("POST", path, **body) as response:
            if not response.is_success:
                raise self.refusal(response.status_code, code(await self._read(response, LARGEST_REFUSAL)))
            return await self._read(response, LARGEST)

    async def greet(self, path: str) -> None:
        """Return when something answers that lets us in, whatever it thinks of the question. Raises ModelError."""
        async with self._response("GET", path) as response:
            if response.status_code in {401, 403} or response.is_server_error:
                raise self.refusal(response.status_code, "")

    def error(self, key: str, **values: object) -> ModelError:
        return ModelError(key, address=self._address, section=self._section, **values)

    def refusal(self, status: int, kind: str) -> ModelError:
        """What a status other than 200 means, and what to do."""
        match status:
            case 401 | 403:
                key = "elsewhere-key-refused" if self._key_file else "elsewhere-key-missing"
            case 404 | 405:
                key = "elsewhere-not-there"
            case 408 | 429:
                key = "elsewhere-busy"
            case 400 | 413 | 415 | 422:
                key = "elsewhere-rejected"
            case 503:
                key = "elsewhere-loading"
            case _:
                key = "elsewhere-failed" if httpx.codes.is_server_error(status) else "elsewhere-foreign"
        return self.error(key, path=self._key_file, cause=f"{status} {kind}".rstrip())

    @asynccontextmanager
    async def _response(self, method: str, path: str, **body: Any) -> AsyncGenerator[httpx.Response]:
        """Within this, all is in time, and what goes wrong on the wire is said in our words."""
        headers: Mapping[str, str] = key_header(self._key_file, setting=f"{self._section}.key_file")
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._client.stream(method, f"{self._address}{path}", headers=headers, **body) as response,
            ):
                yield response
        except TimeoutError as error:
            raise self.error("elsewhere-silent", seconds=f"{self._timeout_s:g}") from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise self.error("elsewhere-unreachable", cause=str(error) or type(error).__name__) from error
        except httpx.RequestError as error:
            raise self.error("elsewhere-broke-off", cause=str(error) or type(error).__name__) from error

    async def _read(self, response: httpx.Response, most: int) -> bytes:
        whole = bytearray()
        async for block in response.aiter_bytes():
            whole += block
            if len(whole) > most:
                raise self.error("elsewhere-large")
        return bytes(whole)
