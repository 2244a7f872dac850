"""What docs/extending.md shows runs as it stands there."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web

from digital_life import catalogue, config
from digital_life.backends.openai_speech import OpenAiSpeech
from digital_life.display.acting import Acting
from digital_life.display.stage import Stage
from digital_life.ports import TextToSpeech
from digital_life.tools import plugins
from digital_life.values import Speech, State, Transcript
from digital_life.web.server import open_server
from digital_life.web.site import Site
from digital_life.worker import Worker
from fakes.clock import FakeClock

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "daemon" / "digital_life"


def blocks(heading: str, language: str) -> list[str]:
    """The code below one heading of the page."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)


def run(code: str) -> SimpleNamespace:
    """The names that the code defines."""
    there: dict[str, Any] = {"__name__": "example"}
    exec(code, there)  # noqa: S102 - it is what a reader would do
    return SimpleNamespace(**there)


def settings(*parts: str, folder: Path) -> config.Settings:
    (folder / "settings.toml").write_text("\n".join(parts), encoding="utf-8")
    return config.load(folder / "settings.toml")


def frequency(speech: Speech) -> float:
    """How often a second it goes from below zero to above."""
    import numpy as np

    wave = np.frombuffer(speech.pcm, "<i2").astype(np.float64)
    return float(((wave[:-1] < 0) & (wave[1:] >= 0)).sum() / speech.seconds)


async def test_the_tool_is_found_as_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,), (project, allowed) = blocks("A tool", "python"), blocks("A tool", "toml")
    (entry,) = re.findall(r'^\[project\.entry-points."(.+)"\]\n(.+)$', project, re.MULTILINE)
    (tmp_path / "moons.py").write_text(code, encoding="utf-8")
    installed = tmp_path / "moons-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Name: moons\nVersion: 1\n")
    (installed / "entry_points.txt").write_text(f"[{entry[0]}]\n{entry[1].replace(chr(34), '')}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    (tool,) = plugins.load(settings(allowed, folder=tmp_path).tools.plugins)
    read = tool.read
    assert read
    for heard, said in (
        (Transcript("How many moons has Mars?", "en", 1.0), "Mars has 2."),
        (Transcript("火星有几颗卫星？", "zh", 1.0), "火星有2颗卫星。"),
    ):
        arguments = read(heard)
        assert arguments
        assert (await tool.run(heard, **tool.validated(arguments))).said == said
    assert read(Transcript("How is the moon tonight?", "en", 1.0)) is None


async def test_the_voice_on_a_server_is_heard(tmp_path: Path) -> None:
    (code,), (toml,) = (blocks("A voice, a recogniser, a language model", each) for each in ("python", "toml"))
    runner = web.AppRunner(run(code).app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        chosen = settings(toml.replace("8000", str(port)), folder=tmp_path).tts
        assert chosen.server == "openai"
        async with OpenAiSpeech(chosen.openai, speed=1.0) as voice:
            await voice.greet()
            speech = await voice.synthesize("Good morning!", "en")
    finally:
        await runner.cleanup()
    assert speech.seconds == pytest.approx(0.08 * len("Good morning!"), abs=0.01)
    assert frequency(speech) == pytest.approx(220, abs=2)


async def test_the_backend_is_a_voice() -> None:
    (code,) = blocks("A backend within the program", "python")
    async with Worker("hum") as worker:
        hum: TextToSpeech = run(code).Hum(worker=worker, speed=2.0)
        speech = await hum.synthesize("Good morning!", "en")
    assert speech.seconds == pytest.approx(0.08 * len("Good morning!") / 2, abs=0.01)
    assert frequency(speech) == pytest.approx(220, abs=2)


def test_what_a_backend_is_named_in_is_there() -> None:
    rows = re.findall(r"^\| (?:voice|device|shelf|way)[^|]*\| (.+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 5
    for name in re.findall(r"`([\w/.]+\.(?:py|toml)|memory/policies/)`", "\n".join(rows)):
        assert (PACKAGE / name).exists() or (ROOT / name).exists(), name
    assert "def _open_voice" in (PACKAGE / "app.py").read_text(encoding="utf-8")
    assert "engine" in catalogue.Voice.__annotations__


async def test_the_display_is_told_what_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks("A display", "python")
    stage = Stage(Acting(mood_of=lambda *_: "happy", is_grave=lambda _: False, subtitles=True), clock=FakeClock())
    site = Site(resources=(), channels={"/display/socket": stage}, folders=(), documents={})
    async with open_server(config.Web(port=0), site, home=tmp_path, language="en") as serving:
        watching = asyncio.create_task(run(code).watch(serving.address), name="test.watch")
        shown = ""
        async with asyncio.timeout(10):
            while not stage.watched:
                await asyncio.sleep(0.01)
            stage.hear(State.THINKING)
            while "It is thinking" not in shown:
                await asyncio.sleep(0.01)
                shown += capsys.readouterr().out
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    assert "It looks neutral" in shown


def test_the_persona_has_a_life_of_its_own(tmp_path: Path) -> None:
    (toml,) = blocks("A persona", "toml")
    (ada,) = settings(toml, folder=tmp_path).personas
    assert (ada.name, ada.life) == ("Ada", "ada")


def test_the_modules_that_know_a_language_are_there() -> None:
    section = PAGE.split("## Words, and another language")[1]
    for name in re.findall(r"`([\w/]+\.py|[\w/]+/)`", section):
        assert (PACKAGE / name).exists(), name
