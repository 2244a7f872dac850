"""Memories of other programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import foreign
from digital_life.memory.records import PastTurn

EXPORTED: dict[str, Any] = {
    "selfName": "小叶子",
    "userName": "旅行者",
    "memoryAboutSelf": "我学习心理学。我喜欢猫。",
    "memoryAboutUser": "用户喜欢爬山。",
    "currentSummary": "",
    "longTermMemory": [
        {
            "uuid": "b",
            "title": "爬山",
            "summary": "用户去爬山了。",
            "startTime": 1735689600000,
            "endTime": 1735693200000,
        },
        {
            "uuid": "a",
            "summary": "用户说了你好。",
            "startTime": 1735603200000,
            "endTime": 1735603260000,
            "vector": [0.1],
        },
    ],
    "shortTermMemory": [{"role": "user", "content": "我回来了", "timestamp": 1735776000000, "uuid": "z"}],
    "archivedMemory": [
        {"role": "assistant", "content": "真好", "timestamp": 1735689620000, "belongTo": "b"},
        {"role": "user", "content": "今天去爬山了", "timestamp": 1735689600000, "belongTo": "b"},
        {"role": "assistant", "content": "", "timestamp": 1735689610000, "belongTo": "b", "tool_calls": []},
        {"role": "tool", "content": "没有", "timestamp": 1735689611000, "belongTo": "b"},
        {"role": "user", "content": "很久以前", "timestamp": 1700000000000, "belongTo": "gone"},
    ],
}


def test_digital_life_is_read_with_its_diaries_and_both_concepts() -> None:
    memory = foreign.read(EXPORTED, UTC)
    assert [(talk.title, talk.summary) for talk in memory.talks] == [
        ("", ""),
        ("", "用户说了你好。"),
        ("爬山", "用户去爬山了。"),
        ("", ""),
    ]
    assert memory.talks[2].turns == ((datetime(2025, 1, 1, tzinfo=UTC), "今天去爬山了", "真好"),)
    assert memory.concepts == {"self": "我学习心理学。我喜欢猫。", "user": "用户喜欢爬山。"}
    assert memory.names == ("小叶子", "旅行者")


PERSON = {
    "name": "John Zhang",
    "summary": {"2023-04-27": {"content": "John likes tea."}, "2023-04-28": "John rests."},
    "personality": {},
    "history": {
        "2023-04-28": [["Hello", "Hi."]],
        "2023-04-27": [{"query": "I like tea.", "response": "Good."}, {"query": "Bye.", "response": "Bye."}],
    },
}


@pytest.mark.parametrize("name", ["John Zhang", "John_Zhang", " john zhang "])
def test_memory_bank_is_read_in_both_shapes_of_turns_and_names(name: str) -> None:
    memory = foreign.read({" Ivy ": {"history": {}}, "John Zhang": PERSON}, UTC, user=name)
    assert [[turn[1:] for turn in talk.turns] for talk in memory.talks] == [
        [("I like tea.", "Good."), ("Bye.", "Bye.")],
        [("Hello", "Hi.")],
    ]
    assert [talk.summary for talk in memory.talks] == ["John likes tea.", "John rests."]


def test_of_several_users_one_must_be_chosen() -> None:
    with pytest.raises(LookupError, match="Ivy, John Zhang"):
        foreign.read({" Ivy ": {"history": {}}, "John Zhang": PERSON}, UTC)


@pytest.mark.parametrize("name", ["memory_bank_en.json", "memory_bank_cn.json"])
def test_every_user_of_memory_bank_is_read(data_dir: Path, name: str) -> None:
    table = json.loads((data_dir / "memory" / name).read_text(encoding="utf-8"))
    for user in table:
        memory = foreign.read(table, UTC, user=user)
        assert sum(len(talk.turns) for talk in memory.talks) == sum(map(len, table[user]["history"].values()))


@pytest.mark.parametrize(
    "table",
    [
        None,
        [],
        {},
        3,
        {"shortTermMemory": 5},
        {"a": {"history": {"no day": []}}},
        {"a": {"history": {"2023-04-27": [7]}}},
        {"a": {"history": {"2023-04-27": 7}}},
        {"a": {"history": {"2023-04-27": None}}},
        {"a": {"history": {"9999-12-31": [["a", "b"]] * 2000}}},
        {"a": {}},
    ],
)
def test_what_nobody_wrote_is_refused(table: object) -> None:
    with pytest.raises(foreign.NotKnownError):
        foreign.read(table, UTC)


YEARS = (datetime(2020, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 - hypothesis adds no zone to these
said = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(st.lists(st.tuples(st.datetimes(*YEARS), said, said), max_size=10))
def test_what_is_written_for_memory_bank_reads_back_equal(turns: list[tuple[datetime, str, str]]) -> None:
    ordered = sorted(turns, key=lambda each: each[0].date())
    past = [
        PastTurn(n, 1, when.replace(tzinfo=UTC), "en", heard, answered)
        for n, (when, heard, answered) in enumerate(ordered, 1)
    ]
    written = json.loads(json.dumps(foreign.to_memory_bank("Ada", past, (), ["Ada bakes."])))
    memory = foreign.read(written, UTC)
    again = [
        PastTurn(n, 1, when, "en", heard, answered)
        for n, (when, heard, answered) in enumerate((turn for talk in memory.talks for turn in talk.turns), 1)
    ]
    assert foreign.to_memory_bank("Ada", again, (), ["Ada bakes."]) == written
