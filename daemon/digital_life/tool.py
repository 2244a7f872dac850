"""A tool: a typed, documented function that the mind may call; its name, schema and description are its signature's."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Self, TypeVar, get_args, get_origin

import msgspec

from digital_life.errors import ToolError
from digital_life.values import Person, Recall, Transcript

Arguments = Mapping[str, Any]
"""By name; those that have a default may be missing."""
Run = Callable[..., Awaitable["Outcome"]]
"""Takes the transcript, and its arguments by keyword."""
Read = Callable[[Transcript], Arguments | None]
Question = TypeVar("Question")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to."""

    said: str = ""
    """Spoken as it is, in the language of the transcript: what really happened. The language model is not asked."""
    found: str = ""
    """What the language model answers from, when nothing is `said`."""
    recalls: tuple[Recall, ...] | None = None
    """The same, of the memory; empty: it was searched, and there is nothing."""
    question: str = ""
    """What it answers then, where that is not what was said."""
    remembered: bool = True
    """Whether the exchange is kept: not when it repeats what is to be forgotten."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a tool."""

    name: str
    kind: Any
    """str, int, float, bool or a Literal of strings."""
    about: str
    """From Annotated[kind, "..."]; what the model reads of it."""
    required: bool

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a Literal; empty for every other kind."""
        return tuple(map(str, get_args(self.kind))) if get_origin(self.kind) is Literal else ()


@dataclass(frozen=True, slots=True)
class Tool:
    """One thing that the mind can do."""

    name: str
    about: str
    """The function's docstring, its first line."""
    parameters: tuple[Parameter, ...]
    run: Run = field(repr=False)
    read: Read | None = field(default=None, repr=False)
    """Finds the arguments in what was said without the language model; None when it is surely not for this tool or
    when they do not show."""
    guess: Read | None = field(default=None, repr=False)
    """The same, as far as they show, when it is known that this tool is meant."""
    awaits: Read | None = field(default=None, repr=False)
    """Finds the answer to a question that this tool asked; None when it asked none, or this is none."""
    claims: Read | None = field(default=None, repr=False)
    """Finds the arguments where what was said can be for nothing else: all of it is of what there is just now, things
    that no example can name. None where it may be for another tool, or for none."""
    acts: bool = True
    """Whether it changes anything. One that does not may run before it is certain that it was asked."""
    guests: bool = False
    """Whether somebody may use it whose voice nobody knows: it tells nothing of the people who live here."""

    @classmethod
    def of(
        cls,
        function: Run,
        *,
        name: str = "",
        read: Read | None = None,
        guess: Read | None = None,
        awaits: Read | None = None,
        claims: Read | None = None,
        acts: bool = True,
        guests: bool = False,
    ) -> Self:
        """The tool that `function` is: `async def timer(heard: Transcript, *, lasts: Annotated[str, "how long"])`.

        Raises TypeError when a parameter has no type that a model could write.
        """
        described = inspect.getdoc(function)
        if not described:
            raise TypeError(f"{function} has no docstring")
        hints = _hints(function)
        parameters = tuple(_parameter(each, hints[each.name]) for each in _written(function))
        return cls(
            name=name or function.__name__,
            about=described.splitlines()[0],
            parameters=parameters,
            run=function,
            read=read,
            guess=guess,
            awaits=awaits,
            claims=claims,
            acts=acts,
            guests=guests,
        )

    def validated(self, arguments: Arguments) -> dict[str, Any]:
        """The arguments in their types. Raises ToolError, which says what is wrong."""
        known = {each.name: each for each in self.parameters}
        for name in arguments:
            if name not in known:
                raise ToolError("tool-argument-unknown", tool=self.name, name=name)
        for each in self.parameters:
            if each.required and arguments.get(each.name) in (None, ""):
                raise ToolError("tool-argument-missing", tool=self.name, name=each.name)
        try:
            return {name: msgspec.convert(value, known[name].kind, strict=False) for name, value in arguments.items()}
        except msgspec.ValidationError as error:
            raise ToolError("tool-argument-invalid", tool=self.name, cause=error) from error

    def schema(self) -> dict[str, Any]:
        """As JSON Schema, in the form that chat endpoints take for a function's parameters."""
        return {
            "type": "object",
            "properties": {each.name: _schema(each) for each in self.parameters},
            "required": [each.name for each in self.parameters if each.required],
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One tool, called with arguments that it takes."""

    tool: Tool
    arguments: Arguments = field(default_factory=dict)
    written: bool = False
    """Whether the language model wrote the arguments, and so may write them better; else the user's words told them."""

    @property
    def argument(self) -> str:
        """The arguments as one text: the only one, or each with its name."""
        if len(self.arguments) == 1:
            return str(next(iter(self.arguments.values())))
        return "; ".join(f"{name}={value}" for name, value in self.arguments.items())


class Pending(Generic[Question]):
    """Questions of ours, the latest of each room: an answer counts where it was asked, and nowhere else.

    What is written elsewhere is a room of its own. One that is `personal` only who was asked may answer; whatever
    anybody says there ends it.
    """

    def __init__(self, *, personal: bool = False) -> None:
        self._personal = personal
        self._asked: dict[tuple[str, bool], tuple[Person, Question]] = {}

    def ask(self, question: Question, heard: Transcript) -> None:
        """From now on this is asked where `heard` was said."""
        self._asked[_where(heard)] = heard.person, question

    def waits(self, heard: Transcript) -> bool:
        """Whether something is asked there, of whomever."""
        return _where(heard) in self._asked

    def of(self, heard: Transcript) -> Question | None:
        """What `heard` may answer."""
        return self._answered(self._asked.get(_where(heard)), heard)

    def take(self, heard: Transcript) -> Question | None:
        """The same, and it is asked no longer."""
        return self._answered(self._asked.pop(_where(heard), None), heard)

    def _answered(self, asked: tuple[Person, Question] | None, heard: Transcript) -> Question | None:
        if asked is None or (self._personal and asked[0] != heard.person):
            return None
        return asked[1]


def _where(heard: Transcript) -> tuple[str, bool]:
    return heard.room, heard.remote


def _written(function: Run) -> list[inspect.Parameter]:
    """What the model writes: the keyword-only parameters."""
    parameters = inspect.signature(function).parameters.values()
    return [each for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY]


def _hints(function: Run) -> dict[str, Any]:
    """Of these alone: the other types may be imported for the type checker only."""
    annotated = types.SimpleNamespace(__annotations__={each.name: each.annotation for each in _written(function)})
    names = inspect.unwrap(function).__globals__
    return typing.get_type_hints(annotated, globalns=names, include_extras=True)


def _parameter(parameter: inspect.Parameter, hint: Any) -> Parameter:
    about = ""
    if get_origin(hint) is typing.Annotated:
        hint, about, *_ = get_args(hint)
    kind = _without_none(hint)
    if kind not in (str, int, float, bool) and get_origin(kind) is not Literal:
        raise TypeError(f"{parameter.name} is {hint}, which no model could write")
    return Parameter(parameter.name, kind, about, required=parameter.default is inspect.Parameter.empty)


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (typing.Union, types.UnionType):
        kinds = [each for each in get_args(hint) if each is not type(None)]
        return kinds[0] if len(kinds) == 1 else hint
    return hint


def _schema(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = msgspec.json.schema(parameter.kind)
    return {**schema, **({"description": parameter.about} if parameter.about else {})}
