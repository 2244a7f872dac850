"""The mood of an answer."""

from __future__ import annotations

import pytest

from digital_life.talking.mood import Mood, mood_of
from digital_life.values import Language


@pytest.mark.parametrize(
    ("reply", "language", "mood"),
    [
        ("It is five past ten.", "en", Mood.NEUTRAL),
        ("That's wonderful, congratulations!", "en", Mood.HAPPY),
        ("I'm not happy or unhappy about it.", "en", Mood.NEUTRAL),
        ("I'm so sorry to hear that. You must miss her.", "en", Mood.SAD),
        ("Sorry, I don't know the time there.", "en", Mood.NEUTRAL),
        ("Wow, I did not expect that!", "en", Mood.SURPRISED),
        ("I'm worried about you. Please see a doctor.", "en", Mood.WORRIED),
        ("", "en", Mood.NEUTRAL),
        ("现在十点零五分。", "zh", Mood.NEUTRAL),
        ("太好了，恭喜你！", "zh", Mood.HAPPY),
        ("听到这个消息我很难过，请节哀。", "zh", Mood.SAD),
        ("哇，真没想到！", "zh", Mood.SURPRISED),
        ("我有点担心你，路上小心。", "zh", Mood.WORRIED),
        ("别担心，一切正常。", "zh", Mood.NEUTRAL),
    ],
)
def test_the_words_show_it(reply: str, language: Language, mood: Mood) -> None:
    assert mood_of(reply, language) is mood


def test_somebody_in_need_is_spoken_to_with_worry() -> None:
    assert mood_of("Thank you for telling me.", "en", concern=1) is Mood.WORRIED
