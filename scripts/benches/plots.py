"""Plots of what was measured, as small PNG files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from benches.figures import Figure
from benches.page import Plot
from digital_life import config

mpl.use("Agg")

Values = Mapping[str, tuple[float, ...]]
SIZE, DPI = (7.5, 3.6), 90
STAGES = ("endpoint", "stt", "first_token", "rest")
CALLED = ("quiet", "20 dB", "10 dB", "rooms", "one breath", "over talk")
SCORES = (*(f"called, {each}" for each in CALLED), "strangers")
SCORE_MOST = 0.9999
"""The networks answer with 1.0, which the scale does not hold."""
DRAWN_SIDE_BY_SIDE = 7


def draw(folder: Path, measured: Mapping[str, Sequence[Figure]]) -> dict[str, list[Plot]]:
    """Every plot there are values for, written to `folder`."""
    plots: dict[str, list[Plot]] = {}
    for bench, file, caption, drawn, needs in ALL:
        values = {each.name.strip(): each.values for each in measured.get(bench, ()) if each.values}
        if needs in values:
            _write(folder / file, lambda axes, drawn=drawn, values=values: drawn(axes, values))  # type: ignore[misc]
            plots.setdefault(bench, []).append(Plot(file, caption))
    return plots


def _write(path: Path, drawn: Callable[[Axes], None]) -> None:
    shape, axes = plt.subplots(figsize=SIZE, dpi=DPI, layout="constrained")
    drawn(axes)
    axes.spines[["top", "right"]].set_visible(False)
    shape.savefig(path)
    plt.close(shape)


def _latency(axes: Axes, values: Values) -> None:
    """One bar an answer, the quickest first, and the naive chain beside them."""
    answers = sorted(zip(*(values[f"stage {each}"] for each in STAGES), strict=True), key=sum)
    bottom = [0.0] * len(answers)
    for number, stage in enumerate(STAGES):
        heights = [each[number] for each in answers]
        axes.bar(range(len(answers)), heights, bottom=bottom, label=stage.replace("_", " "))
        bottom = [low + high for low, high in zip(bottom, heights, strict=True)]
    naive = values.get("naive chain", ())
    if naive:
        axes.boxplot(naive, positions=[len(answers) + 1.5], widths=1.5)
    axes.set_xticks([(len(answers) - 1) / 2, len(answers) + 1.5], [f"{len(answers)} answers", "naive chain"])
    axes.set_ylabel("ms from the end of the question")
    axes.legend(frameon=False)


def _scores(axes: Axes, values: Values) -> None:
    """A dot a peak; those on the right of a threshold wake it."""
    rows = [each for each in SCORES if f"score, {each}" in values]
    for row, name in enumerate(rows):
        scores = [min(each, SCORE_MOST) for each in values[f"score, {name}"]]
        high = [row + (number % DRAWN_SIDE_BY_SIDE - DRAWN_SIDE_BY_SIDE // 2) / 12 for number in range(len(scores))]
        axes.plot(scores, high, ".", alpha=0.5, color="C3" if name == "strangers" else "C0")
    for threshold in {word.threshold for word in config.Wake().words}:
        axes.axvline(threshold, color="grey", linestyle=":")
    axes.set_xscale("logit")
    ticks = (0.2, 0.5, 0.8, 0.95, 0.99, 0.999)
    axes.set_xticks(ticks, [str(each) for each in ticks])
    axes.set_xticks([], minor=True)
    axes.set_yticks(range(len(rows)), rows)
    axes.invert_yaxis()
    axes.set_xlabel("highest score")


def _interruptions(axes: Axes, values: Values) -> None:
    _cumulative(
        axes, {what: values[f"from the first sound until it {what}"] for what in ("lowers its voice", "is silent")}
    )
    axes.set_xlabel("ms from the first sound of who speaks over it")
    axes.legend(frameon=False, loc="lower right")


def _ends(axes: Axes, values: Values) -> None:
    _cumulative(axes, {"taken to be over": values["wait for the end"]})
    axes.set_xlabel("ms from the last sound until it is taken to be over")


def _cumulative(axes: Axes, curves: Values) -> None:
    """Percent that had come to it by then."""
    for name, values in curves.items():
        ranked = sorted(values)
        axes.step([0, *ranked], [100 * n / len(ranked) for n in range(len(ranked) + 1)], where="post", label=name)
    axes.set_ylabel("%")
    axes.set_ylim(0, 102)
    axes.set_xlim(left=0)


ALL: tuple[tuple[str, str, str, Callable[[Axes, Values], None], str], ...] = (
    ("voice", "voice-latency.png", "Where the time of each answer goes", _latency, "stage rest"),
    ("talk", "voice-interruptions.png", "How soon it notices that somebody speaks over it", _interruptions,
     "from the first sound until it is silent"),
    ("talk", "voice-ends.png", "How long it waits for the end", _ends, "wait for the end"),
    ("wake", "voice-wake.png", "Scores of those who call it and of strangers", _scores, "score, strangers"),
)  # fmt: skip
"""Bench, file, caption, and the values without which there is nothing to draw."""
