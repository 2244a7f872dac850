"""What is wished of the companion on the broker, done: refused where it must be, each in its turn, never too much."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from digital_life import words
from digital_life.devices import orders
from digital_life.devices.orders import (
    Admission,
    Ask,
    Limit,
    Order,
    Problem,
    Refusal,
    Remind,
    Say,
    SetMute,
    SetPersona,
    SetVolume,
    Stop,
    WriteDiary,
)
from digital_life.devices.topics import Command, Topics
from digital_life.errors import CrowdedError, DigitalLifeError, ToolError
from digital_life.ports import Broker, Clock, Mute, Talk, Volume, Wanted
from digital_life.values import Language, Published

log = logging.getLogger(__name__)

SETTLE_S = 0.1
"""So long an order waits: of a flood it is dropped with the rest, and nothing of it is said or done."""
WAITING = 20
"""Texts to be said, and as many questions, that may wait for a person to end; then they are refused."""
NOTICE_S = 3.0
"""A text that waits longer for others to be said is told so."""
DONE_S = 20.0
"""The longest that one order may hold up the next."""


@dataclass(frozen=True, slots=True)
class Body:
    """What an order moves."""

    talk: Talk
    mute: Mute
    volume: Volume
    persona: Wanted
    language_of: Callable[[str], Language]
    write_diary: Callable[[], Awaitable[None]]
    """Raises DigitalLifeError."""
    remind: Callable[[Remind], Awaitable[None]]
    """Raises ToolError where no time to come is named, else DigitalLifeError."""


@dataclass(frozen=True, slots=True, eq=False)
class _Errand:
    order: Order
    command: Command
    answer_to: str
    correlation: bytes = field(repr=False)


class Errands:
    """`take` hears the broker; `run` does what was wished, until it is cancelled."""

    def __init__(
        self,
        broker: Broker,
        *,
        topics: Topics,
        personas: Sequence[str],
        body: Body,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        """`changed` is called when something may not be as it was told."""
        self._broker = broker
        self._topics = topics
        self._personas = personas
        self._body = body
        self._clock = clock
        self._changed = changed
        self._limits: dict[Command | None, Limit] = {each: Limit() for each in (*Command, None)}
        self._wished: list[_Errand] = []
        """Bounded by the limits."""
        self._came = asyncio.Event()
        self._to_say: asyncio.Queue[_Errand] = asyncio.Queue(WAITING)
        self._saying: asyncio.Task[None] | None = None
        self._waiting: deque[_Errand] = deque()
        """What is in `_to_say`."""
        self._asked = 0
        """Questions that are not answered."""
        self._tasks: asyncio.TaskGroup

    def take(self, message: Published) -> None:
        """A message on one of the topics of commands."""
        command = self._topics.command(message.topic)
        admission = self._limits[command].judge(self._clock.monotonic())
        if admission is Admission.FLOOD:
            self._wished = [each for each in self._wished if each.command is not command]
            self._refuse(command, Problem.TOO_MANY)
        if admission is not Admission.ADMITTED:
            return
        order = orders.read(message, topics=self._topics, personas=self._personas)
        if isinstance(order, Refusal):
            safe = order.problem is not Problem.RESPONSE_TOPIC
            self._refuse(command, order.problem, message.answer_to if safe else "", message.correlation)
        elif command:
            self._wished.append(_Errand(order, command, message.answer_to, message.correlation))
            self._came.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as self._tasks:
            self._tasks.create_task(self._obey(), name="errands.obey")
            self._tasks.create_task(self._say_all(), name="errands.say")

    async def _obey(self) -> None:
        while True:
            await self._came.wait()
            await self._clock.sleep(SETTLE_S)
            self._came.clear()
            wished, self._wished = self._wished, []
            for each in wished:
                await self._do(each)

    async def _do(self, errand: _Errand) -> None:
        try:
            async with asyncio.timeout(DONE_S):
                done = await self._begin(errand)
        except TimeoutError:
            self._fail(errand, Problem.BUSY)
        except ToolError:
            self._fail(errand, Problem.NO_TIME)
        except DigitalLifeError as error:
            log.warning("%s", error)
            self._fail(errand, Problem.NOT_KEPT)
        else:
            if done:
                self._tell(errand, {"done": True})

    async def _begin(self, errand: _Errand) -> bool:
        """Whether it is done; else it waits, or was refused."""
        body = self._body
        match errand.order:
            case Say():
                self._line_up(errand)
                return False
            case Ask() as question:
                self._ask(errand, question)
                return False
            case Stop():
                await self._stop()
            case WriteDiary():
                await body.write_diary()
            case Remind() as wish:
                await body.remind(wish)
            case SetMute() | SetVolume() | SetPersona() as change:
                self._set(change)
        return True

    def _set(self, change: SetMute | SetVolume | SetPersona) -> None:
        match change:
            case SetMute(on):
                self._body.mute.on = on
            case SetVolume(percent):
                self._body.volume.level = percent / 100
            case SetPersona(name):
                self._body.persona.name = name
        self._changed()

    def _line_up(self, errand: _Errand) -> None:
        """To be said after those before it."""
        try:
            self._to_say.put_nowait(errand)
        except asyncio.QueueFull:
            self._fail(errand, Problem.BUSY)
            return
        self._waiting.append(errand)
        asyncio.get_running_loop().call_later(NOTICE_S, self._tell_unsaid, errand)

    def _ask(self, errand: _Errand, question: Ask) -> None:
        if self._asked > WAITING:  # one of them is being answered
            self._fail(errand, Problem.BUSY)
            return
        self._asked += 1
        self._tasks.create_task(self._answer(errand, question), name="errands.answer")

    async def _stop(self) -> None:
        """What waits to be said is dropped; questions are not."""
        while not self._to_say.empty():
            self._to_say.get_nowait()
        self._waiting.clear()
        if self._saying:
            self._saying.cancel()
        await self._body.talk.stop()

    async def _say_all(self) -> None:
        while True:
            errand = await self._to_say.get()
            self._waiting.popleft()
            self._saying = self._tasks.create_task(self._say(errand), name="errands.saying")
            await asyncio.wait((self._saying,))
            self._saying = None

    async def _say(self, errand: _Errand) -> None:
        if isinstance(errand.order, Say):
            text = errand.order.text
            language = errand.order.language or self._body.language_of(text)
            whole = await self._body.talk.announce(text, language, ring=False)
            self._tell(errand, {"done": whole})

    def _tell_unsaid(self, errand: _Errand) -> None:
        if errand in self._waiting and isinstance(errand.order, Say):
            before = self._waiting.index(errand) + 1  # one is being said, or the next to be
            self._tell_waiting(errand, errand.order, before)

    def _tell_waiting(self, errand: _Errand, order: Say | Ask, before: int) -> None:
        words_of = words.load(order.language or self._body.language_of(order.text))
        notice = words_of.text("mqtt.waiting" if before > 1 else "mqtt.next", before=before)
        topic = self._topics.waiting(errand.command)
        self._publish(topic, {"id": order.id, "before": before, "notice": notice}, correlation=errand.correlation)

    async def _answer(self, errand: _Errand, question: Ask) -> None:
        language = question.language or self._body.language_of(question.text)
        waits = partial(self._tell_waiting, errand, question)
        try:
            turn = await self._body.talk.ask(question.text, language, who=f"mqtt {errand.answer_to}", waits=waits)
        except CrowdedError:
            self._fail(errand, Problem.BUSY)
            return
        finally:
            self._asked -= 1
        answer = {"id": question.id, "answer": turn.reply.said}
        answer |= {"problem": Problem.NO_ANSWER} if turn.failed else {}
        to = errand.answer_to or self._topics.answer
        self._publish(to, answer, correlation=errand.correlation)

    def _fail(self, errand: _Errand, problem: Problem) -> None:
        self._refuse(errand.command, problem, errand.answer_to, errand.correlation)

    def _refuse(self, command: Command | None, problem: Problem, answer_to: str = "", correlation: bytes = b"") -> None:
        log.warning("a command on MQTT is refused: %s, %s", command or "unknown", problem)
        self._publish(self._topics.error, {"command": command or "", "problem": problem})
        if answer_to:
            self._publish(answer_to, {"problem": problem}, correlation=correlation)

    def _tell(self, errand: _Errand, outcome: Mapping[str, object]) -> None:
        if errand.answer_to:
            self._publish(errand.answer_to, outcome, correlation=errand.correlation)

    def _publish(self, topic: str, told: Mapping[str, object], *, correlation: bytes = b"") -> None:
        payload = json.dumps(told, ensure_ascii=False).encode()
        self._broker.publish(Published(topic, payload, qos=1, correlation=correlation))
