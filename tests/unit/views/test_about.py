"""What the console tells of the program."""

from __future__ import annotations

from pathlib import Path

from digital_life import config, words
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.views import about
from digital_life.web.resource import Call


async def told(home: Path) -> about.About:
    context = Context(config.Settings(), home, home / "models", SystemClock(), words.load("en"), debug=False)
    (resource,) = about.resources(context, settings_file=home / config.FILE)
    answer = await resource.answer(Call(words.load("en")))
    assert isinstance(answer, about.About)
    return answer


async def test_it_tells_version_files_and_licences(tmp_path: Path) -> None:
    found = await told(tmp_path)
    assert found.version
    assert found.files["settings"] == str(tmp_path / "digital-life.toml")
    assert "piper-tts" in found.notice


async def test_each_run_has_a_name_of_its_own(tmp_path: Path) -> None:
    assert (await told(tmp_path)).run != (await told(tmp_path)).run
