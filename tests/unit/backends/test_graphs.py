"""Graphs as a picture."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digital_life.backends import graphs
from digital_life.values import Curve, Moments, Panel

MADE = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
NOW = MADE + timedelta(days=30)
PANELS = (
    Panel("Strength", "days", (Curve("a", ((MADE, 1.0), (NOW, 2.0)), stepped=True), Curve("b", ((NOW, 1.0),)))),
    Panel("Recalled", "", rows=(Moments("a", (MADE, NOW)),)),
    Panel("Nothing", ""),
)


def size(path: Path) -> tuple[int, int]:
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG")
    return struct.unpack(">II", data[16:24])


def test_a_picture_is_written_with_a_panel_above_the_other(tmp_path: Path) -> None:
    graphs.draw(PANELS, tmp_path / "whole.png", first=MADE, last=NOW)
    graphs.draw(PANELS[:1], tmp_path / "one.png", first=MADE, last=NOW)
    assert size(tmp_path / "whole.png")[1] > 2 * size(tmp_path / "one.png")[1]


def test_chinese_is_drawn_where_a_font_has_it(tmp_path: Path) -> None:
    """A character that no font has is warned of, and a warning fails the test."""
    if graphs.chinese_font() is None:
        pytest.skip("no Chinese font is installed")
    panel = Panel("强度", "天", (Curve("谈话 1：我住在成都。", ((MADE, 1.0), (NOW, 1.0))),))
    graphs.draw((panel,), tmp_path / "zh.png", first=MADE, last=NOW)
    assert size(tmp_path / "zh.png")[0] > 1000


def test_a_font_that_is_not_installed_is_not_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("matplotlib.font_manager.get_font_names", lambda: ["DejaVu Sans"])
    assert graphs.chinese_font() is None
    graphs.draw(PANELS, tmp_path / "en.png", first=MADE, last=NOW)
    assert (tmp_path / "en.png").exists()


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        graphs.draw(PANELS, tmp_path / "nowhere" / "x.png", first=MADE, last=NOW)
