"""Pages of long texts: where they end, which are meant, what of them fits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import pages
from digital_life.memory.pages import LEAST, MOST, PIECE, Room, words_in
from fakes.embedder import FakeEmbedder


def words(count: int) -> str:
    return " ".join(["word"] * count)


def room(tokens: int) -> Room:
    return Room(tokens, words_in)


@given(st.lists(st.integers(1, 700), min_size=1, max_size=30))
def test_pages_hold_every_piece_once_in_order(lengths: list[int]) -> None:
    found = pages.paginated([words(each) for each in lengths], lambda places: places[len(places) // 2])
    assert [n for page in found for n in range(page.first, page.last + 1)] == list(range(len(lengths)))


@given(st.lists(st.integers(1, 300), min_size=1, max_size=30))
def test_a_page_is_as_long_as_asked_but_for_the_last_one(lengths: list[int]) -> None:
    for page in pages.paginated([words(each) for each in lengths], lambda places: places[-1])[:-1]:
        assert LEAST <= sum(lengths[page.first : page.last + 1]) <= max(MOST, LEAST + 300)


def test_a_text_without_anything_has_no_page() -> None:
    assert pages.pieces_of(" \n\n") == []
    assert pages.paginated([], lambda places: places[-1]) == []


def test_paragraphs_are_pieces_and_know_their_lines() -> None:
    found = pages.pieces_of("One line\nand its other half.\n\nA second one.\n")
    assert [(each.text, each.first, each.last) for each in found] == [
        ("One line and its other half.", 1, 2),
        ("A second one.", 4, 4),
    ]


@given(st.text(alphabet="ab。.!字句 \n", max_size=400))
def test_nothing_of_a_text_is_lost(text: str) -> None:
    whole = "".join(each.text for each in pages.pieces_of(text))
    assert "".join(whole.split()) == "".join(text.split())


def test_a_chinese_text_of_one_line_a_paragraph_is_cut_between_sentences() -> None:
    found = pages.pieces_of("今天下雨了，我们没有出门。" * 40)
    assert len(found) > 2
    assert all(each.text.endswith("。") and words_in(each.text) <= PIECE for each in found)


def test_a_sentence_without_end_is_cut_all_the_same() -> None:
    assert all(words_in(each.text) <= MOST for each in pages.pieces_of(words(5000)))


def test_the_answer_of_the_model_names_pages_that_it_was_shown() -> None:
    assert pages.pages_named("I want to look up Page [3, 0, 3] to check.", {0, 1, 3}) == [3, 0]
    assert pages.pages_named("1,9,2,3,4,5,6", range(1, 7)) == [1, 2, 3, 4, 5]
    assert pages.pages_named("STOP", {1}) == []


def test_rare_words_of_the_question_tell_the_page_and_else_its_gist() -> None:
    told = ["The cat sleeps. The harbour is old.", "The cat sleeps. The market sells cheese.", "The cat sleeps."]
    assert pages.likeliest(told, "What does the cat's market sell?", [0.2, 0.2, 0.2])[0] == 1
    assert pages.likeliest(told, "奶酪在哪里卖？", [0.1, 0.9, 0.3]) == [1, 2, 0]


def test_a_raw_page_takes_the_place_of_its_gist() -> None:
    assert pages.looked_up({1: "short a", 2: "short b"}, {2: "all of b"}) == "<Page 1>\nshort a\n<Page 2>\nall of b"


def test_pages_that_do_not_fit_are_shortened_to_what_bears_on_the_question() -> None:
    long = f"{words(60)}. The market sells cheese. {words(60)}."
    raw = room(100).raw({1: long, 2: "Short."}, "What does the market sell?")
    assert raw[2] == "Short."
    assert "cheese" in raw[1]
    assert sum(map(words_in, raw.values())) <= 75


@given(
    st.dictionaries(st.integers(1, 9), st.lists(st.integers(1, 30), min_size=1, max_size=9), min_size=1, max_size=5),
    st.integers(120, 400),
)
def test_what_is_put_before_the_model_fits(lengths: dict[int, list[int]], tokens: int) -> None:
    texts = {n: " ".join(f"{words(each)}." for each in sentences) for n, sentences in lengths.items()}
    raw = room(tokens).raw(texts, "word?")
    gists = room(tokens).gists(range(1, 10), {n: words(20) for n in range(1, 10)}, raw)
    assert not gists.keys() & raw.keys()
    assert sum(map(words_in, [*raw.values(), *gists.values()])) <= tokens


def test_the_nearest_text_has_the_most_of_the_meaning() -> None:
    near = pages.nearness_of(FakeEmbedder(), "cheese market", ["cheese market", "grey harbour"])
    assert near[0] > 0.9 > near[1]
