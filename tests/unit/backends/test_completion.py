"""The stream of an answer is understood however the network cuts it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.completion import (
    LONGEST_LINE,
    BrokenCompletionError,
    Completion,
    NoCompletionError,
    Piece,
    code,
)
from fakes.completions import DONE, event

FIRST = b'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n'
ENDING = b'data:{"choices":[{"delta":{},"finish_reason":"stop"}]}\r\n\r\n'


@given(st.lists(st.text(min_size=1), max_size=5), st.data())
def test_the_pieces_are_the_same_however_the_bytes_are_cut(pieces: list[str], data: st.DataObject) -> None:
    whole = FIRST + b": still here\n\n" + b"".join(map(event, pieces)) + ENDING + DONE
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    completion = Completion()
    found = [
        piece.text
        for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)
        for piece in completion.feed(whole[start:end])
    ]
    assert found == pieces
    assert completion.ended


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
def test_what_is_thought_aside_is_a_sign_of_life_and_nothing_to_say(key: str) -> None:
    assert Completion().feed(event("", **{key: "Let me see."})) == [Piece("")]


@pytest.mark.parametrize(
    "block",
    [
        *(b"data: <html>\n", b'data: {"answer": "Paris"}\n', b"data: [1]\n", b"data: \xff\n"),
        *(b'data: {"choices": [{"delta": {"content": "\xff"}}]}\n', b"x" * (LONGEST_LINE + 1)),
    ],
)
def test_what_is_no_completion_is_told(block: bytes) -> None:
    with pytest.raises(NoCompletionError):
        Completion().feed(block)


def test_an_end_without_a_beginning_is_none() -> None:
    completion = Completion()
    assert completion.feed(DONE) == []
    assert not completion.ended


def test_a_server_that_gives_up_in_the_middle_says_why_in_a_word() -> None:
    with pytest.raises(BrokenCompletionError, match="server_error"):
        Completion().feed(b'data: {"error": {"message": "you said: my secret", "type": "server_error"}}\n')


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b'{"error": {"message": "my secret", "type": "exceed_context_size_error", "code": 400}}',
            "exceed_context_size_error",
        ),
        (b'{"error": {"type": "invalid_request_error", "code": null}}', "invalid_request_error"),
        (b'{"error": {"type": "my secret is long"}}', ""),
        (b'{"detail": [{"input": "my secret"}]}', ""),
        (b"<html>", ""),
    ],
)
def test_of_an_error_only_its_kind_is_told(body: bytes, expected: str) -> None:
    assert code(body) == expected
