"""Templates of announced devices, rendered where they can do no harm.

They come from the network, and so does what they are given. A template may look at what it is given, compute and
choose; it may not repeat anything, so that its time is that of its length, and no value that it makes may become large.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from types import BuiltinMethodType
from typing import Any, NoReturn

from jinja2 import Environment, Template, TemplateError, Undefined, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST = 3_000
"""Characters of a template; the longest that devices are known to announce have some 1,500."""
TOLD = 32_768
"""Bytes of a message that is looked into."""
TEXT = 4_096
"""Characters of a text that a template computes with, or makes."""
ITEMS = 250
"""Of a list that a template computes with, or makes."""
KEPT = 1_024
"""Templates that stay compiled."""
_NOTHING = "a template comes to nothing"
_BIG = 10**15
"""No number that a device means is larger."""
_FAILURES = (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError)
_METHODS = frozenset({
    "capitalize", "count", "endswith", "find", "get", "isdigit", "items", "keys", "lower", "lstrip", "replace",
    "rstrip", "split", "startswith", "strip", "title", "upper", "values",
})  # fmt: skip
"""Of texts, lists and tables. None makes more than it is given, but for `replace`, whose outcome is bounded."""
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr, nodes.Getitem,
    nodes.Slice, nodes.If, nodes.CondExpr, nodes.Assign, nodes.Filter, nodes.Test, nodes.Call, nodes.Keyword,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Add, nodes.Sub,
    nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Concat, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair,
)  # fmt: skip
"""What a template may be made of: no loop, no macro, no other template."""
_FORMAT = re.compile(r"(?:[^%]|%%|%[-+ 0#]{0,3}\d{0,2}(?:\.\d{0,2})?[sdifgxX])*")
"""A format whose fields are narrow."""
_NUMBER = re.compile(r"\s*[+-]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})(?:[eE][+-]?\d{1,3})?\s*")


def render(source: str, **values: object) -> str | None:
    """What the template makes of the values; None where it fails."""
    template = _compiled(source)
    try:
        return _rendered(template, values) if template else None
    except _FAILURES:
        return None


def told(source: str, message: bytes) -> str | None:
    """What the template makes of a message, or its text where there is no template; None where nothing is known."""
    if len(message) > TOLD:
        return None
    try:
        text = message.decode()
    except UnicodeDecodeError:
        return None
    return render(source, **_given(text)) if source else text


@functools.lru_cache(maxsize=KEPT)
def refused(source: str) -> bool:
    """Whether this is no template, or one that could do harm."""
    try:
        _looked_at(source)
    except _FAILURES:
        return True
    return False


def parsed(text: str) -> object:
    """The JSON that a text is. Raises ValueError."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError(text[:20]) from error


def number(text: object) -> float | None:
    """The finite number that this is or says; true and false are none."""
    if isinstance(text, bool):
        return None
    if isinstance(text, str):
        text = float(text) if _NUMBER.fullmatch(text) else None
    return float(text) if isinstance(text, int | float) and abs(text) <= _BIG else None


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _given(text: str) -> dict[str, object]:
    try:
        return {"value": text, "value_json": parsed(text)}
    except ValueError:
        return {"value": text}


def _rendered(template: Template, values: Mapping[str, object]) -> str:
    pieces, length = [], 0
    for piece in template.generate(**values):
        length += len(piece)
        _bound(length <= TEXT)
        pieces.append(piece)
    made = "".join(pieces).strip()
    made.encode()  # Half a character cannot be sent.
    return made


@functools.lru_cache(maxsize=KEPT)
def _compiled(source: str) -> Template | None:
    """None: it is refused, asks for what there is not, or is nested too deeply for Python."""
    try:
        return _SANDBOX.from_string(_joining(_looked_at(source)))
    except (*_FAILURES, SyntaxError, MemoryError):
        return None


def _looked_at(source: str) -> nodes.Template:
    """Its tree. Raises SecurityError for what is not allowed."""
    _bound(len(source) <= LONGEST)
    tree = _SANDBOX.parse(source)
    _look(tree)
    return tree


