"""What docs/tools.md tells is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from digital_life import config
from digital_life.tool import Tool
from digital_life.tools import announce, read, search, time, volume, weather
from digital_life.tools.plugins import GROUP
from digital_life.values import Language, Transcript

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "tools.md").read_text(encoding="utf-8")
READS = (time.read, weather.read, search.read, read.read, volume.read, announce.read)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


async def test_the_tool_of_ones_own_works() -> None:
    (code,) = blocks("python")
    there: dict[str, object] = {}
    exec(code, there)  # noqa: S102 - it is what a reader would do
    tide = there["tide"]
    assert callable(tide)
    tool = Tool.of(tide)
    assert "ten past four" in (await tool.run(Transcript("", "en", 1.0), harbour="Whitby")).said


def test_the_settings_are_right(tmp_path: Path) -> None:
    settings = [each for each in blocks("toml") if "entry-points" not in each]
    assert len(settings) == 3
    for each in settings:
        (tmp_path / "settings.toml").write_text(each, encoding="utf-8")
        assert config.load(tmp_path / "settings.toml") != config.Settings()


def test_the_group_of_entry_points_is_named() -> None:
    assert any(f'"{GROUP}"' in each for each in blocks("toml"))


@pytest.mark.parametrize("said", re.findall(r"[\"“]([^\"”]+)[\"”](?=[^\n]*\|[^\n]*\|)", PAGE.split("\n## ")[0]))
def test_what_can_be_said_is_understood(said: str) -> None:
    language: Language = "en" if said.isascii() else "zh"
    heard = Transcript(said, language, 1.0)
    may = "internet" in said or "不要上网" in said
    assert may or any(reads(heard) is not None for reads in READS), said
