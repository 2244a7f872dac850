"""Tools that others wrote: a real package on the path, with real entry points."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life.errors import ToolError
from digital_life.tools import plugins
from digital_life.values import Transcript

CODE = '''
from typing import Annotated

from digital_life.tool import Outcome, Tool


async def moon(heard, *, when: Annotated[str, "the day"] = "today") -> Outcome:
    """The phase of the moon."""
    return Outcome(said=f"full {when}")


async def tide(heard) -> Outcome:
    """The tide."""
    return Outcome(said="high")


async def undescribed(heard) -> Outcome:
    return Outcome()


TIDE = Tool.of(tide, acts=False)


def everything():
    return [moon, TIDE]


def misreading(heard):
    raise KeyError(heard.text)


async def eclipse(heard) -> Outcome:
    """The next eclipse."""
    raise ValueError("no table of eclipses")


def eclipses():
    return [Tool.of(eclipse, read=misreading)]


def broken():
    raise RuntimeError("no moon")


NOTHING = 7
'''
NAMES = ("moon", "TIDE", "eclipses", "everything", "broken", "NOTHING", "undescribed", "absent")


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with an entry point for each of NAMES."""
    (tmp_path / "moon_tools.py").write_text(CODE)
    about = tmp_path / "moon_tools-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: moon-tools\nVersion: 1.0\n")
    points = "".join(f"{name.lower()} = moon_tools:{name}\n" for name in NAMES)
    (about / "entry_points.txt").write_text(f"[{plugins.GROUP}]\n{points}")
    monkeypatch.syspath_prepend(tmp_path)


async def test_a_function_becomes_a_tool() -> None:
    (tool,) = plugins.load(["moon"])
    assert (tool.name, tool.about, [each.name for each in tool.parameters]) == (
        "moon",
        "The phase of the moon.",
        ["when"],
    )
    assert (await tool.run(Transcript("", "en", 1.0), when="tonight")).said == "full tonight"


def test_a_tool_and_a_list_of_tools_are_taken() -> None:
    assert [(each.name, each.acts) for each in plugins.load(["tide", "everything"])] == [
        ("tide", False),
        ("moon", True),
        ("tide", False),
    ]


def test_only_what_is_named_is_loaded() -> None:
    assert plugins.load([]) == ()


async def test_what_goes_wrong_in_one_is_told(caplog: pytest.LogCaptureFixture) -> None:
    (tool,) = plugins.load(["eclipses"])
    with pytest.raises(ToolError, match="eclipse: no table of eclipses"):
        await tool.run(Transcript("", "en", 1.0))
    assert tool.read
    assert tool.read(Transcript("my secret", "en", 1.0)) is None
    assert "eclipse: KeyError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("broken", "no moon"),
        ("nothing", "is no tool"),
        ("undescribed", "no docstring"),
        ("absent", "cannot be used"),
        ("unknown", "no tool unknown among the installed packages"),
    ],
)
def test_one_that_is_broken_or_missing_is_left_out_and_told(
    name: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert [each.name for each in plugins.load([name, "moon"])] == ["moon"]
    assert told in caplog.text
