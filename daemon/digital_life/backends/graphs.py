"""Graphs as a picture, drawn by matplotlib (an extra)."""

from __future__ import annotations

from datetime import datetime, tzinfo
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib import dates, font_manager
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from digital_life.values import Panel

WIDTH, HEIGHT, DPI = 12.0, 3.2, 110
"""Inches of one panel, and dots an inch."""
CHINESE = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Heiti SC",
    "Hiragino Sans GB",
    "Droid Sans Fallback",
    "AR PL UMing CN",
)
"""Fonts that hold simplified Chinese, the best first: of Linux and macOS."""
LATIN = "DejaVu Sans"
"""Comes with matplotlib."""
_STYLES = ("-", "--", ":")
"""So that lines that lie on one another are seen."""


def chinese_font() -> str | None:
    """An installed font that shows Chinese; None: there is none."""
    installed = set(font_manager.get_font_names())
    return next((each for each in CHINESE if each in installed), None)


def draw(panels: Sequence[Panel], path: Path, *, first: datetime, last: datetime) -> None:
    """Write a picture of them, one above the other, over the time between. Raises OSError."""
    font = chinese_font()
    with mpl.rc_context({"font.family": [LATIN, font] if font else [LATIN], "font.size": 9}):
        figure = Figure(figsize=(WIDTH, HEIGHT * len(panels)), dpi=DPI, layout="constrained")
        every = figure.subplots(len(panels), squeeze=False, sharex=True)[:, 0]
        for axes, panel in zip(every, panels, strict=True):
            _draw(axes, panel)
            axes.xaxis_date(last.tzinfo)
            axes.set_xlim(first, last)
            axes.tick_params(labelbottom=True, axis="x")
            _name_days(axes, last.tzinfo)
        figure.savefig(path, format="png")


def _name_days(axes: Axes, zone: tzinfo | None) -> None:
    """As no language has to be known for; no more of them than there is room for."""
    locator = dates.AutoDateLocator(zone, minticks=2, maxticks=8)  # type: ignore[no-untyped-call] # without types
    axes.xaxis.set_major_locator(locator)
    formatter = dates.ConciseDateFormatter(  # type: ignore[no-untyped-call] # too
        locator,
        zone,
        formats=["%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M", "%H:%M:%S"],
        zero_formats=["%Y", "%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M"],
        offset_formats=["", "%Y", "%Y", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d"],
    )
    axes.xaxis.set_major_formatter(formatter)


def _draw(axes: Axes, panel: Panel) -> None:
    axes.set_title(panel.title, loc="left")
    axes.set_ylabel(panel.unit)
    axes.spines[["top", "right"]].set_visible(False)
    for curve, style in zip(panel.curves, cycle(_STYLES), strict=False):
        moments, heights = zip(*curve.points, strict=True)
        axes.plot(
            moments,
            heights,
            style,
            label=curve.label,
            drawstyle="steps-post" if curve.stepped else "default",
        )
    if panel.curves:
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    for height, row in enumerate(panel.rows):
        moments, heights = zip(*((at, height) for at in row.at), strict=True)
        axes.plot(moments, heights, "o")
    if not panel.curves:
        axes.set_yticks(range(len(panel.rows)), [each.label for each in panel.rows])
        axes.set_ylim(max(1, len(panel.rows)) - 0.5, -0.5)
        axes.yaxis.tick_right()  # beneath the legends
        axes.grid(axis="y", alpha=0.3)
