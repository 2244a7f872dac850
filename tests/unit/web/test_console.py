"""The console's files: light, within its policy, with colours that can be told apart and words for all it says."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import re
from pathlib import Path

import pytest

from digital_life import words
from digital_life.values import Language
from digital_life.web import console

STATIC = Path(str(console.folder().files))
FILES = sorted(path for path in STATIC.rglob("*") if path.is_file())
CSS = (STATIC / "console.css").read_text(encoding="utf-8")
MOST_BYTES = 600_000
"""The whole console, without Live2D and uncompressed."""
GROUNDS = ("ground", "surface", "raised", "sunk")
INKS = ("text", "muted", "accent", "accent-strong", "coral", "good", "warn", "bad")
STATES = ("idle", "listening", "thinking", "speaking", "muted", "deaf", "away")
WRITTEN = [
    *itertools.product(INKS, GROUNDS),
    *itertools.product((f"state-{each}" for each in STATES), ("ground", "surface", "hill", "hill-far")),
    *itertools.product(("text", "muted"), ("hill", "hill-far")),
    ("accent-text", "accent"),
    ("accent-text", "accent-strong"),
    ("accent-strong", "accent-soft"),
    ("text", "accent-soft"),
    ("text", "coral-soft"),
    ("coral", "coral-soft"),
    ("bad", "bad-soft"),
    ("bad-text", "bad"),
]
"""What is read, and on what."""
DRAWN = [*itertools.product(("edge", "accent"), GROUNDS)]
"""The borders of what can be used, and the ring of the focus."""


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def scheme_of(name: str) -> dict[str, str]:
    """What the dark one does not name is as in the light one."""
    light = colours(CSS[: CSS.index("}")])
    return light if name == "light" else {**light, **colours(dark_blocks()[0])}


def dark_blocks() -> list[str]:
    """One for a system that is dark, one for a person who chose it."""
    return re.findall(r':root(?::not\(\[data-scheme="light"\]\)|\[data-scheme="dark"\]) \{([^}]+)\}', CSS)


def luminance(colour: str) -> float:
    """As WCAG 2 has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def too_faint(scheme: str, pairs: list[tuple[str, str]], least: float) -> dict[tuple[str, str], float]:
    shown = scheme_of(scheme)
    ratios = {(ink, ground): round(contrast(shown[ink], shown[ground]), 2) for ink, ground in pairs}
    return {pair: ratio for pair, ratio in ratios.items() if ratio < least}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_written_can_be_read(scheme: str) -> None:
    assert too_faint(scheme, WRITTEN, 4.5) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_can_be_used_is_seen(scheme: str) -> None:
    assert too_faint(scheme, DRAWN, 3) == {}


def test_both_ways_to_the_dark_have_the_same_colours() -> None:
    system, chosen = dark_blocks()
    assert colours(system) == colours(chosen) != {}


def test_the_whole_console_is_light() -> None:
    assert sum(path.stat().st_size for path in FILES) < MOST_BYTES


def test_the_shell_is_sent_in_less_than_40_kb() -> None:
    shell = [
        path for path in FILES if "views" not in path.parts and path.suffix != ".txt" and "audio" not in path.parts
    ]
    assert sum(len(gzip.compress(path.read_bytes())) for path in shell) < 40_000


def test_no_script_and_no_style_stands_in_the_page() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)
    asked = set(re.findall(r'(?:src|href)="([^"]+)"', page)) - {f".{console.WORDS}"}
    assert asked <= {f"./{path.relative_to(STATIC)}" for path in FILES}


def test_the_page_asks_for_all_its_modules_at_once() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    needed = {f"./{path.relative_to(STATIC)}" for part in ("lib", "vendor") for path in (STATIC / part).glob("*.js")}
    assert set(re.findall(r'"modulepreload" href="([^"]+)"', page)) == needed


def test_no_style_attribute_is_written_by_a_script() -> None:
    own = [path for path in FILES if path.suffix == ".js" and "vendor" not in path.parts]
    assert [path.name for path in own if re.search(r"\sstyle=\"|setAttribute\(.style.", path.read_text("utf-8"))] == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    own = [
        path for path in FILES if path.suffix in {".js", ".css", ".html", ".webmanifest"} and "vendor" not in path.parts
    ]
    assert [path.name for path in own if re.search(r"(?<!xmlns=\")https?://", path.read_text("utf-8"))] == []


def test_every_module_that_is_imported_is_there() -> None:
    for path in FILES:
        if path.suffix == ".js" and "vendor" not in path.parts:
            asked = re.findall(r'(?:from|import) "(\.[^"]+)"', path.read_text("utf-8"))
            assert [each for each in asked if not (path.parent / each).is_file()] == [], path.name


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_word_that_the_shell_asks_for_is_there(language: Language) -> None:
    said = words.load(language)
    asked = set()
    for path in (STATIC / "lib").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'"(console\.common\.[\w-]+)"', text))
        asked |= {
            f"console.shell.{key}" for key in re.findall(r'\bt\("([\w.-]+)"', text) if not key.startswith("console.")
        }
    assert len(asked) > 10
    assert [key for key in asked if not said.text(key)] == []
    assert said.text("console.shell.language") == language


def test_what_is_vendored_is_what_it_says() -> None:
    said = (STATIC / "vendor" / "LICENCES.txt").read_text(encoding="utf-8")
    for path in (STATIC / "vendor").glob("*.js"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in said


def test_it_can_be_put_on_a_home_screen() -> None:
    manifest = json.loads((STATIC / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert {each["purpose"] for each in manifest["icons"]} == {"any", "maskable"}
    assert all((STATIC / each["src"]).is_file() for each in manifest["icons"])
    assert manifest["display"] == "standalone"
