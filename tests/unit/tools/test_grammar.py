"""The form of a call."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_cpp.llama_grammar import LlamaGrammar

from digital_life.tool import Outcome, Tool
from digital_life.tools.grammar import grammar, parsed
from digital_life.values import Transcript


async def timer(
    _heard: Transcript,
    *,
    lasts: Annotated[str, "how long"],
    action: Literal["set", "cancel"] = "set",
    count: int = 1,
    loud: bool = False,
    volume: float = 0.5,
) -> Outcome:
    """Ring after a while."""
    return Outcome(said=f"{lasts} {action} {count} {loud} {volume}")


async def mute(_heard: Transcript) -> Outcome:
    """Stop listening."""
    return Outcome()


@pytest.mark.parametrize("refusable", [True, False])
def test_llama_cpp_takes_it(refusable: bool) -> None:  # noqa: FBT001 - a case
    assert LlamaGrammar.from_string(grammar([Tool.of(timer), Tool.of(mute)], refusable=refusable), verbose=False)


def test_what_must_be_said_comes_first_and_what_may_be_is_optional() -> None:
    rule = grammar([Tool.of(timer)], refusable=False).splitlines()[1]
    assert rule.index("lasts") < rule.index("(")
    assert rule.count(")?") == 4


def test_only_one_that_may_refuse_knows_none() -> None:
    assert '"none"' in grammar([Tool.of(mute)], refusable=True).splitlines()[0]
    assert '"none"' not in grammar([Tool.of(mute)], refusable=False)


@given(st.dictionaries(st.sampled_from(["lasts", "action", "count"]), st.text(max_size=20) | st.integers()))
def test_a_call_is_read_as_it_was_written(arguments: dict[str, object]) -> None:
    assert parsed(json.dumps({"tool": "timer", **arguments})) == ("timer", arguments)


def test_a_refusal_is_no_call() -> None:
    assert parsed(" none ") is None


@pytest.mark.parametrize("written", ["", "timer(ten minutes)", '{"lasts": "x"}', "[1]", '{"tool": "timer"'])
def test_what_is_no_call_is_an_error(written: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parsed(written)
