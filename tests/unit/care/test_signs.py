"""Signs of a crisis: what is one, what only sounds like one, and why."""

from __future__ import annotations

import json
import random
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.care import signs
from digital_life.care.signs import look

CASES = [json.loads(line) for line in (Path(signs.__file__).parent / "cases.jsonl").read_text("utf-8").splitlines()]
ORDINARY = [each["text"] for each in CASES if not each["level"]]
CLEAR = [each for each in CASES if each["level"]]


def test_of_ordinary_lines_next_to_none_raises_an_alarm() -> None:
    false = [text for text in ORDINARY if look(text).level]
    assert len(false) <= 0.003 * len(ORDINARY), false


def test_of_clear_signs_nearly_all_are_found_and_most_are_as_grave_as_they_are() -> None:
    missed = [each["text"] for each in CLEAR if not look(each["text"]).level]
    assert len(missed) <= 0.03 * len(CLEAR), missed
    same = sum(look(each["text"]).level == each["level"] for each in CLEAR)
    assert same >= 0.85 * len(CLEAR)


@pytest.mark.parametrize(
    ("said", "level", "name"),
    [
        ("everyone would be better off without me", 1, "burden"),
        ("i want to kill myself", 2, "thinks-of-suicide"),
        ("i just took a whole bottle of pills", 3, "under-way"),
        ("没有我大家会过得更好", 1, "burden"),
        ("我想结束这一切", 2, "thinks-of-suicide"),
        ("遗书我都写好了", 3, "farewell"),
    ],
)
def test_the_level_is_that_of_the_gravest_sign_and_the_rule_is_named(said: str, level: int, name: str) -> None:
    concern = look(said)
    assert concern.level == level
    assert name in {sign.name for sign in concern.signs}
    assert all(sign.words for sign in concern.signs)
    assert "english-" in concern.version
    assert "chinese-" in concern.version


@pytest.mark.parametrize(
    ("harmless", "grave"),
    [
        ("笑死我了", "我想死"),
        ("他说他不想活了", "他走了,我不想活了"),
        ("没有手机我活不下去", "没有人爱我,我活不下去了"),
        ("我不想死", "我不得不去死"),
        ("十年前我想过自杀", "十年前我想过自杀,最近又想自杀"),
        ("游戏里的角色一直说不想活了", "我不想玩游戏,我不想活了"),
        ("早八的课让人想死", "每天都很痛苦,早八的课也不想去,我想死"),
        ("I don't want to die", "I don't want to live"),
        ("my friend says she wants to die", "my friend left and i want to die"),
        ("ten years ago i wanted to die", "ten years ago i wanted to die and now i want to die again"),
        ("this homework is killing me", "This homework is done. I want to kill myself."),
        ("my phone died", "i wish i was dead"),
        ("In the movie, I want to die is what he says.", "I saw a movie. I want to die."),
        ("i'd rather die than eat pineapple on pizza", "i'd rather die than go on like this"),
    ],
)
def test_a_guard_holds_for_its_own_clause_and_no_further(harmless: str, grave: str) -> None:
    assert look(harmless).level == 0
    assert look(grave).level > 0


@pytest.mark.parametrize(
    "written",
    [
        "我不想活了", "我 不 想 活 了", "我不想活了。", "  我不想活了！！", "我真的不想活了啊", "我不想活拉",
        "I want to kill myself.", "i wanna kill my self", "I WANT TO KILL MYSELF", "“I want to kill myself”",
        "i  want  to  kill myself", "Ｉ want to kill myself", "I’m going to kill myself", "im gonna kms",
    ],
)  # fmt: skip
def test_it_does_not_matter_how_it_is_written(written: str) -> None:
    assert look(written).level >= 2


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    traditional = opencc.OpenCC("s2t")
    for each in CLEAR:
        if each["lang"] == "zh":
            written, simple = look(traditional.convert(each["text"])), look(each["text"])
            assert [sign.name for sign in written.signs] == [sign.name for sign in simple.signs], each["text"]


def test_a_line_in_two_languages_is_held_against_the_rules_of_both() -> None:
    assert look("我觉得 i want to die").level == 2


@given(st.text(max_size=300))
def test_any_text_has_a_level_and_a_reason_for_it(said: str) -> None:
    concern = look(said)
    assert 0 <= concern.level <= 3
    assert bool(concern.signs) == bool(concern.level)
    assert look(said) == concern


@given(st.text(max_size=3000))
def test_a_long_text_is_cut_into_pieces_and_nothing_of_it_is_lost(said: str) -> None:
    pieces = list(signs._pieces(said))
    assert "".join(pieces) == said
    assert all(len(piece) <= signs.LONGEST + len("!?!") for piece in pieces)


def test_a_sign_is_found_at_the_end_of_a_long_letter() -> None:
    chance = random.Random(1)  # noqa: S311 - the same each time
    letter = " ".join(chance.choice(ORDINARY) + "." for _ in range(200))
    assert look(letter + " I am going to kill myself tonight.").level == 3


def test_every_guard_names_signs_that_there_are() -> None:
    for name in signs.TABLES:
        table = signs._table(name)
        known = {rule.name for rule in table.rules}
        for guard in table.guards:
            assert guard.signs, guard.name
            assert guard.signs <= known, guard.name
            assert guard.where in {"before", "match", "after", "clause", "sentence", "line"}
