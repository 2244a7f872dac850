"""Where the face is shown: every display that is connected, told what happens as it happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol

from digital_life.broadcast import Event
from digital_life.display.acting import Acting
from digital_life.display.messages import Clock as ClockMessage
from digital_life.display.messages import Expression, Message, MessageError, Motion, Mouth, Status, from_json, to_json
from digital_life.ports import Clock, Page

log = logging.getLogger(__name__)

MOST_REFUSED = 20
"""A page that sends so much that is no message is no display, and is closed."""
TAP_S = 0.3
"""Within it taps are one: one that comes back from the broker, or that two displays heard."""
LOOK_S = 1.0
"""What is due is looked for so often at least: an event may have brought it forward."""
TAP = Motion(name="tap")


class Audience(Protocol):
    """Displays elsewhere."""

    @property
    def watching(self) -> bool: ...

    def tell(self, message: Message, payload: bytes) -> None:
        """`payload` is `message` as JSON."""
        ...


class Stage:
    """The Channel of displays; `hear` what happens, and within `lit` a look ends when it is over."""

    def __init__(self, acting: Acting, *, clock: Clock) -> None:
        self._acting = acting
        self._clock = clock
        self._pages: dict[str, Page] = {}
        self._refused: dict[str, int] = {}
        """How much of each page was no message."""
        self._audiences: list[Audience] = []
        self._tapped = float("-inf")
        """Monotonic seconds of the last tap."""
        self._news = asyncio.Event()

    @asynccontextmanager
    async def lit(self) -> AsyncGenerator[None]:
        async with asyncio.TaskGroup() as tasks:
            settling = tasks.create_task(self._settle(), name="display.settle")
            try:
                yield
            finally:
                settling.cancel()

    def hear(self, event: Event) -> None:
        for message in self._acting.hear(event, now=self._clock.monotonic()):
            self.tell(message)
        self._news.set()

    # Who looks.

    @property
    def watched(self) -> bool:
        """Whether anybody may be looking: else a mouth need not move."""
        return bool(self._pages) or any(each.watching for each in self._audiences)

    def join(self, audience: Audience) -> None:
        self._audiences.append(audience)

    def leave(self, audience: Audience) -> None:
        self._audiences.remove(audience)

    @property
    def present(self) -> tuple[Status, Expression]:
        """What a display is told that has just come."""
        return self._acting.present

    def tell(self, message: Message, *, but: str = "") -> None:
        """Every display, `but` the page of that id."""
        if not self._pages and not self._audiences:
            return
        payload = to_json(message)
        for page in tuple(self._pages.values()):
            if page.id != but:
                page.send(payload)
        for each in self._audiences:
            each.tell(message, payload)

    def move(self, mouth: Mouth) -> None:
        """The mouth of every display."""
        self.tell(mouth)

    # The Channel.

    def opened(self, page: Page) -> None:
        self._pages[page.id] = page
        for message in self.present:
            page.send(to_json(message))

    def told(self, page: Page, message: str) -> None:
        try:
            said = from_json(message)
        except MessageError as error:
            self._refuse(page, str(error))
            return
        match said:
            case ClockMessage(at=None):
                page.send(to_json(self.answered(said)))
            case Motion() if said == TAP:
                self.tapped(by=page.id)
            case _:
                self._refuse(page, f"a display does not send {type(said).__name__}")

    def heard(self, page: Page, pcm: bytes) -> None:
        self._refuse(page, f"{len(pcm)} bytes of sound")

    def closed(self, page: Page) -> None:
        self._pages.pop(page.id, None)
        self._refused.pop(page.id, None)

    # What displays ask and tell.

    def answered(self, question: ClockMessage) -> ClockMessage:
        """What time it is."""
        now = round(self._clock.now().timestamp() * 1000)
        return ClockMessage(page=question.page, sent=question.sent, at=now)

    def tapped(self, *, by: str = "") -> None:
        """Somebody tapped a display; the page of that id has moved already."""
        now = self._clock.monotonic()
        if now - self._tapped >= TAP_S:
            self._tapped = now
            self.tell(TAP, but=by)

    def _refuse(self, page: Page, why: str) -> None:
        log.debug("refused of display %s: %s", page.id, why)
        self._refused[page.id] = self._refused.get(page.id, 0) + 1
        if self._refused[page.id] == MOST_REFUSED:
            log.info("a display sent %d messages that are none and is closed", MOST_REFUSED)
            page.close()

    async def _settle(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while (due := self._acting.due) is not None:
                await self._clock.sleep(min(LOOK_S, max(0.0, due - self._clock.monotonic())))
                for message in self._acting.settle(now=self._clock.monotonic()):
                    self.tell(message)
