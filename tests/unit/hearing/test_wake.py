"""When a score is a wake word."""

from __future__ import annotations

from digital_life.config import Wake, WakeWord
from digital_life.hearing.wake import ASKED, REFRACTORY_S, Found, WakeWatch, phrase_of, written_of
from digital_life.values import FRAME, RATE, WakeDoubted, WakeHeard, WakeMissed

SETTINGS = Wake(
    words=(
        WakeWord(model="hey_ada", threshold=0.6, sure=0.0),
        WakeWord(model="models/computer.onnx", threshold=0.5, frames=3, sure=0.0),
    ),
    own_voice_threshold=0.8,
    own_voice_frames=2,
)


def found(*scores: dict[str, float], settings: Wake = SETTINGS, own_voice: bool = False) -> list[Found]:
    watching = WakeWatch(settings)
    heard = [watching.feed(each, n * FRAME, own_voice=own_voice) for n, each in enumerate(scores)]
    return [each for each in heard if each]


def watch(*scores: dict[str, float], own_voice: bool = False) -> list[WakeHeard]:
    return [each for each in found(*scores, own_voice=own_voice) if isinstance(each, WakeHeard)]


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


def scores(*of_ada: float) -> list[dict[str, float]]:
    return [{"hey_ada": each} for each in of_ada]


DOUBTING = Wake(words=(WakeWord(model="hey_ada", threshold=0.6, sure=0.95),), own_voice_frames=2)


def test_a_word_is_written_as_the_settings_say_or_as_its_model_is_called() -> None:
    assert written_of(WakeWord(model="hey_ada")) == "Hey Ada"
    assert written_of(WakeWord(model="models/xiaoling.onnx", phrase="小灵小灵")) == "小灵小灵"


def test_a_score_that_is_soon_sure_wakes_without_a_second_look() -> None:
    assert found(*scores(0.7, 0.96, 0.99), settings=DOUBTING) == [WakeHeard("hey_ada", 0.96, 2 * FRAME)]


def test_a_doubtful_score_is_looked_at_twice_though_it_is_low_again() -> None:
    heard = found(*scores(0.7, 0.8, *[0.1] * 20), settings=DOUBTING)
    assert heard == [
        WakeDoubted(WakeHeard("hey_ada", 0.8, (1 + each) * FRAME), at_once=each < ASKED[-1]) for each in ASKED
    ]


def test_what_was_believed_is_not_looked_at_again() -> None:
    watching = WakeWatch(DOUBTING)
    said = scores(0.7, 0.8, *[0.1] * 20)
    found = [watching.feed(each, n * FRAME, own_voice=False) for n, each in enumerate(said[: 1 + ASKED[0]])]
    assert isinstance(found[-1], WakeDoubted)
    watching.rest(30 * FRAME)
    assert not any(watching.feed(each, (n + 4) * FRAME, own_voice=False) for n, each in enumerate(said[4:]))


def test_while_it_speaks_itself_nobody_looks_at_the_words() -> None:
    assert [type(each) for each in found(*scores(0.85, 0.85), settings=DOUBTING, own_voice=True)] == [WakeHeard]


def test_what_was_nearly_the_word_is_told_once_with_its_best_score() -> None:
    assert found(*scores(0.1, 0.4, 0.55, 0.4, 0.1, 0.1)) == [WakeMissed("hey_ada", 0.55, 5 * FRAME)]
    assert found(*scores(0.1, 0.29, 0.1)) == []
