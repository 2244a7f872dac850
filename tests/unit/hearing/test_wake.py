"""When a score is a wake word."""

from __future__ import annotations

from digital_life.config import Wake, WakeWord
from digital_life.hearing.wake import REFRACTORY_S, WakeWatch, phrase_of
from digital_life.values import FRAME, RATE, WakeHeard

SETTINGS = Wake(
    words=(
        WakeWord(model="hey_ada", threshold=0.6),
        WakeWord(model="models/computer.onnx", threshold=0.5, frames=3),
    ),
    own_voice_threshold=0.8,
    own_voice_frames=2,
)


def watch(*scores: dict[str, float], own_voice: bool = False) -> list[WakeHeard]:
    watching = WakeWatch(SETTINGS)
    heard = [watching.feed(each, n * FRAME, own_voice=own_voice) for n, each in enumerate(scores)]
    return [each for each in heard if each]


def test_a_word_is_known_by_its_name_or_its_file() -> None:
    assert [phrase_of(word) for word in SETTINGS.words] == ["hey_ada", "computer"]


def test_a_score_at_the_threshold_is_heard_at_the_end_of_its_frame() -> None:
    assert watch({"hey_ada": 0.59}, {"hey_ada": 0.6}) == [WakeHeard("hey_ada", 0.6, 2 * FRAME)]


def test_a_word_may_need_several_frames_in_a_row() -> None:
    assert watch(*[{"computer": 0.9}] * 2, {"computer": 0.1}, *[{"computer": 0.9}] * 2) == []
    assert watch({"computer": 0.6}, {"computer": 0.9}, {"computer": 0.7}) == [WakeHeard("computer", 0.9, 3 * FRAME)]


def test_one_word_said_once_is_heard_once() -> None:
    frames = int(REFRACTORY_S * RATE / FRAME)
    assert len(watch(*[{"hey_ada": 0.9}] * frames)) == 1
    assert len(watch({"hey_ada": 0.9}, *[{"hey_ada": 0.0}] * (frames + 1), {"hey_ada": 0.9})) == 2


def test_the_surer_of_two_words_is_heard() -> None:
    (heard,) = watch(*[{"computer": 0.7, "hey_ada": 0.1}] * 2, {"computer": 0.7, "hey_ada": 0.95})
    assert heard.phrase == "hey_ada"


def test_while_it_speaks_itself_a_word_must_be_clearer_and_longer() -> None:
    assert watch({"hey_ada": 0.7}, {"hey_ada": 0.7}, {"hey_ada": 0.7}, own_voice=True) == []
    assert watch({"hey_ada": 0.9}, own_voice=True) == []
    assert len(watch({"hey_ada": 0.9}, {"hey_ada": 0.85}, own_voice=True)) == 1
