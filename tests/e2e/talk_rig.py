"""A whole companion without a sound card, whose console is served: the talk of a page is heard and spoken there."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
import soxr
from browser import PLAIN, QUIET

from digital_life import app, words
from digital_life.backends.mute import FileMute
from digital_life.backends.terminals import Terminals
from digital_life.backends.volume import KeptVolume
from digital_life.broadcast import Broadcast, Event
from digital_life.clock import SystemClock
from digital_life.config import Llm, Models, Settings, Web
from digital_life.context import Context
from digital_life.conversing import ears_of, session_of
from digital_life.errors import SoundError
from digital_life.talking.session import Session
from digital_life.values import RATE, AudioFrame, Language, Speech, State, Turn, Utterance
from digital_life.web import console, course
from digital_life.web.server import open_server
from digital_life.web.site import Site
from digital_life.web.talk import About, Talk

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

WAIT_S = 90.0
"""For anything; a machine that tests other things too is slow."""
TAP = """() => {
  globalThis.played = [];
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) {
      const tap = this.context.createScriptProcessor(2048, 1, 1);
      globalThis.playedRate = this.context.sampleRate;
      tap.onaudioprocess = ({ inputBuffer }) => globalThis.played.push(inputBuffer.getChannelData(0).slice());
      connect.call(this, tap);
      connect.call(tap, to);
    }
    return connect.call(this, to, ...rest);
  };
}"""
"""Notes what is heard in the page."""
PLAYED = """() => {
  const all = new Float32Array(globalThis.played.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of globalThis.played) { all.set(each, at); at += each.length; }
  const bytes = new Uint8Array(Int16Array.from(all, (x) => Math.max(-1, Math.min(1, x)) * 32767).buffer);
  let text = "";
  for (let start = 0; start < bytes.length; start += 32768) {
    text += String.fromCharCode(...bytes.subarray(start, start + 32768));
  }
  return [globalThis.playedRate ?? 48000, btoa(text)];
}"""
SPEAKER = """() => {
  const context = new AudioContext();
  const into = context.createMediaStreamDestination();
  navigator.mediaDevices.getUserMedia = async () => { await context.resume(); return into.stream.clone(); };
  globalThis.sayInto = async (url) => {
    const sound = await context.decodeAudioData(await (await fetch(url)).arrayBuffer());
    const source = new AudioBufferSourceNode(context, { buffer: sound });
    source.connect(into);
    source.start();
    return sound.duration;
  };
}"""
"""A microphone into which the test speaks when it likes."""


class NoMicrophone:
    def __init__(self) -> None:
        self.opened = 0

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        self.opened += 1
        await asyncio.sleep(0)
        if self.opened:
            raise SoundError("microphone-missing", device="none", cause="there is none")
        yield AudioFrame(b"", 0, 0.0)


class NoLoudspeaker:
    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        del speech, started
        raise SoundError("loudspeaker-missing", device="none", cause="there is none")

    def stop(self) -> None:
        """Nothing plays."""

    def turn(self, level: float) -> None:
        """Nothing plays."""


@dataclass
class Rig:
    """What happens, and the addresses."""

    parts: app.Parts
    session: Session
    terminals: Terminals
    talk: Talk
    address: str = ""
    events: list[Event] = field(default_factory=list)

    @property
    def turns(self) -> list[Turn]:
        return [event for event in self.events if isinstance(event, Turn)]

    @property
    def states(self) -> list[State]:
        return [event for event in self.events if isinstance(event, State)]

    async def until(self, holds: Callable[[], bool], *, wait_s: float = WAIT_S) -> None:
        try:
            async with asyncio.timeout(wait_s):
                while not holds():
                    await asyncio.sleep(0.01)
        except TimeoutError as error:
            raise AssertionError(self.events[-20:]) from error

    async def rest(self) -> None:
        await self.until(lambda: self.session.state in (State.IDLE, State.DEAF))

    async def transcribed(self, sound: npt.NDArray[np.float32]) -> str:
        pcm = (sound * 32767).astype(np.int16).tobytes()
        samples = len(sound)
        heard = await self.parts.stt.transcribe(Utterance(pcm, 0, samples, samples, 0.0))
        return heard.text if heard else ""


def console_words(language: Language) -> bytes:
    table = words.load(language).table
    return msgspec.json.encode({name: table[name] for name in ("console", "display", "state")})


@asynccontextmanager
async def rig(home: Path, models: Path) -> AsyncGenerator[Rig]:
    settings = Settings(llm=Llm(temperature=0.0), models=Models(profile="small"))
    context = Context(settings, home, models, SystemClock(), words.load("en"), debug=False)
    broadcast = Broadcast()
    async with AsyncExitStack() as stack:
        terminals = Terminals(NoMicrophone(), NoLoudspeaker(), clock=context.clock)
        parts = await stack.enter_async_context(app.open_parts(context, KeptVolume(terminals, home)))
        mute = FileMute(home, clock=context.clock)
        session = session_of(parts, ears_of(parts, terminals), broadcast, mute=mute)
        told: list[course.TurnTold] = []

        async def past() -> Sequence[course.TurnTold]:
            return told[-20:]

        talk = Talk(
            line=terminals,
            conversation=session,
            mute=mute,
            about=About("test", lambda: "Ada", ("en", "zh")),
            past=past,
        )
        made = Rig(parts, session, terminals, talk)
        broadcast.subscribe(talk.hear)
        broadcast.subscribe(made.events.append)
        broadcast.subscribe(lambda event: told.append(course.told(event)) if isinstance(event, Turn) else None)
        await stack.enter_async_context(talk.attended())
        site = Site(
            channels={"/socket": talk},
            folders=(console.folder(),),
            documents={"/words.json": console_words},
        )
        serving = await stack.enter_async_context(open_server(Web(port=0), site, home=home, language="en"))
        made.address = serving.address
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(session.run(), name="rig.session")
            await made.rest()
            try:
                yield made
            finally:
                session.interrupt()
                await asyncio.wait((tasks.create_task(session.quiet()),), timeout=5)
                running.cancel()


@asynccontextmanager
async def chromium(*, speaks: Path | None = None) -> AsyncGenerator[BrowserContext]:
    """With a microphone that says `speaks` once, from when it is opened; None: with one that beeps."""
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed: scripts/setup --tests")
    microphone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    if speaks:
        microphone.append(f"--use-file-for-fake-audio-capture={speaks}%noloop")
    quiet = [*QUIET, *PLAIN, *microphone, "--autoplay-policy=no-user-gesture-required"]
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=program, headless=True, args=quiet)
        try:
            context = await browser.new_context(viewport={"width": 1100, "height": 800}, locale="en")
            await context.add_init_script(f"({TAP})()")
            yield context
        finally:
            await browser.close()


async def opened(context: BrowserContext, it: Rig, *, speaker: bool = False) -> Page:
    """The talk's view, ready."""
    page = await context.new_page()
    page.set_default_timeout(WAIT_S * 1000)
    if speaker:
        await page.add_init_script(f"({SPEAKER})()")
    await page.goto(f"{it.address}/#/talk")
    await page.wait_for_selector(".lines[aria-busy=false]", state="attached")
    return page


async def played(page: Page) -> npt.NDArray[np.float32]:
    """What was heard in the page so far, 16 kHz."""
    rate, text = await page.evaluate(PLAYED)
    sound = np.frombuffer(base64.b64decode(text), np.int16).astype(np.float32) / 32768
    made: npt.NDArray[np.float32] = soxr.resample(sound, rate, RATE)
    return made


def note(name: str, **measured: object) -> None:
    """Figures for whoever asks for them."""
    folder = os.environ.get("DIGITAL_LIFE_FIGURES")
    if folder:
        (Path(folder) / f"{name}.json").write_text(json.dumps(measured, indent=1))
