"""Taking the wake phrase off a transcript."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.talking.addressed import without_wake

PHRASES = ["hey_jarvis", "alexa", "hey_mycroft", "hey_marvin"]


@pytest.mark.parametrize(
    ("heard", "phrase", "left"),
    [
        ("Hey Jarvis, what time is it?", "hey_jarvis", "what time is it?"),
        ("Hey, Jarvis.", "hey_jarvis", ""),
        ("Hi Jarvis", "hey_jarvis", ""),
        ("Jarvis, turn it off.", "hey_jarvis", "turn it off."),
        (" Hey Jarvis! Turn it off.", "hey_jarvis", "Turn it off."),
        ("Hey Travis, what's up?", "hey_jarvis", "what's up?"),
        ("Hey Jervis what's up?", "hey_jarvis", "what's up?"),
        ("Heyjarvis what's up?", "hey_jarvis", "what's up?"),
        ("Hey Jarvis is it raining?", "hey_jarvis", "is it raining?"),
        ("嘿 Jarvis，今天天气怎么样？", "hey_jarvis", "今天天气怎么样？"),
        ("嘿Jarvis今天天气怎么样？", "hey_jarvis", "今天天气怎么样？"),
        ("嘿，贾维斯。你好", "hey_jarvis", "你好"),
        ("Alexa, play music.", "alexa", "play music."),
        ("Alexa play music.", "alexa", "play music."),
        ("A Lexa, play music.", "alexa", "play music."),
        ("Alexa", "alexa", ""),
        ("Hey Mycroft, tell me a joke.", "hey_mycroft", "tell me a joke."),
        ("Hey Microsoft, tell me a joke.", "hey_mycroft", "tell me a joke."),
        ("hey my croft tell me a joke", "hey_mycroft", "tell me a joke"),
        ("Hey Marvin!", "hey_marvin", ""),
    ],
)
def test_a_leading_phrase_goes_however_it_was_misheard(heard: str, phrase: str, left: str) -> None:
    assert without_wake(heard, phrase) == left


@pytest.mark.parametrize(
    ("heard", "phrase"),
    [
        ("tell me about Jarvis", "hey_jarvis"),
        ("Alexander the Great was a king.", "alexa"),
        ("A lexicon is a book.", "alexa"),
        ("Hey, how are you?", "hey_jarvis"),
        ("Hey, just a visit.", "hey_jarvis"),
        ("Hello there", "hey_jarvis"),
        ("Hi, my name is Rob.", "hey_mycroft"),
        ("你好，今天天气怎么样？", "hey_jarvis"),
        ("Mark's car is red.", "hey_marvin"),
        ("Service is slow.", "hey_jarvis"),
        ("", "alexa"),
        ("...", "alexa"),
    ],
)
def test_other_words_stay_as_they_are(heard: str, phrase: str) -> None:
    assert without_wake(heard, phrase) == heard


@given(st.text(), st.sampled_from(PHRASES))
def test_what_is_left_is_an_end_of_what_was_heard(heard: str, phrase: str) -> None:
    assert heard.endswith(without_wake(heard, phrase))


@given(st.sampled_from(["what time is it?", "今天天气怎么样？", "play some music"]), st.sampled_from(PHRASES))
def test_the_phrase_as_it_is_named_goes(request: str, phrase: str) -> None:
    said = phrase.replace("_", " ").title()
    assert without_wake(f"{said}, {request}", phrase) == request
