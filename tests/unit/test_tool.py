"""A tool is what its function says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import pytest

from digital_life.errors import ToolError
from digital_life.tool import Outcome, Tool, ToolCall

if TYPE_CHECKING:
    from digital_life.values import Transcript


async def timer(
    _heard: Transcript,
    *,
    lasts: Annotated[str, "how long"],
    count: Annotated[int, "how many"] = 1,
    action: Literal["set", "cancel"] = "set",
    loud: bool | None = None,
) -> Outcome:
    """Ring after a while.

    More about it.
    """
    return Outcome(said=f"{lasts} {count} {action} {loud}")


def test_its_name_description_and_parameters_are_the_functions() -> None:
    tool = Tool.of(timer)
    assert (tool.name, tool.about) == ("timer", "Ring after a while.")
    assert [(each.name, each.kind, each.about, each.required) for each in tool.parameters] == [
        ("lasts", str, "how long", True),
        ("count", int, "how many", False),
        ("action", Literal["set", "cancel"], "", False),
        ("loud", bool, "", False),
    ]


def test_its_schema_is_what_chat_endpoints_take() -> None:
    schema = Tool.of(timer).schema()
    assert schema["required"] == ["lasts"]
    assert schema["properties"]["lasts"] == {"type": "string", "description": "how long"}
    assert schema["properties"]["action"] == {"enum": ["cancel", "set"]}


def test_arguments_become_what_they_should_be() -> None:
    assert Tool.of(timer).validated({"lasts": "an hour", "count": "2"}) == {"lasts": "an hour", "count": 2}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"lasts": "an hour", "colour": "red"}, "no argument colour"),
        ({"count": 2}, "needs lasts"),
        ({"lasts": ""}, "needs lasts"),
        ({"lasts": "an hour", "count": "many"}, "timer"),
        ({"lasts": "an hour", "action": "eat"}, "timer"),
    ],
)
def test_wrong_arguments_are_refused_with_a_reason(arguments: dict[str, object], complaint: str) -> None:
    with pytest.raises(ToolError, match=complaint):
        Tool.of(timer).validated(arguments)


def test_what_no_model_could_write_is_no_parameter() -> None:
    async def odd(_heard: Transcript, *, where: dict[str, int]) -> Outcome:  # noqa: ARG001 - never run
        """Odd."""
        return Outcome()

    with pytest.raises(TypeError, match="no model could write"):
        Tool.of(odd)


def test_a_tool_without_a_description_is_none() -> None:
    async def silent(_heard: Transcript) -> Outcome:
        return Outcome()

    with pytest.raises(TypeError, match="docstring"):
        Tool.of(silent)


def test_the_arguments_of_a_call_are_told_as_one_text() -> None:
    assert ToolCall(Tool.of(timer), {"lasts": "an hour"}).argument == "an hour"
    assert ToolCall(Tool.of(timer), {"lasts": "an hour", "count": 2}).argument == "lasts=an hour; count=2"
