"""Taking the wake phrase off a transcript."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.talking.addressed import is_called, without_wake

PHRASES = ["Hey Jarvis", "Alexa", "Hey Mycroft", "Hey Marvin"]


@pytest.mark.parametrize(
    ("heard", "phrase", "left"),
    [
        ("Hey Jarvis, what time is it?", "Hey Jarvis", "what time is it?"),
        ("Hey, Jarvis.", "Hey Jarvis", ""),
        ("Hi Jarvis", "Hey Jarvis", ""),
        ("Jarvis, turn it off.", "Hey Jarvis", "turn it off."),
        (" Hey Jarvis! Turn it off.", "Hey Jarvis", "Turn it off."),
        ("Hey Travis, what's up?", "Hey Jarvis", "what's up?"),
        ("Hey Jervis what's up?", "Hey Jarvis", "what's up?"),
        ("Heyjarvis what's up?", "Hey Jarvis", "what's up?"),
        ("Hey Jarvis is it raining?", "Hey Jarvis", "is it raining?"),
        ("嘿 Jarvis，今天天气怎么样？", "Hey Jarvis", "今天天气怎么样？"),
        ("嘿Jarvis今天天气怎么样？", "Hey Jarvis", "今天天气怎么样？"),
        ("嘿，贾维斯。你好", "Hey Jarvis", "你好"),
        ("Alexa, play music.", "Alexa", "play music."),
        ("Alexa play music.", "Alexa", "play music."),
        ("A Lexa, play music.", "Alexa", "play music."),
        ("Alexa", "Alexa", ""),
        ("Hey Mycroft, tell me a joke.", "Hey Mycroft", "tell me a joke."),
        ("Hey Microsoft, tell me a joke.", "Hey Mycroft", "tell me a joke."),
        ("hey my croft tell me a joke", "Hey Mycroft", "tell me a joke"),
        ("Hey Marvin!", "Hey Marvin", ""),
        ("小灵小灵，开灯。", "小灵小灵", "开灯。"),
        ("小玲小玲开灯", "小灵小灵", "开灯"),
    ],
)
def test_a_leading_phrase_goes_however_it_was_misheard(heard: str, phrase: str, left: str) -> None:
    assert without_wake(heard, phrase) == left


@pytest.mark.parametrize(
    ("heard", "phrase"),
    [
        ("tell me about Jarvis", "Hey Jarvis"),
        ("Alexander the Great was a king.", "Alexa"),
        ("A lexicon is a book.", "Alexa"),
        ("Hey, how are you?", "Hey Jarvis"),
        ("Hey, just a visit.", "Hey Jarvis"),
        ("Hello there", "Hey Jarvis"),
        ("Hi, my name is Rob.", "Hey Mycroft"),
        ("你好，今天天气怎么样？", "Hey Jarvis"),
        ("Mark's car is red.", "Hey Marvin"),
        ("Service is slow.", "Hey Jarvis"),
        ("小心地滑。", "小灵小灵"),
        ("", "Alexa"),
        ("...", "Alexa"),
    ],
)
def test_other_words_stay_as_they_are(heard: str, phrase: str) -> None:
    assert without_wake(heard, phrase) == heard


@given(st.text(), st.sampled_from(PHRASES))
def test_what_is_left_is_an_end_of_what_was_heard(heard: str, phrase: str) -> None:
    assert heard.endswith(without_wake(heard, phrase))


@given(st.sampled_from(["what time is it?", "今天天气怎么样？", "play some music"]), st.sampled_from(PHRASES))
def test_the_phrase_as_it_is_named_goes(request: str, phrase: str) -> None:
    assert without_wake(f"{phrase}, {request}", phrase) == request


@pytest.mark.parametrize(
    ("heard", "phrase", "called"),
    [
        ("Alexa.", "Alexa", True),
        ("See you tomorrow. A lexa", "Alexa", True),
        ("Hey Minecraft", "Hey Mycroft", True),
        ("嘿，贾维斯", "Hey Jarvis", True),
        ("I like so.", "Alexa", False),
        ("Hey Jervis", "Hey Jarvis", True),
        ("a letter to", "Alexa", False),
        ("嗯，小灵小灵", "小灵小灵", True),
        ("小心地滑", "小灵小灵", False),
        ("", "Alexa", False),
    ],
)
def test_the_phrase_is_found_wherever_it_is(heard: str, phrase: str, *, called: bool) -> None:
    assert is_called(heard, phrase) is called
