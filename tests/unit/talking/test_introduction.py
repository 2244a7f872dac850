"""The first talk, answer by answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from digital_life import words
from digital_life.backends.pinyin import sound
from digital_life.talking import introduction
from digital_life.talking.introduction import (
    PUT_MOST,
    TRIES,
    Began,
    Disturbed,
    DoneElsewhere,
    Heard,
    Introduction,
    NotWoken,
    Silence,
    Step,
    Stopped,
    Topic,
    Woken,
)
from digital_life.values import Language, Transcript

VOICES: dict[Language, tuple[str, ...]] = {"en": ("joe", "kokoro"), "zh": ("kokoro",)}
NEW = introduction.begun_again(Introduction(me="Jarvis", phrase="Hey Jarvis", voices=VOICES))


def said(text: str, language: Language = "en", confidence: float = 0.9) -> Transcript:
    return Transcript(text, language, confidence)


class Talked:
    """A talk: what was said of each answer, and all that was learnt."""

    def __init__(self, state: Introduction = NEW) -> None:
        self.state = state
        self.learnt: dict[Topic, str] = {}
        self.steps: list[Step] = []

    def hear(self, *heard: Heard | str, language: Language = "en") -> str:
        """What it says to the last of them; "" where it is no concern of it."""
        after: Step | None = None
        for each in heard:
            what = said(each, language) if isinstance(each, str) else each
            after = introduction.step(self.state, what, sound=sound)
            if after:
                self.state = after.state
                self.learnt |= after.learnt
                self.steps.append(after)
        return after.said if after else ""


def test_it_greets_in_both_languages_and_asks_which() -> None:
    greeting = Talked().hear(Began())
    assert "I am Jarvis" in greeting
    assert "我是Jarvis" in greeting
    assert "中文还是英文" in greeting


def test_a_whole_talk_in_english() -> None:
    talk = Talked()
    assert "call you" in talk.hear(Began(), "English, please.")
    assert talk.hear("My name is Anna.").startswith("Nice to meet you, Anna.")
    assert "I am Ada from now on" in talk.hear("I'd like to call you Ada.")
    assert talk.steps[-1].tried == "kokoro"
    assert "Hey Jarvis" in talk.hear("The second one.")
    assert "97 percent" in talk.hear(Woken(0.97, 0.6))
    assert talk.steps[-1].said.count("Anna") == 1
    assert talk.learnt == {
        Topic.LANGUAGE: "en",
        Topic.USER: "Anna",
        Topic.NAME: "Ada",
        Topic.VOICE: "kokoro",
        Topic.WAKE: "Hey Jarvis",
    }
    assert talk.state.topic is None


def test_a_whole_talk_in_chinese_has_one_voice_less_to_choose() -> None:
    talk = Talked()
    assert "怎么称呼" in talk.hear(Began(), "中文吧。", language="zh")
    assert "李明" in talk.hear("我叫李明，木子李。", language="zh")
    assert "Hey Jarvis" in talk.hear("不用改了。", language="zh")
    assert "这样就好了，李明" in talk.hear(Woken(0.99, 0.6))
    assert talk.learnt[Topic.NAME] == "Jarvis"


def test_the_language_is_understood_from_any_answer() -> None:
    talk = Talked()
    assert "李明" in talk.hear(Began(), "你好，我叫李明。", language="zh")
    assert talk.learnt == {Topic.LANGUAGE: "zh", Topic.USER: "李明"}


def test_everything_can_be_skipped() -> None:
    talk = Talked()
    talk.hear(Began(), *["Skip."] * len(Topic))
    assert talk.state.topic is None
    assert talk.learnt == {Topic.LANGUAGE: "en"}


def test_a_name_that_was_heard_badly_is_confirmed_once() -> None:
    talk = Talked()
    talk.hear(Began(), "English.")
    assert "I heard Hanna" in talk.hear(said("Hanna.", confidence=0.4))
    assert "call you" in talk.hear("No.")
    assert "Nice to meet you, Anna" in talk.hear(said("Anna.", confidence=0.4))


def test_who_says_nothing_against_a_name_agrees() -> None:
    talk = Talked()
    talk.hear(Began(), "English.", said("Hanna.", confidence=0.4), Silence())
    assert talk.learnt[Topic.USER] == "Hanna"


def test_a_name_is_corrected_at_the_next_question() -> None:
    talk = Talked()
    talk.hear(Began(), "English.", "Anna.")
    assert talk.hear("No, Anna with one N.").startswith("Sorry. Ana, then.")
    assert talk.state.topic is Topic.NAME
    assert talk.learnt[Topic.USER] == "Ana"


def test_a_name_that_was_wrong_is_asked_for_once_more() -> None:
    talk = Talked()
    talk.hear(Began(), "English.", "Anna.")
    assert "What may I call you?" in talk.hear("That's wrong.")
    assert "Nice to meet you, Joan" in talk.hear("Joan.")
    assert talk.state.topic is Topic.NAME


def test_an_ordinary_question_is_no_answer_and_then_it_goes_on() -> None:
    talk = Talked()
    talk.hear(Began(), "English.")
    assert talk.hear("What time is it?") == ""
    assert talk.hear(Disturbed("en")).startswith("Where were we? What may I call you?")
    talk.hear(Disturbed("en"))
    assert talk.state.topic is Topic.NAME


def test_a_question_shows_which_language_is_spoken() -> None:
    talk = Talked()
    talk.hear(Began())
    assert talk.hear("今天天气怎么样？", language="zh") == ""
    assert "怎么称呼" in talk.hear(Disturbed("zh"))


def test_it_asks_nobody_who_is_not_there() -> None:
    talk = Talked()
    talk.hear(Began(), *[Silence()] * 10)
    assert not talk.state.goes_on
    assert len(talk.steps) <= introduction.UNHEARD_MOST + 1


def test_told_to_be_silent_it_waits_until_it_is_spoken_to() -> None:
    talk = Talked()
    talk.hear(Began(), "English.", Stopped())
    assert talk.hear("Anna.") == ""
    assert talk.hear(Silence()) == ""
    assert "call you" in talk.hear(Disturbed("en"))


def test_no_thank_you_is_an_answer_only_while_it_asks() -> None:
    talk = Talked()
    assert not introduction.awaits(talk.state, said("No, thank you."))
    talk.hear(Began())
    assert introduction.awaits(talk.state, said("No, thank you."))
    assert not introduction.awaits(talk.state, said("Stop."))


def test_no_thank_you_keeps_its_name() -> None:
    talk = Talked()
    talk.hear(Began(), "中文", "李明", "不用了", language="zh")
    assert talk.learnt[Topic.NAME] == "Jarvis"


def test_the_wake_word_is_tried_three_times() -> None:
    talk = Talked(replace(NEW, topics=(Topic.WAKE,)))
    talk.hear(Began())
    assert "40 percent" in talk.hear(NotWoken(0.4, 0.6))
    assert "closer" in talk.hear(NotWoken())
    assert "did not work yet" in talk.hear(NotWoken())
    assert talk.state.topic is None


def test_what_was_only_just_heard_is_told() -> None:
    talk = Talked(replace(NEW, topics=(Topic.WAKE,)))
    assert "only just: 62 percent" in talk.hear(Began(), Woken(0.62, 0.6))


def test_what_the_page_did_is_not_asked_for() -> None:
    talk = Talked()
    talk.hear(Began(), "English.", DoneElsewhere(Topic.USER, {Topic.USER: "Anna"}))
    assert talk.hear(Silence()) == ""  # whoever clicks is not talked into it
    assert "Shall I keep that name" in talk.hear(Disturbed("en"))


def test_it_begins_again_when_it_is_asked_to() -> None:
    talk = Talked(replace(NEW, topics=()))
    assert "from the beginning" in talk.hear("Introduce yourself again.")
    assert talk.state.topic is Topic.LANGUAGE


def test_nobody_elsewhere_can_answer() -> None:
    talk = Talked()
    talk.hear(Began(), "English.")
    assert talk.hear(Transcript("Anna.", "en", 1.0, remote=True)) == ""


ANSWERS = st.sampled_from(
    [
        *(said(each) for each in ("Anna.", "Skip.", "Again.", "Yes.", "No.", "English.", "Keep it.", "The first.")),
        *(said(each) for each in ("That's wrong.", "No, Hanna.", "What time is it?", "Good night.", "No thanks.")),
        *(
            said(each, "zh")
            for each in ("李明。", "再说一遍", "不对", "不是，我叫李敏", "中文", "几点了？", "就这样吧")
        ),
        *(said(each, confidence=0.3) for each in ("Anna.", "I'll call you Ada.", "No, Hanna.")),
        Silence(),
        Stopped(),
        Disturbed("en"),
        Disturbed("zh"),
        Woken(0.9, 0.6),
        NotWoken(),
        NotWoken(0.4, 0.6),
        DoneElsewhere(Topic.USER, {Topic.USER: "Eva"}),
        DoneElsewhere(Topic.LANGUAGE, {Topic.LANGUAGE: "zh"}),
    ]
)
QUESTIONS = {
    words.load(language).text(f"introduction.{key}").partition("{")[0]: (key, language)
    for language in words.LANGUAGES
    for key in ("user", "voice", "voice-again", "name")
}


@settings(max_examples=300, deadline=None)
@given(st.lists(ANSWERS, max_size=40))
def test_no_answers_have_it_ask_the_same_for_ever(heard: list[Heard]) -> None:
    talk = Talked()
    talk.hear(Began(), *heard)
    asked = Counter(each.state.topic for each in talk.steps if each.state.goes_on and each.state.put and each.said)
    for topic, times in asked.items():
        if topic is not Topic.WAKE:
            # A name that was wrong is asked for anew, once.
            assert times <= 2 * PUT_MOST + 1 + heard_corrections(talk), (topic, times)
    assert talk.state.tries < TRIES


def heard_corrections(talk: Talked) -> int:
    """Each is answered, whatever else."""
    sorry = [words.load(each).text("introduction.corrected", name="") for each in words.LANGUAGES]
    return sum(any(each.said.startswith(lead[:3]) for lead in sorry) for each in talk.steps)


@settings(max_examples=200, deadline=None)
@given(st.lists(ANSWERS, max_size=25))
def test_from_anywhere_it_comes_to_its_end(heard: list[Heard]) -> None:
    talk = Talked()
    talk.hear(Began(), *heard)
    for _ in range(12):
        talk.hear(Disturbed("en"), "Skip.", NotWoken(), NotWoken(), NotWoken())
    assert talk.state.topic is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([Silence(), NotWoken()]), min_size=30, max_size=40))
def test_left_alone_it_falls_silent(heard: list[Heard]) -> None:
    talk = Talked()
    talk.hear(Began(), *heard)
    assert not talk.state.goes_on
