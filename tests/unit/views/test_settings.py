"""The settings as a page shows and changes them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from digital_life import calibration, config, words
from digital_life.backends.settingsfile import SettingsFile
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.errors import ConfigError, DigitalLifeError, RequestError
from digital_life.values import Language
from digital_life.views import settings as view
from digital_life.web.resource import Call, Method, Resource
from digital_life.worker import Worker


class Page:
    """Asks as a page does, and reads the JSON."""

    def __init__(self, resources: tuple[Resource, ...], language: Language = "en") -> None:
        self._resources = {(each.method, each.path): each for each in resources}
        self._words = words.load(language)

    async def ask(self, method: Method, path: str, body: object = None) -> Any:
        call = Call(self._words, body=json.dumps(body).encode() if body is not None else b"")
        answer = await self._resources[method, path].answer(call)
        return json.loads(msgspec.json.encode(answer))

    async def shown(self) -> dict[str, Any]:
        """Every key by its name."""
        found = await self.ask("GET", "/api/settings")
        return {key["name"]: key for section in found["sections"] for key in section["keys"]}

    async def change(self, changes: Mapping[str, object]) -> Any:
        etag = (await self.ask("GET", "/api/settings"))["etag"]
        return await self.ask("PUT", "/api/settings", {"etag": etag, "changes": changes})


class Fixture:
    def __init__(self, home: Path, worker: Worker) -> None:
        self.home = home
        self.file = home / config.FILE
        self.worker = worker
        self.restarts = 0

    def restart(self) -> None:
        self.restarts += 1

    def page(self, *changes: str, language: Language = "en") -> Page:
        """Of a daemon that has just started."""
        file = self.file if self.file.exists() else None
        under = calibration.load(self.home, config.Audio())
        context = Context(
            config.load(file, changes, under=under),
            self.home,
            self.home,
            SystemClock(),
            words.load(language),
            debug=False,
            settings_file=file,
            changes=changes,
        )
        kept = SettingsFile(self.file, worker=self.worker)
        return Page(view.resources(context, kept, self.restart, suggest=self.suggest), language)

    async def suggest(self) -> dict[str, list[str]]:
        return {"audio.input": ["USB microphone"]}


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncGenerator[Fixture]:
    async with Worker("settings") as worker:
        yield Fixture(tmp_path, worker)


async def test_every_setting_is_shown_with_where_its_value_comes_from(daemon: Fixture) -> None:
    daemon.file.write_text('[persona]\nname = "Ada"\n')
    calibration.keep(daemon.home, config.Audio(), {"audio": {"echo_delay_ms": 40}}, measured=SystemClock().now())
    shown = await daemon.page("hearing.pause_ms=90").shown()
    assert (shown["persona.name"]["value"], shown["persona.name"]["source"]) == ("Ada", "file")
    assert shown["persona.name"]["base"] == "Jarvis"
    assert (shown["audio.echo_delay_ms"]["value"], shown["audio.echo_delay_ms"]["source"]) == (40, "measured")
    assert (shown["hearing.pause_ms"]["value"], shown["hearing.pause_ms"]["locked"]) == (90, "set")
    assert (shown["llm.context"]["value"], shown["llm.context"]["source"]) == (3000, "default")
    assert shown["audio.input"]["suggestions"] == ["USB microphone"]
    assert shown["tools.mcp"]["locked"] == "file"


async def test_labels_and_choices_are_in_the_language_of_the_page(daemon: Fixture) -> None:
    shown = await daemon.page(language="zh").shown()
    assert shown["persona.name"]["label"] == "它的名字"
    assert shown["audio.echo_cancellation"]["choices"] == [
        {"value": True, "text": "开"},
        {"value": "system", "text": "系统"},
        {"value": False, "text": "关"},
    ]
    assert shown["llm.stall_s"]["unit"] == "秒"


async def test_a_change_is_written_and_waits_for_a_restart(daemon: Fixture) -> None:
    daemon.file.write_text("# mine\n[persona]\nname = 'Ada' # hers\n")
    page = daemon.page()
    assert await page.change({"persona.name": "Bea", "hearing.longest_s": 20}) == {
        "outcome": "saved",
        "wrong": {},
        "pending": ["persona.name", "hearing.longest_s"],
    }
    assert daemon.file.read_text() == '# mine\n[persona]\nname = "Bea" # hers\n\n[hearing]\nlongest_s = 20.0\n'
    assert (await page.ask("GET", "/api/settings"))["pending"] == ["persona.name", "hearing.longest_s"]
    assert (await daemon.page().ask("GET", "/api/settings"))["pending"] == []
    assert (await page.change({"persona.name": "Ada", "hearing.longest_s": None}))["pending"] == []


async def test_what_counts_anyway_is_not_written(daemon: Fixture) -> None:
    answer = await daemon.page().change({"llm.context": 3000, "persona.user": None})
    assert answer["outcome"] == "saved"
    assert not daemon.file.exists()


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"hearing.pause_ms": -1, "persona.name": "Ada"}, "hearing.pause_ms", "At least 0."),
        ({"llm.cache": "q8_0"}, "llm.cache", "needs llm.flash_attention"),
        ({"personas": [{"name": "jarvis"}]}, "personas", "two personas are called jarvis"),
        ({"tools.mcp": []}, "tools.mcp", "only be changed in the file"),
        ({"wyoming.enabled": True, "wyoming.host": "0.0.0.0"}, "wyoming.allow", "who may come"),  # noqa: S104
    ],
)
async def test_what_is_wrong_is_told_at_its_key_and_nothing_is_written(
    daemon: Fixture, changes: dict[str, object], key: str, said: str
) -> None:
    answer = await daemon.page().change(changes)
    assert answer["outcome"] == "refused"
    assert list(answer["wrong"]) == [key]
    assert said in answer["wrong"][key]["sentence"]
    assert not daemon.file.exists()


async def test_a_key_that_is_none_is_refused(daemon: Fixture) -> None:
    with pytest.raises(RequestError, match=r"no setting persona\.nme"):
        await daemon.page().change({"persona.nme": "x"})


async def test_a_file_that_was_changed_elsewhere_is_told(daemon: Fixture) -> None:
    page = daemon.page()
    etag = (await page.ask("GET", "/api/settings"))["etag"]
    daemon.file.write_text("[llm]\ncontext = 900\n")
    answer = await page.ask("PUT", "/api/settings", {"etag": etag, "changes": {"persona.name": "Ada"}})
    assert answer["outcome"] == "changed"
    assert daemon.file.read_text() == "[llm]\ncontext = 900\n"


async def test_what_other_programs_keep_secret_is_not_shown(daemon: Fixture) -> None:
    daemon.file.write_text('[[tools.mcp]]\nname = "x"\ncommand = ["y"]\nenvironment = { KEY = "s3cret" }\n')
    page = daemon.page()
    assert "s3cret" not in json.dumps(await page.ask("GET", "/api/settings"))
    assert (await page.shown())["tools.mcp"]["value"][0]["environment"] == {"KEY": "•••"}


async def test_it_begins_again_after_the_page_has_its_answer(daemon: Fixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "ANSWERED_S", 0.01)
    assert await daemon.page().ask("POST", "/api/restart") == {"restarting": True}
    assert daemon.restarts == 0
    await asyncio.sleep(0.05)
    assert daemon.restarts == 1


async def test_it_does_not_begin_again_with_a_file_that_it_could_not_read(daemon: Fixture) -> None:
    page = daemon.page()
    daemon.file.write_text("[llm]\ncontext = 3\n")
    with pytest.raises(ConfigError, match=r"llm\.context"):
        await page.ask("POST", "/api/restart")
    with pytest.raises(DigitalLifeError):
        await page.ask("GET", "/api/settings")
    assert daemon.restarts == 0
