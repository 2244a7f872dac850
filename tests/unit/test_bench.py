"""The bench counts right."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from benches import plots
from benches.figures import Figure, error_rate, percentile, spread
from benches.material import Sound
from benches.music import music
from benches.page import Plot, page
from benches.start import Start, figures, forget
from benches.strangers import Sources, scenes, under
from benches.wake import BLOCK_S, blocks, peaks, told_at
from benches.waking import in_one_breath, loudness
from digital_life.values import FRAME, RATE

HUM = np.sin(np.arange(2 * RATE) / 9).astype(np.float32)


@pytest.mark.parametrize(
    ("said", "heard", "rate"),
    [
        ("The sky is blue.", "the sky is blue", 0.0),
        ("The sky is blue.", "the sky is", 0.25),
        ("The sky is blue.", "", 1.0),
        ("天空是蓝色的。", "天空是绿色的", 1 / 6),
        ("一 二", "一二", 0.0),
        ("one", "one two three", 2.0),
    ],
)
def test_errors_are_counted_in_words_and_in_chinese_characters(said: str, heard: str, rate: float) -> None:
    assert error_rate(said, heard) == pytest.approx(rate)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_a_percentile_is_a_measured_value_and_never_under_the_median(values: list[float]) -> None:
    figure = spread("time", values, "ms")
    assert percentile(values, 0.95) in values
    assert percentile(values, 1.0) == max(values)
    assert figure.p95 is not None
    assert figure.p95 >= percentile(values, 0.5)


def test_a_budget_is_kept_or_exceeded() -> None:
    assert Figure("time", 1300, "ms", budget=1300).within
    assert not Figure("time", 1301, "ms", budget=1300).within
    assert Figure("time", 9999, "ms").within


def test_a_figure_keeps_what_was_measured() -> None:
    assert spread("time", [3, 1, 2], "ms").values == (3.0, 1.0, 2.0)
    assert Figure("time", 1, "ms").values == ()


def test_the_same_number_is_the_same_music_and_another_is_not() -> None:
    assert np.array_equal(music(3, 4.0), music(3, 4.0))
    assert not np.array_equal(music(3, 4.0), music(4, 4.0))
    assert np.abs(music(3, 4.0)).max() == pytest.approx(1.0)
    assert len(music(3, 4.0)) == 4 * RATE


def test_what_is_mixed_in_is_so_many_decibels_below() -> None:
    other = np.cos(np.arange(RATE // 3) / 5).astype(np.float32)
    assert loudness(under(HUM, other, 20) - HUM) == pytest.approx(loudness(HUM) / 10, rel=0.01)
    assert len(under(HUM, other, 20)) == len(HUM)


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    paths = []
    for number in range(2):
        paths.append(tmp_path / f"talk{number}.wav")
        soundfile.write(paths[-1], 0.3 * HUM[number * 4000 :], RATE)
    return Sources(paths, paths[:1], [0.1 * HUM[:5000]], [np.array([1.0, 0.0, 0.4], np.float32)])


def test_strangers_never_say_the_same_in_the_same_way_and_tomorrow_say_it_again(sources: Sources) -> None:
    today, tomorrow = (list(itertools.islice(scenes(sources), 16)) for _ in range(2))
    assert [told for told, _ in today] == [told for told, _ in tomorrow]
    assert all(np.array_equal(one, other) for (_, one), (_, other) in zip(today, tomorrow, strict=True))
    assert len({sound.tobytes() for _, sound in today}) == 16
    assert sum(told == "music" for told, _ in today) == 2
    assert all(np.abs(sound).max() < 1 for _, sound in today)


def test_strangers_are_heard_in_long_pieces_until_the_time_is_over() -> None:
    minute: Sound = np.zeros(60 * RATE, np.float32)
    pieces = list(blocks(((str(n), minute) for n in itertools.count()), BLOCK_S + 90))
    assert [len(sound) / RATE for sound, _ in pieces] == [BLOCK_S, 90]
    assert told_at(pieces[1][1], 60 * RATE) == "10"
    assert told_at(pieces[1][1], 60 * RATE + 1) == "11"


def test_a_peak_is_one_however_it_wavers_and_knows_when_it_rose() -> None:
    scores = np.array([0, 0.3, 0.1, 0.9, 0.6, *[0] * 20, 0.25], np.float32)
    first, second = peaks({"alexa": scores})
    assert first.top == pytest.approx(0.9)
    assert (first.over(0.5), first.position) == (2, 2 * FRAME)
    assert (second.over(0.2), second.position) == (1, 26 * FRAME)
    assert peaks({"alexa": np.zeros(9, np.float32)}) == []


def test_a_request_in_one_breath_is_as_loud_as_its_wake_word() -> None:
    asked = in_one_breath(0.1 * HUM, HUM)
    assert loudness(asked[:RATE]) == pytest.approx(loudness(asked[-RATE:]), rel=0.02)


def test_the_page_shows_each_bench_with_its_plots_its_table_and_its_long_notes() -> None:
    figures = [
        Figure("false wakes an hour", 11.14, "", budget=0.3, note="in 3.5 h"),
        Figure("  alexa", 9.4, "", note="0.99, “I like”\n0.98, “a|b”"),
        spread("wait", [400.0, 612.0], "ms", budget=500),
    ]
    text = page("Today.", {"wake": figures}, {"wake": [Plot("wake.png", "Scores")]})
    assert text.startswith("# The voice, measured\n\nToday.")
    assert "## Who wakes it\n\n![Scores](wake.png)\n\n| what | median |" in text
    assert "| false wakes an hour | **11.14** |  |  | 0.3 | in 3.5 h |" in text
    assert "| … alexa | 9.4 |  |  |  | below |" in text
    assert "alexa:\n\n- 0.99, “I like”\n- 0.98, “a|b”\n" in text
    assert "## From a question" not in text


def test_plots_are_small_and_only_of_what_was_measured(tmp_path: Path) -> None:
    values = np.random.default_rng(0).random(100).tolist()
    drawn = plots.draw(tmp_path, {
        "voice": [spread(f"  stage {each}", values, "ms") for each in (*plots.STAGES, "naive chain")],
        "talk": [spread("wait for the end", values, "ms")],
        "wake": [spread(f"score, {each}", values, "") for each in plots.SCORES],
    })  # fmt: skip
    files = [each.file for found in drawn.values() for each in found]
    assert files == ["voice-latency.png", "voice-ends.png", "voice-wake.png"]
    assert all(1000 < (tmp_path / each).stat().st_size < 60_000 for each in files)
    assert plots.draw(tmp_path, {"voice": [Figure("questions without an answer", 0, "")]}) == {}


def test_a_start_has_its_budget_for_being_ready() -> None:
    starts = [Start(hears=3.0, ready=each, processor=8.0) for each in (9.0, 10.0, 11.0)]
    found = {each.name.partition(": ")[2]: each for each in figures("from memory", starts, [6.0])}
    ready = found["kill -9 to ready"]
    assert ready.value == ready.budget == 10.0
    assert ready.within
    assert not figures("from the disk", starts[2:], [6.0])[1].within
    assert found["kill -9 to hearing"].value == 3.0
    assert found["kill -9 to the answer of a typed question"].value == 6.0


def test_what_is_forgotten_is_still_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    forget([tmp_path / "model.onnx", tmp_path / "none"])
    assert (tmp_path / "model.onnx").read_bytes() == b"weights"
