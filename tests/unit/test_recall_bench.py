"""The bench of recall reads the published files and counts right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benches import answers, hops
from benches import recallscores as scores
from benches import recallsets as sets
from benches.answered import Gold, labelled
from benches.answers import Answered, Answers
from benches.hops import Hops
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


def test_what_is_right_to_answer_is_read_from_the_files_or_from_the_labels_beside_the_bench(tmp_path: Path) -> None:
    history = {"2023-04-27": [{"query": "I run", "response": "ok"}]}
    write(tmp_path, "memory_bank_en.json", {"Ann": {"name": "Ann", "history": history}})
    asked: list[dict[str, object]] = [
        {"question": "Which sport?", "answer": "running"},
        {"question": "What type of music do I like to listen to?"},
        {"question": "I don't like running, right?", "type": "false_premise"},
        {"question": "What did I eat?", "answerable": False},
        {"question": "Nobody labelled this?"},
    ]
    common: dict[str, object] = {"user_idx": 0, "q_idx": 0, "evidence": ["2023-04-27_0"]}
    write(tmp_path, "memorybank_evidence.json", {"en": [common | each for each in asked]})
    (told,) = sets.memory_bank(tmp_path)
    assert [each.gold for each in told.answered] == [
        Gold("facts", (("run",),)),
        labelled(["jazz"]),
        Gold("false premise"),
        Gold("not told"),
    ]


def test_what_locomo_never_tells_is_right_to_be_admitted(folder: Path) -> None:
    told = sets.read(folder)[-1]
    assert [(each.text, each.gold) for each in told.answered] == [("Adversarial?", Gold("not told"))]


def test_every_label_belongs_to_a_question_and_names_facts() -> None:
    table = json.loads(sets.ANSWERS.read_text(encoding="utf-8"))
    assert set(table) == {"en", "zh"}
    for facts in (each for of_language in table.values() for each in of_language.values()):
        assert facts
        assert all(all(way.strip() for way in each.split("|")) for each in facts)


def test_the_same_questions_are_drawn_each_time(folder: Path) -> None:
    told = sets.read(folder)
    assert answers.sample(told, 3) == answers.sample(told, 3)
    assert [len(questions) for _, questions in answers.sample(told, 1)] == [1]
    assert answers.sample(told, 0) == []


def test_answers_are_counted_apart_where_what_was_told_stood_before_the_model() -> None:
    question = Question("Who?", "en", frozenset())
    given = [
        Answered(question, "A", right=right, at_hand=at_hand)
        for right, at_hand in ((True, True), (False, True), (False, False), (False, False))
    ]
    table = Answers("p", "s", "en", given).table()
    assert (table["right"], table["with the answer at hand"], table["right of those"]) == (25.0, 50.0, 50.0)
    assert Answers("p", "s", "en").table()["right of those"] is None


def test_what_thinking_harder_finds_is_counted_by_halves_of_the_lives() -> None:
    table = Hops("locomo", hops.AT_ONCE, [[1.0, 0.5], [0.0], [0.5]]).table()
    assert (table["questions"], table["multi_hop_recall@10"]) == (4, 50.0)
    assert (table["every second life"], table["the others"]) == (66.7, 0.0)
