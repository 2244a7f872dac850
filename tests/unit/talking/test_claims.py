"""What a model may not claim."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.errors import ModelError
from digital_life.talking.claims import is_claim, kept_honest
from digital_life.values import Language


async def pieces(text: str, size: int) -> AsyncGenerator[str]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


async def heard(text: str, language: Language, size: int = 3) -> str:
    return "".join([piece async for piece in kept_honest(pieces(text, size), language)])


CLAIMS: list[tuple[Language, str]] = [
    ("en", "I have set a timer for ten minutes."),
    ("en", "Okay, I've turned off the kitchen light."),
    ("en", "Sure, I will remind you at six."),
    ("en", "The timer has been set."),
    ("en", "I'll wake you up at seven."),
    ("en", "Your reminder is set."),
    ("en", "I've added milk to your shopping list!"),
    ("zh", "好的，我已经为你设好了闹钟。"),
    ("zh", "灯已经打开了。"),
    ("zh", "我会提醒你的。"),
    ("zh", "已经帮你把牛奶加到清单里了。"),
]
HARMLESS: list[tuple[Language, str]] = [
    ("en", "I have set out on a long journey once."),
    ("en", "I have a cat. The light in this painting is warm."),
    ("en", "The sky is blue because of the light of the sun."),
    ("en", "You could set a timer."),
    ("en", "Once upon a time there was an old door."),
    ("zh", "我很喜欢下雨天。"),
    ("zh", "你可以设一个闹钟。"),
    ("zh", "好的，我们聊聊吧。"),
]


@pytest.mark.parametrize(("language", "said"), CLAIMS)
async def test_what_was_not_done_is_not_claimed(language: Language, said: str) -> None:
    assert is_claim(said, language)
    assert (await heard(said, language)).strip() == words.load(language).text("tools.not-done")


@pytest.mark.parametrize(("language", "said"), HARMLESS)
async def test_ordinary_answers_stay_as_they_are(language: Language, said: str) -> None:
    assert await heard(said, language) == said


async def test_the_rest_of_an_answer_stays_when_a_claim_is_taken_out() -> None:
    said = await heard("Good idea. I have set the timer. I set the alarm too. Enjoy your tea.", "en")
    admission = words.load("en").text("tools.not-done")
    assert said.startswith("Good idea. ")
    assert said.endswith("Enjoy your tea.")
    assert said.count(admission) == 1
    assert "timer" not in said.replace(admission, "")


async def test_what_is_held_back_is_said_before_the_model_fails() -> None:
    async def failing() -> AsyncGenerator[str]:
        yield "I"
        raise ModelError("language-model-failed", cause="it was told to")

    stream = kept_honest(failing(), "en")
    assert await anext(stream) == "I"
    with pytest.raises(ModelError):
        await anext(stream)


@given(st.text(alphabet="abc .!?,\n我好灯", max_size=60), st.integers(1, 7))
async def test_nothing_that_is_no_claim_is_lost(text: str, size: int) -> None:
    assert await heard(text, "en", size) == text
