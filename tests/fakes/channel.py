"""A channel that remembers, and answers what it is told."""

from __future__ import annotations

from digital_life.ports import Page


class FakeChannel:
    def __init__(self) -> None:
        self.pages: list[Page] = []
        """That are connected."""
        self.said: list[str] = []
        self.heard_bytes = 0
        self.closings = 0
        self.broken = False
        """Whether it raises at whatever it is told."""

    def opened(self, page: Page) -> None:
        self.pages.append(page)
        page.send(b'{"type":"hello"}')

    def told(self, page: Page, message: str) -> None:
        if self.broken:
            raise ValueError(message)
        self.said.append(message)
        page.send(message.encode())

    def heard(self, page: Page, pcm: bytes) -> None:
        self.heard_bytes += len(pcm)
        page.send_sound(pcm)

    def closed(self, page: Page) -> None:
        self.pages.remove(page)
        self.closings += 1

    def send_all(self, message: bytes) -> None:
        for page in self.pages:
            page.send(message)
