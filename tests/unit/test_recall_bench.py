"""The bench of recall reads the published files and counts right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benches import recallscores as scores
from benches import recallsets as sets
from benches.recall import of_dates, story
from benches.recallscores import Score
from benches.recallsets import Change, Question


def write(folder: Path, name: str, table: Any) -> None:
    (folder / name).write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    def user(name: str, *said: str) -> dict[str, Any]:
        return {name: {"name": name, "history": {"2023-04-27": [{"query": each, "response": "ok"} for each in said]}}}

    def asked(question: str, *evidence: str) -> dict[str, Any]:
        return {"user_idx": 0, "q_idx": 0, "question": question, "evidence": list(evidence)}

    write(tmp_path, "memory_bank_en.json", user(" Ann ", "Hello", "I run"))
    write(tmp_path, "memory_bank_cn.json", user("安", "你好", "我跑步"))
    evidence = {"en": [asked("Do I run?", "2023-04-27_1")], "cn": [asked("我跑步吗？", "2023-04-27_1")]}
    write(tmp_path, "memorybank_evidence.json", evidence)
    said = [
        {"speaker": "A", "dia_id": "D2:1", "text": "Hi"},
        {"speaker": "B", "dia_id": "D2:2", "text": "Look", "blip_caption": "a cat"},
    ]
    talk = {"session_2": said, "session_2_date_time": "1:56 pm on 8 May, 2023", "session_3_date_time": "x"}
    questions = [
        {"question": "What did B show?", "evidence": ["D:2:02; D9:1"], "category": 1},
        {"question": "No evidence?", "evidence": [], "category": 4},
        {"question": "Adversarial?", "evidence": ["D2:1"], "category": 5},
    ]
    write(tmp_path, "locomo_unseen.json", [{"sample_id": "c", "conversation": talk, "qa": questions}])
    return tmp_path


def test_memory_bank_is_read_with_the_questions_of_both_languages(folder: Path) -> None:
    chinese, english, _ = sets.read(folder)
    assert (english.name.strip(), english.language, english.labels) == ("Ann", "en", ("2023-04-27_0", "2023-04-27_1"))
    assert [each.text for each in chinese.questions] == ["我跑步吗？"]
    assert chinese.others == (Question("Do I run?", "en", frozenset({"2023-04-27_1"})),)
    assert english.asked.isoformat() == "2023-04-28T12:00:00+00:00"


def test_locomo_is_read_with_its_pictures_and_slips_and_without_what_has_no_answer(folder: Path) -> None:
    told = sets.read(folder)[-1]
    assert told.labels == ("D2:1", "D2:2")
    assert [heard for _, heard, _ in told.talks[0].turns] == ["A: Hi", "B: Look [shows a cat]"]
    assert told.questions == (Question("What did B show?", "en", frozenset({"D2:2"}), multi_hop=True),)


def test_hits_and_shares_are_counted() -> None:
    score = Score("p", "s", "en", "en")
    score.found.append((Question("", "en", frozenset({"D1:1", "D2:5"}), multi_hop=True), ("D3:1", "D2:5", "D1:9")))
    score.found.append((Question("", "en", frozenset({"D7:1"})), ("D7:1",)))
    assert (score.hit(1), score.hit(3)) == (50.0, 100.0)
    assert score.recall(5) == 75.0
    assert score.sessions == 100.0
    assert score.multi_hop == 50.0


def test_a_change_counts_when_the_right_one_of_the_two_comes_first() -> None:
    case = Change("en", "old", "new", "now?", "before?")
    (found,) = [scores.change_score("p", "en", [(case, ["x", "new", "old"], ["new", "old"])])]
    assert (found.new_first, found.new_best, found.old_first) == (100.0, 0.0, 0.0)


def test_the_new_facts_are_told_after_the_old_ones(folder: Path) -> None:
    cases = [Change("en", "I live in Rome.", "I moved to Oslo.", "", "")]
    talks, asked = story(cases, sets.memory_bank(folder)[1])
    assert [talk.turns[0][1] for talk in talks] == ["I live in Rome.", "Hello", "I moved to Oslo."]
    assert [talk.began for talk in talks] == sorted(talk.began for talk in talks)
    assert talks[-1].ended < asked


def test_a_date_that_is_none_must_be_seen_as_none(tmp_path: Path) -> None:
    now = "2026-11-21T15:00:00"
    cases = [("yesterday", "2026-11-20"), ("May I ask?", ""), ("last year", "2020-01-01")]
    write(
        tmp_path,
        "date_cases.json",
        [{"text": text, "lang": "en", "start": day, "end": day, "now": now} for text, day in cases],
    )
    found = of_dates(sets.date_cases(tmp_path))
    assert (found["cases"], found["exact"], found["seen_as_none"], found["wrong"]) == (3, 2, 1, ["last year"])
