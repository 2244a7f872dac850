"""What all pages tell to type is understood, and what they lead to is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from digital_life import cli, config, words
from digital_life.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
NEW = ("install", "container", "tuning", "questions", "extending")
"""Pages for people, to which the first page has to lead."""
COMMAND = re.compile(r"^(?:sudo )?(?:\.venv/bin/digital-life|scripts/run|digital-life) +([^&|;<>]+)")
FORM = re.compile(r"…|\.\.\.|(?<!-)\b[A-Z]{2,}\b|\[|://…")
"""What stands for something else: such a line is a form, not a command."""
UNFINISHED = re.compile("the following arguments are required|expected one argument")


def typed(page: Path) -> list[str]:
    """What stands behind `digital-life` or `scripts/run` in the code of a page."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    lines = [*(line for block in blocks for line in block.splitlines()), *inline]
    found = (COMMAND.match(shlex.join(shlex.split(line, comments=True))) for line in lines if COMMAND.match(line))
    return sorted({each[1] for each in found if each and not FORM.search(each[1])})


ALL = [(page, line) for page in PAGES for line in typed(page)]


@pytest.mark.parametrize(("page", "line"), ALL, ids=[f"{page.stem}: {line}" for page, line in ALL])
def test_what_a_page_tells_to_type_is_understood(page: Path, line: str) -> None:
    try:
        options = cli._parser(words.load("en")).parse_args(shlex.split(line))
    except UsageError as error:
        # In a sentence a command may be named without what it is given.
        if not UNFINISHED.search(error.sentence("en")):
            pytest.fail(f"{page.name}: {line}: {error.sentence('en')}")
    else:
        config.load(None, options.set)


def test_many_lines_are_read() -> None:
    assert len(ALL) > 60


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_leads_to_is_there(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("name", NEW)
def test_the_first_page_leads_to_it(name: str) -> None:
    assert f"(docs/{name}.md)" in PAGES[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NEW)
def test_the_settings_that_it_shows_are_right(name: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    blocks = [each for each in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "[project]" not in each]
    for each in blocks:
        (tmp_path / "settings.toml").write_text(each, encoding="utf-8")
        assert config.load(tmp_path / "settings.toml") != config.Settings()
