"""What the tools reach for: consents, the weather, the web, texts and the volume, all kept in the test."""

from __future__ import annotations

from dataclasses import dataclass, field

from digital_life.errors import ToolError
from digital_life.values import Document, Forecast, Language, WebPage


@dataclass
class FakeConsents:
    kept: dict[str, bool] = field(default_factory=dict)

    def allowed(self, what: str) -> bool | None:
        return self.kept.get(what)

    def keep(self, what: str, *, allowed: bool) -> None:
        self.kept[what] = allowed


@dataclass
class FakeVolume:
    level: float = 1.0


@dataclass
class FakeWeather:
    forecasts: dict[str, Forecast]
    asked: list[tuple[str, Language]] = field(default_factory=list)

    async def forecast(self, place: str, language: Language) -> Forecast | None:
        self.asked.append((place, language))
        return self.forecasts.get(place)


@dataclass
class FakeWebSearch:
    pages: tuple[WebPage, ...] = ()
    down: bool = False
    asked: list[tuple[str, Language]] = field(default_factory=list)

    async def search(self, what: str, language: Language) -> tuple[WebPage, ...]:
        self.asked.append((what, language))
        if self.down:
            raise ToolError("web-unreachable", site="searx.example.org")
        return self.pages


@dataclass
class FakeDocuments:
    texts: dict[str, str]

    async def names(self) -> tuple[str, ...]:
        return tuple(self.texts)

    async def read(self, name: str, *, characters: int) -> Document:
        text = self.texts[name]
        return Document(text[:characters], whole=len(text) <= characters)