def _look(tree: nodes.Template) -> None:
    made: set[str] = set()
    for node in _walk(tree):
        _bound(isinstance(node, _ALLOWED))
        if isinstance(node, nodes.Assign):
            _bound(isinstance(node.target, nodes.Name))
            made.update(name.name for name in node.find_all(nodes.Name) if name.ctx == "store")
        if isinstance(node, nodes.Getattr):
            _bound(not node.attr.startswith("_"))
        if isinstance(node, nodes.Name):
            _bound(node.name != "self")  # the template itself
        if isinstance(node, nodes.Call | nodes.Filter | nodes.Test):
            _bound(node.dyn_args is None and node.dyn_kwargs is None)
    # A list of lists of lists, each twice the one before it, is small and yet takes for ever to be compared or written.
    for node in _walk(tree):
        if isinstance(node, nodes.List | nodes.Tuple | nodes.Dict):
            _bound(not any(name.name in made for name in node.find_all(nodes.Name)))


def _walk(tree: nodes.Node) -> Iterator[nodes.Node]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.iter_child_nodes())


def _joining(tree: nodes.Template) -> nodes.Template:
    """With every `a ~ b` under the same bound as `a + b`: the sandbox itself does not see it."""
    for node in _walk(tree):
        for name, value in node.iter_fields():
            if isinstance(value, nodes.Concat):
                setattr(node, name, _joined_node(value))
            elif isinstance(value, list):
                value[:] = [_joined_node(each) if isinstance(each, nodes.Concat) else each for each in value]
    return tree


def _joined_node(concat: nodes.Concat) -> nodes.Filter:
    pieces = nodes.List(concat.nodes, lineno=concat.lineno)
    return nodes.Filter(pieces, "join", [], [], None, None, lineno=concat.lineno)


def _bound(kept: bool) -> None:  # noqa: FBT001 - reads as the condition that it is
    if not kept:
        raise SecurityError(_NOTHING)


def _small(value: object) -> Any:
    """`value`, of which no computation takes long. Raises SecurityError."""
    if isinstance(value, Undefined):
        raise UndefinedError(_NOTHING)
    if isinstance(value, str):
        _bound(len(value) <= TEXT)
    elif isinstance(value, list | tuple | dict):
        _bound(len(value) <= ITEMS)
    elif isinstance(value, int | float):
        _bound(abs(value) <= _BIG or value in (math.inf, -math.inf))
    else:
        _bound(value is None)
    return value


def _plain(value: object) -> str:
    """As text: only what is no list or table, which could be large within."""
    _bound(isinstance(_small(value), str | int | float | None))
    return str(value)


