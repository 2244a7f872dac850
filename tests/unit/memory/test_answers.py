"""What a question asks for, a moment, a number or a name, and whether a text has such a thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import answers


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("When did Melanie paint it?", ("moment",)),
        ("On which day was that?", ("moment",)),
        ("How many dogs has Jon?", ("number",)),
        ("Who gave it to her?", ("name",)),
        ("What's the name of the band?", ("name",)),
        ("What did she paint?", ()),
        ("Tell me what you did when it rained.", ()),
        ("我什么时候去的厦门？", ("moment",)),
        ("他养了几只猫？", ("number",)),
        ("我去了哪里？", ("name",)),
        ("我喜欢吃什么？", ()),
    ],
)
def test_a_question_asks_for_a_moment_a_number_a_name_or_something_else(question: str, kinds: tuple[str, ...]) -> None:
    assert answers.asked(question) == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We went there last Friday.", "moment"),
        ("我们上周去了那里。", "moment"),
        ("She has 3 of them.", "number"),
        ("There were three.", "number"),
        ("她养了三只。", "number"),
        ("It was a present from Anna.", "name"),
        ("那本书是《活着》。", "name"),
    ],
)
def test_a_text_has_what_its_form_shows(text: str, kind: str) -> None:
    assert answers.told(text, (kind,)) == 1


def test_a_word_that_begins_a_sentence_is_no_name() -> None:
    assert answers.told("Caroline: That was nice. Really.\nThanks.", ("name",)) == 0


@given(st.text(max_size=60), st.lists(st.sampled_from(answers.KINDS), unique=True))
def test_no_text_has_more_kinds_than_were_asked_for(text: str, kinds: list[str]) -> None:
    assert 0 <= answers.told(text, tuple(kinds)) <= len(kinds)


@pytest.mark.parametrize(
    ("turn", "vain"),
    [
        ("Where do I live?\nI do not remember that you told me.", True),
        ("我住在哪里？\n我不记得你说过。", True),
        ("我把钥匙放哪儿了？\n这个我不记得了。", True),
        ("Where do I live?\nYou live in Lisbon.", False),
        ("I moved to Lisbon. Where is the next pharmacy?\nI do not know.", False),
        ("Where do I live?", False),
        ("I do not remember.\nNever mind.", False),
    ],
)
def test_what_was_asked_and_not_known_tells_nothing(turn: str, *, vain: bool) -> None:
    assert answers.is_in_vain(turn) == vain
