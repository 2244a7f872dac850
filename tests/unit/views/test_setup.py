"""The first steps, as the page asks for them."""

from __future__ import annotations

import io
import wave
from dataclasses import replace

import msgspec
import pytest

from digital_life import words
from digital_life.backends.pinyin import sound
from digital_life.errors import ConfigError, RequestError
from digital_life.talking.introducing import Introducing
from digital_life.talking.introduction import Introduction, Topic, begun_again
from digital_life.values import Language, Speech, Transcript
from digital_life.views.setup import InstalledVoice, Possible, Setup, Tried, WakePhrase
from digital_life.web.resource import Call, Download
from fakes.clock import FakeClock
from fakes.learning import FakeLearning

NEW = begun_again(Introduction(me="Jarvis", phrase="Hey Jarvis", voices={"en": ("joe", "kokoro"), "zh": ("kokoro",)}))
POSSIBLE = Possible(
    voices={
        "en": [InstalledVoice("joe", "a man", "CC0"), InstalledVoice("kokoro", "a woman", "Apache-2.0")],
        "zh": [InstalledVoice("kokoro", "a woman", "Apache-2.0")],
    },
    wake=[WakePhrase("hey_jarvis", "Hey Jarvis", 0.6)],
)


class Page:
    """A page that asks."""

    def __init__(self, *, fails: bool = False, state: Introduction = NEW) -> None:
        self.learning = FakeLearning(fails=fails)
        self.introducing = Introducing(state, self.learning, sound=sound, begins=False)
        self.samples: list[tuple[str, Language]] = []
        self.clock = FakeClock()
        self.tries: tuple[Tried, ...] = ()
        self.setup = Setup(
            introducing=self.introducing,
            possible=POSSIBLE,
            sample=self._sample,
            tries=lambda: self.tries,
            chosen=lambda: {"en": "joe", "zh": "kokoro"},
            clock=self.clock,
        )

    async def _sample(self, name: str, language: Language) -> Speech:
        self.samples.append((name, language))
        return Speech(b"\0\1" * 800, 8_000)

    async def asks(self, method: str, path: str, body: object = None, **query: str) -> object:
        resource = next(each for each in self.setup.resources if (each.method, each.path) == (method, path))
        call = Call(words.load("en"), query=query, body=msgspec.json.encode(body) if body is not None else b"")
        return await resource.answer(call)

    async def state(self) -> dict[str, object]:
        found: dict[str, object] = msgspec.json.decode(msgspec.json.encode(await self.asks("GET", "/api/setup")))
        return found


async def test_it_tells_what_is_done_and_what_is_possible() -> None:
    page = Page()
    state = await page.state()
    assert state["first"] is True
    assert state["done"] == []
    assert state["languages"] == ["en", "zh"]
    assert state["wake"] == [{"phrase": "hey_jarvis", "written": "Hey Jarvis", "threshold": 0.6}]
    assert state["voices"] == msgspec.to_builtins(POSSIBLE.voices)


async def test_where_all_is_done_it_is_not_the_first_time() -> None:
    assert (await Page(state=replace(NEW, topics=())).state())["first"] is False


async def test_each_step_is_kept_and_done() -> None:
    page = Page()
    await page.asks("POST", "/api/setup/language", {"language": "en"})
    await page.asks("POST", "/api/setup/names", {"user": "  Anna ", "name": "Ada"})
    await page.asks("POST", "/api/setup/voice", {"language": "en", "name": "kokoro"})
    await page.asks("POST", "/api/setup/done", {"step": "wake"})
    assert page.learning.learnt == {
        Topic.LANGUAGE: "en",
        Topic.USER: "Anna",
        Topic.NAME: "Ada",
        Topic.VOICE: "kokoro",
    }
    assert page.learning.left == ()
    assert (await page.state())["first"] is False


async def test_what_is_said_aloud_shows_in_the_page() -> None:
    page = Page()
    page.introducing.state = replace(NEW, goes_on=True)
    await page.introducing.grant(Transcript("My name is Anna.", "en", 0.9))
    state = await page.state()
    assert state["user"] == "Anna"
    assert state["done"] == ["language", "user"]
    assert state["asks"] == "name"


@pytest.mark.parametrize("names", [{"user": "!?"}, {"name": "\u202eAda"}, {"user": "A\nB\x07"}, {"name": "a" * 61}])
async def test_what_is_no_name_is_refused(names: dict[str, str]) -> None:
    page = Page()
    with pytest.raises(RequestError):
        await page.asks("POST", "/api/setup/names", names)
    assert page.learning.learnt == {}


async def test_a_voice_is_heard_and_made_once() -> None:
    page = Page()
    for _ in range(2):
        heard = await page.asks("GET", "/api/setup/voice", name="kokoro", language="en")
        assert isinstance(heard, Download)
        assert isinstance(heard.content, bytes)
        with wave.open(io.BytesIO(heard.content)) as file:
            assert (file.getnframes(), file.getframerate()) == (800, 8_000)
    assert page.samples == [("kokoro", "en")]


async def test_voices_are_not_made_faster_than_one_a_second() -> None:
    page = Page()
    await page.asks("GET", "/api/setup/voice", name="kokoro", language="en")
    with pytest.raises(RequestError) as refused:
        await page.asks("GET", "/api/setup/voice", name="joe", language="en")
    assert refused.value.status == 429
    page.clock.passed += 1.5
    await page.asks("GET", "/api/setup/voice", name="joe", language="en")


@pytest.mark.parametrize("query", [{"name": "joe", "language": "zh"}, {"name": "../x", "language": "en"}, {}])
async def test_a_voice_that_is_not_there_is_refused(query: dict[str, str]) -> None:
    page = Page()
    with pytest.raises(RequestError):
        await page.asks("GET", "/api/setup/voice", **query)
    assert page.samples == []


async def test_what_cannot_be_kept_is_an_error_of_the_page() -> None:
    with pytest.raises(ConfigError):
        await Page(fails=True).asks("POST", "/api/setup/language", {"language": "zh"})


async def test_it_is_ended_and_begun_again() -> None:
    page = Page()
    await page.asks("POST", "/api/setup/over")
    assert (await page.state())["first"] is False
    await page.asks("POST", "/api/setup/again")
    assert (await page.state())["first"] is True


async def test_tries_of_the_wake_word_are_told() -> None:
    page = Page()
    page.tries = (Tried(1, "hey_jarvis", 0.4, 0.6, woke=False),)
    assert (await page.state())["tries"] == [
        {"number": 1, "phrase": "hey_jarvis", "score": 0.4, "needed": 0.6, "woke": False}
    ]
