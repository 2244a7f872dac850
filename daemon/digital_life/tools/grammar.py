"""The form of a call as a GBNF grammar, so that whatever a model writes in it can be read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import msgspec

from digital_life.malformed import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digital_life.tool import Parameter, Tool

LONGEST = 80
"""Characters of a text that is an argument."""
NONE = "none"

_KINDS = {
    str: "text",
    int: "whole",
    float: "number",
    bool: "truth",
}
_RULES = rf"""
text ::= "\"" letter{{1,{LONGEST}}} "\""
letter ::= [^"\\\x00-\x1f<>]
whole ::= "-"? [0-9]{{1,6}}
number ::= whole ("." [0-9]{{1,3}})?
truth ::= "true" | "false"
"""


def grammar(tools: Sequence[Tool], *, refusable: bool) -> str:
    """Of one call of one of the tools, `{{"tool": "timer", "lasts": "ten minutes"}}`; `refusable`: or of none."""
    calls = [f"call{n}" for n in range(len(tools))] + (['"none"'] if refusable else [])
    rules = [f"root ::= {' | '.join(calls)}"]
    for n, tool in enumerate(tools):
        rules.append(f"call{n} ::= {_call(tool)}")
    return "\n".join(rules) + _RULES


def _call(tool: Tool) -> str:
    """What must be said comes first; what may be said follows in its order, each or not."""
    ordered = sorted(tool.parameters, key=lambda each: not each.required)
    parts = [_literal(f'{{"tool": "{tool.name}"')]
    for each in ordered:
        named = _literal(f', "{each.name}": ')
        parts.append(f"{named} {_value(each)}" if each.required else f"({named} {_value(each)})?")
    return " ".join([*parts, _literal("}")])


def _value(parameter: Parameter) -> str:
    if parameter.choices:
        return "(" + " | ".join(_literal(f'"{each}"') for each in parameter.choices) + ")"
    return _KINDS[parameter.kind]


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def parsed(written: str) -> tuple[str, dict[str, Any]] | None:
    """The tool's name and its arguments; None for a refusal. Raises ValueError for what is no call."""
    if re.fullmatch(r"\s*none\s*", written):
        return None
    try:
        call = msgspec.json.decode(written, type=dict[str, Any])
        return call.pop("tool"), call
    except (KeyError, *WRITTEN) as error:
        raise ValueError(written) from error
