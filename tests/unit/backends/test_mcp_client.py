"""What of a server's tools a small model can use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import config
from digital_life.backends.mcp_client import parameters_of
from digital_life.errors import ConfigError
from digital_life.tool import Parameter

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "enum", "anyOf", "properties", "required", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def kinds(**properties: object) -> dict[str, object]:
    parameters, _ = parameters_of({"type": "object", "properties": properties})
    return {each.name: each.kind for each in parameters}


def test_plain_types_are_taken() -> None:
    assert kinds(a={"type": "string"}, b={"type": "integer"}, c={"type": "number"}, d={"type": "boolean"}) == {
        "a": str,
        "b": int,
        "c": float,
        "d": bool,
    }


def test_what_may_be_null_is_what_else_it_may_be() -> None:
    assert kinds(a={"anyOf": [{"type": "string"}, {"type": "null"}]}, b={"type": ["integer", "null"]}) == {
        "a": str,
        "b": int,
    }


def test_a_choice_of_texts_is_a_choice() -> None:
    parameters, _ = parameters_of({"properties": {"a": {"enum": ["on", "off"], "description": "which\nway"}}})
    assert [(each.choices, each.about, each.required) for each in parameters] == [(("on", "off"), "which", False)]


def test_what_cannot_be_written_is_left_out() -> None:
    schema = {
        "properties": {
            "a": {"type": "array", "items": {"type": "string"}},
            "b": {"type": "object"},
            "c": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            "d": {"$ref": "#/$defs/D"},
            "e": {"enum": [1, 2]},
            "f": {"type": "string"},
        },
        "required": ["f"],
    }
    assert parameters_of(schema) == ((Parameter("f", str, "", required=True),), ("a", "b", "c", "d", "e"))


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4), st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_no_schema_is_too_strange(schema: dict[str, object], properties: dict[str, object]) -> None:
    parameters_of(schema)
    parameters, left_out = parameters_of({"properties": properties})
    assert {*left_out, *(each.name for each in parameters)} == properties.keys()


@pytest.mark.parametrize(
    "server", ["{name='x'}", "{name='x', command=['y'], address='http://z'}", "{name='No Name', command=['y']}"]
)
def test_a_server_has_a_name_and_either_a_command_or_an_address(server: str) -> None:
    with pytest.raises(ConfigError, match=r"tools\.mcp"):
        config.load(None, [f"tools.mcp=[{server}]"])