def _written(value: object) -> object:
    """What a template puts out."""
    return _plain(value)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Bounds each value as it is made."""

    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        _small(left), _small(right)
        if operator == "%" and isinstance(left, str):
            return _formatted(left, *(right if isinstance(right, tuple) else (right,)))
        if operator != "+":
            _bound(isinstance(left, int | float) and isinstance(right, int | float))
        return _small(super().call_binop(context, operator, left, right))

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002 - as jinja2 calls it
        if isinstance(obj, Undefined):
            raise UndefinedError(_NOTHING)
        if not any(obj is each for each in _FUNCTIONS.values()):
            _bound(isinstance(obj, BuiltinMethodType) and obj.__name__ in _METHODS)
            _bound(type(_small(obj.__self__)) in (str, list, dict))
        for each in args:
            _small(each)
        if getattr(obj, "__name__", "") == "replace":
            return _replaced(obj.__self__, *args)
        return obj(*args, **kwargs)


def _replaced(text: Any, old: Any, new: Any, count: Any = -1) -> str:
    text, old, new = _plain(text), _plain(old), _plain(new)
    _bound((text.count(old) + 1) * len(new) <= TEXT)
    return str(text.replace(old, new, int(count)))


def _formatted(pattern: Any, *values: Any) -> str:
    _bound(_FORMAT.fullmatch(_small(pattern)) is not None)
    _bound(sum(len(_plain(each)) for each in values) <= TEXT)
    return str(_small(str(pattern) % values))


def _joined(values: Any, between: Any = "") -> str:
    pieces = [_plain(each) for each in _listed(values)]
    _bound(sum(map(len, pieces)) + len(pieces) * len(_plain(between)) <= TEXT)
    return str(between).join(pieces)


def _listed(values: Any) -> list[Any]:
    if isinstance(values, type({}.keys()) | type({}.values()) | type({}.items())):
        _bound(len(values) <= ITEMS)
        return list(values)
    return list(_small(values))


_REQUIRED = object()


def _float(value: Any, default: Any = _REQUIRED) -> Any:
    found = _counted(value)
    return found if found is not None else _instead(default)


def _counted(value: Any) -> float | None:
    return float(value) if isinstance(value, bool) else number(value)


def _int(value: Any, default: Any = _REQUIRED, base: int = 10) -> Any:
    if isinstance(value, str) and base != 10:
        _bound(len(value) < 20)
        return int(value, base)
    found = _counted(value)
    return int(found) if found is not None else _instead(default)


def _instead(default: Any) -> Any:
    if default is _REQUIRED:
        raise ValueError(_NOTHING)
    return default


def _round(value: Any, precision: int = 0, method: str = "common", default: Any = _REQUIRED) -> Any:
    found = number(value)
    if found is None:
        return _instead(default)
    _bound(abs(precision) <= 15)
    scale = 10.0**precision
    ways: dict[str, Callable[[float], float]] = {
        "common": lambda exact: round(exact, precision),
        "floor": lambda exact: math.floor(exact * scale) / scale,
        "ceil": lambda exact: math.ceil(exact * scale) / scale,
        "half": lambda exact: round(exact * 2) / 2,
    }
    rounded = ways[method](found)
    return int(rounded) if precision == 0 and method != "half" else rounded


def _bool(value: Any, default: Any = _REQUIRED) -> Any:
    if isinstance(value, bool):
        return value
    known = {"true": True, "yes": True, "on": True, "enable": True, "1": True}
    known |= {"false": False, "no": False, "off": False, "disable": False, "0": False}
    return known[text] if (text := _plain(value).lower()) in known else _instead(default)


def _iif(value: Any, then: Any = True, otherwise: Any = False, unknown: Any = _REQUIRED) -> Any:  # noqa: FBT002
    if value is None and unknown is not _REQUIRED:
        return unknown
    return then if value else otherwise


def _default(value: Any, instead: Any = "", boolean: Any = False) -> Any:  # noqa: FBT002 - jinja2's
    return instead if isinstance(value, Undefined) or (boolean and not value) else value


def _is_defined(value: Any) -> Any:
    if isinstance(value, Undefined):
        raise UndefinedError(_NOTHING)
    return value


def _to_json(value: Any, **_options: Any) -> str:
    return str(_small(json.dumps(_small(value), ensure_ascii=False, allow_nan=False)))


def _from_json(value: Any) -> object:
    return parsed(_small(value))


def _smallest(*values: Any) -> Any:
    return min(_listed(values[0]) if len(values) == 1 else values)


def _largest(*values: Any) -> Any:
    return max(_listed(values[0]) if len(values) == 1 else values)


def _length(value: Any) -> int:
    return len(_listed(value) if not isinstance(value, str) else _small(value))


def _first(value: Any) -> Any:
    return _small(value)[0]


def _last(value: Any) -> Any:
    return _small(value)[-1]


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "bool": _bool,
    "float": _float,
    "iif": _iif,
    "int": _int,
    "is_number": lambda value: number(value) is not None,
    "max": _largest,
    "min": _smallest,
}
_FILTERS: dict[str, Callable[..., Any]] = {
    **_FUNCTIONS,
    "abs": lambda value: abs(_small(value)),
    "capitalize": lambda value: _plain(value).capitalize(),
    "count": _length,
    "d": _default,
    "default": _default,
    "first": _first,
    "format": _formatted,
    "from_json": _from_json,
    "is_defined": _is_defined,
    "join": _joined,
    "last": _last,
    "length": _length,
    "list": _listed,
    "lower": lambda value: _plain(value).lower(),
    "multiply": lambda value, by: _small(_float(value) * _float(by)),
    "add": lambda value, more: _small(_float(value) + _float(more)),
    "replace": _replaced,
    "round": _round,
    "string": _plain,
    "sum": lambda value: _small(sum(_float(each) for each in _listed(value))),
    "title": lambda value: _plain(value).title(),
    "to_json": _to_json,
    "tojson": _to_json,
    "trim": lambda value: _plain(value).strip(),
    "upper": lambda value: _plain(value).upper(),
}
_TESTS = (
    "boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "float", "ge", "gt", "in", "integer",
    "le", "lt", "mapping", "ne", "none", "number", "odd", "sequence", "string", "true", "undefined",
)  # fmt: skip


def _sandbox() -> Environment:
    made = _Sandbox(optimized=False, finalize=_written, cache_size=0)
    made.globals = dict(_FUNCTIONS)
    made.filters = dict(_FILTERS)
    made.tests = {name: made.tests[name] for name in _TESTS}
    return made


_SANDBOX = _sandbox()
