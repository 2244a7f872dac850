"""What a reasoning model thinks is not part of its answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.llama_cpp import _without_thoughts


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("Hello.", "Hello."),
        ("<think>hm</think>\n\nHello.", "Hello."),
        ("<think>\n\n</think>\n\n你好。", "你好。"),
        ("<think>never ends", ""),
        ("1 < 2 and <thin> ice", "1 < 2 and <thin> ice"),
    ],
)
@given(cuts=st.lists(st.integers(1, 5), min_size=1))
def test_thoughts_are_left_out_however_the_stream_is_cut(written: str, answer: str, cuts: list[int]) -> None:
    pieces, rest = [], written
    while rest:
        for cut in cuts:
            pieces.append(rest[:cut])
            rest = rest[cut:]
    assert "".join(_without_thoughts(iter(pieces))) == answer
