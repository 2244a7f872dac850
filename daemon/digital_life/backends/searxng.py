"""The web, searched through a SearXNG, https://docs.searxng.org."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from digital_life.backends.web import ask
from digital_life.values import WebPage

if TYPE_CHECKING:
    import httpx

    from digital_life.config import SearchTool
    from digital_life.values import Language


class _Result(msgspec.Struct):
    url: str
    title: str = ""
    content: str | None = None


class _Answer(msgspec.Struct):
    results: list[_Result]


class SearxNg:
    """WebSearch."""

    def __init__(self, web: httpx.AsyncClient, settings: SearchTool) -> None:
        self._web = web
        self._settings = settings

    async def search(self, what: str, language: Language) -> tuple[WebPage, ...]:
        address = f"{self._settings.address.rstrip('/')}/search"
        params = {"q": what, "format": "json", "language": language}
        answer = await ask(self._web, address, _Answer, params=params, timeout_s=self._settings.timeout_s)
        return tuple(
            WebPage(urlsplit(each.url).hostname or "", each.title, each.content or "") for each in answer.results
        )
