"""The mind, put together: language model, memory, tools, and what answers with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace

import httpx

from digital_life.agenda import tools as agenda_tools
from digital_life.agenda.agenda import Agenda
from digital_life.backends.consents import FileConsents
from digital_life.backends.documents import FolderDocuments
from digital_life.backends.e5 import E5
from digital_life.backends.mcp_client import open_mcp
from digital_life.backends.meanings import EXAMPLES, KeptMeanings
from digital_life.backends.open_meteo import OpenMeteo
from digital_life.backends.pinyin import sound
from digital_life.backends.searxng import SearxNg
from digital_life.backends.web import open_web
from digital_life.belonging import EVERYBODY, Household
from digital_life.care.care import Care
from digital_life.caring import open_care, ready
from digital_life.config import Persona
from digital_life.context import Context
from digital_life.devices import tools as device_tools
from digital_life.devices.tools import Commands
from digital_life.memory import tools as memory_tools
from digital_life.memory.life import Life
from digital_life.memory.wishes import MemoryWishes
from digital_life.ports import Brain, Everyone, Mute, Volume, Wishes
from digital_life.talking.being import Being
from digital_life.talking.prompting import Budget, Prompting
from digital_life.tool import Tool
from digital_life.tools import announce, mute, plugins, read, search, time, volume, weather
from digital_life.tools.permission import Permission
from digital_life.tools.toolbox import Toolbox

LEARNING_S = 3.0
"""For so long the start waits for what the examples teach; only the first start of all takes longer."""


@dataclass(frozen=True, slots=True)
class Body:
    """What it may move by itself, of the machine and of the home; None where there is none."""

    muting: Mute | None = None
    volume: Volume | None = None
    control: Commands | None = None
    """The devices of the home."""
    everyone: Everyone | None = None
    """Who is in other rooms."""


@dataclass(frozen=True, slots=True)
class Mind:
    """What thinks and remembers."""

    context: Context
    model: Brain
    life: Life
    tools: tuple[Tool, ...]
    """Those that serve every life."""
    requests: tuple[Wishes, ...]
    """The same of wishes."""
    toolbox: Toolbox
    """All of the tools, and those of this life."""
    care: Care | None
    wishes: tuple[Wishes, ...]
    """Asked before the tools, in this order."""

    async def awake(self) -> None:
        """Return when it knows when its tools are meant, and what gives cause for concern.

        At the first start of all it goes on learning, beside the talk.
        """
        if self.care:
            await ready()
        # As a rule it is done at once, and no first talk shares the processor with it.
        with suppress(TimeoutError):
            await asyncio.wait_for(self.toolbox.learned(), LEARNING_S)

    def being(
        self,
        persona: Persona,
        wishes: Sequence[Wishes],
        *,
        kept: bool,
        for_guests: Sequence[Wishes] = (),
        household: Household = EVERYBODY,
    ) -> Being:
        """Somebody with this mind; see Being for the rest."""
        settings = self.context.settings
        diaries = None if settings.memory.recall == "always" else self.life
        prompting = Prompting(
            persona=persona,
            clock=self.context.clock,
            budget=Budget.of(settings.llm.context, reply=settings.llm.reply_tokens, shares=self.life.shares),
            tokens=self.model.tokens,
            calls=diaries.taught if diaries and diaries.calls else "",
        )
        return Being(
            name=persona.name,
            prompting=prompting,
            memory=self.life,
            diaries=diaries,
            tools=self.toolbox,
            wishes=wishes,
            for_guests=for_guests,
            household=household,
            care=self.care,
            kept=kept,
        )

    def with_life(self, life: Life) -> Mind:
        """The same mind, which remembers another life."""
        life.use(self.model)
        remembering = MemoryWishes(life)
        toolbox = self.toolbox.with_tools((*memory_tools.tools(life, remembering), *self.tools))
        return replace(self, life=life, toolbox=toolbox, wishes=(*self.requests, remembering))


@asynccontextmanager
async def open_mind(context: Context, model: Brain, life: Life, agenda: Agenda, body: Body) -> AsyncGenerator[Mind]:
    """With all the tools of the settings, which it is still learning to tell apart: see `Mind.awake`."""
    life.use(model)
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(open_web())
        servers = await stack.enter_async_context(open_mcp(context.settings.tools.mcp, context.clock))
        permission = _permission(context)
        wishes = MemoryWishes(life)
        tools = (
            *agenda_tools.tools(agenda, life, context.clock),
            *time.tools(context.clock),
            *read.tools(FolderDocuments.of(context.settings.tools.read.folders)),
            *_of_the_internet(context, web, permission),
            *device_tools.tools(
                body.control,
                meanings=life,
                clock=context.clock,
                sound=sound,
                here=context.settings.rooms.here,
            ),
            *plugins.load(context.settings.tools.plugins),
            *(mute.tools(body.muting) if body.muting else ()),
            *(volume.tools(body.volume) if body.volume else ()),
            *(announce.tools(body.everyone) if body.everyone else ()),
        )
        of_life = memory_tools.tools(life, wishes)
        tools = (*tools, *servers.tools({each.name for each in (*of_life, *tools)}))
        toolbox = await stack.enter_async_context(_learning(context, (*of_life, *tools), model, life))
        care = await stack.enter_async_context(open_care(context, life)) if context.settings.care.enabled else None
        yield Mind(context, model, life, tools, (permission,), toolbox, care, (permission, wishes))


def _permission(context: Context) -> Permission:
    settings = context.settings.tools
    asked = {"weather": settings.weather.enabled, "search": settings.search.enabled}
    granted = [name for name, enabled in asked.items() if enabled]
    return Permission(FileConsents(context.home), context.clock, granted=granted)


def _of_the_internet(context: Context, web: httpx.AsyncClient, permission: Permission) -> tuple[Tool, ...]:
    settings = context.settings.tools
    engine = SearxNg(web, settings.search) if settings.search.address else None
    forecasts = OpenMeteo(web, settings.weather)
    return (
        *weather.tools(forecasts, permission, place=settings.weather.place),
        *search.tools(engine, permission),
    )


@asynccontextmanager
async def _learning(context: Context, tools: Sequence[Tool], model: Brain, life: Life) -> AsyncGenerator[Toolbox]:
    toolbox = Toolbox(tools, meanings=life, writer=model)
    kept = KeptMeanings(context.models / EXAMPLES, life, embedder=E5.name)
    async with asyncio.TaskGroup() as tasks:
        learning = tasks.create_task(toolbox.learn(kept), name="tools.learn")
        try:
            yield toolbox
        finally:
            learning.cancel()
