"""An answer is right when all of its facts stand in it."""

from __future__ import annotations

import pytest

from benches.answered import Gold, is_right, labelled, published
from digital_life.values import Language

RUNNING = "When did Anna run the race?"
COMEDY = "I don't like watching comedy movies, right?"
COMEDY_ZH = "我不喜欢看喜剧片，对吗？"


@pytest.mark.parametrize(
    ("gold", "question", "said", "right"),
    [
        (published(RUNNING, "19 October 2023"), RUNNING, "She ran it on October 19th, 2023.", True),
        (published(RUNNING, "19 October 2023"), RUNNING, "She ran it in October 2023.", False),
        (published(RUNNING, "19 October 2023"), RUNNING, "She ran it on 18 October 2023.", False),
        (published("How many cats?", "Two"), "How many cats?", "There are 2 cats.", True),
        (published("How many cats?", "Two"), "How many cats?", "There are three cats.", False),
        (published("How many cats?", "3"), "How many cats?", "She has three.", True),
        (published("What art does Eve make?", "abstract art"), "What art does Eve make?", "Abstract paintings.", True),
        (published("What does Bo read?", "books, movies (in bed)"), "What does Bo read?", "A book on a movie.", True),
        (published("What does Bo read?", "books, movies"), "What does Bo read?", "Books.", False),
        (published("Who called?", "Anna"), "Who called?", "I don't remember that Anna called.", False),
        (published("Who called?", "one"), "Who called?", "Just one.", True),
        (published("Did Tim see Rome?", "Yes, twice"), "Did Tim see Rome?", "Tim saw Rome.", True),
        (published("Did Tim see Rome?", "Yes"), "Did Tim see Rome?", "Tim has not seen Rome.", False),
        (published("Did Tim see Rome?", "Likely no"), "Did Tim see Rome?", "No, he did not.", True),
        (published("Did Tim see Rome?", "No"), "Did Tim see Rome?", "I do not know.", False),
        (published("Did Tim see Rome?", "Yes"), "Did Tim see Rome?", "It is a nice day.", False),
        (published("Is it hard?", "Not tough; feed it"), "Is it hard?", "It is not tough, just feed it.", True),
        (published("Where is it?", "Not mentioned in the talk"), "Where is it?", "You have not told me.", True),
        (published("Where is it?", ""), "Where is it?", "It is in the kitchen.", False),
        (labelled(["Leonardo|da Vinci", "Raphael"]), "Who?", "Raphael and Da Vinci.", True),
        (labelled(["Hundred Years of Solitude"]), "Which?", "A solitude of a hundred years", False),
        (Gold("false premise"), COMEDY, "No, you like comedies and romance films.", True),
        (Gold("false premise"), COMEDY, "Yes, you don't like comedies.", False),
        (Gold("false premise"), COMEDY, "Yes, that's right.", False),
        (Gold("false premise"), COMEDY, "It is not true that you don't like them, you love them.", True),
        (Gold("false premise"), "I live in Rome, right?", "You do not live in Rome.", True),
    ],
)
def test_english_answers(gold: Gold, question: str, said: str, *, right: bool) -> None:
    assert is_right(gold, question, said, "en") is right


@pytest.mark.parametrize(
    ("gold", "question", "said", "right"),
    [
        (labelled(["达芬奇", "拉斐尔"]), "哪些画家？", "我推荐过达·芬奇和拉斐尔。", True),
        (labelled(["达芬奇", "拉斐尔"]), "哪些画家？", "我推荐过拉斐尔。", False),
        (labelled(["8"]), "有多少人？", "大概八个人。", True),
        (labelled(["回家吃饭"]), "叫什么？", "我不记得你说过《回家吃饭》。", False),
        (labelled(["OneNote"]), "叫什么？", "是onenote。", True),
        (published("她喜欢什么菜？", "川菜和粤菜"), "她喜欢什么菜？", "她喜欢粤菜，也喜欢川菜。", True),
        (Gold("false premise"), COMEDY_ZH, "不，你喜欢喜剧片。", True),
        (Gold("false premise"), COMEDY_ZH, "是的，你不喜欢喜剧片。", False),
        (Gold("not told"), "我做了什么菜？", "你没有告诉过我。", True),
    ],
)
def test_chinese_answers(gold: Gold, question: str, said: str, *, right: bool) -> None:
    assert is_right(gold, question, said, "zh") is right


def test_what_the_question_says_itself_need_not_be_said_again() -> None:
    assert published("What colour is the car?", "a red car").facts == (("red",),)
    assert published("Which car?", "the car").facts == (("car",),)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_answer_is_never_right(language: Language) -> None:
    for gold in (published("Who?", "Anna"), published("Who?", ""), Gold("yes"), Gold("no"), Gold("false premise")):
        assert not is_right(gold, "Who?", "", language)
