"""What a listener should not hear: markdown, code, emoji, faces made of signs."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_FACE = frozenset("^_><;・ω°□◕‿≧≦▽´`•╯╰ツДд﹏ﾟ～∀๑͡ʖ┻┳━︵╥﹃ε¬")

# Every repetition is bounded or cannot overlap with what follows it: the time stays linear.
_RULES: list[tuple[str, str]] = [
    ("code", r"```(?:[^`]|`(?!``))*(?:```|\Z)"),
    ("rule", r"^[ \t]*(?P<line>[-*_=])[ \t]*(?:(?P=line)[ \t]*){2,}$"),
    ("columns", r"^(?=[^\n|]*\|)[ \t:|-]+$"),
    ("bullet", r"^[ \t]*(?:#{1,6}[ \t]+|(?:>[ \t]?)+|[-*+•·][ \t]+)(?:\[[ xX]\][ \t]+)?"),
    ("label", r"!?\[(?=[^\[\]\n]{0,300}\]\()"),
    ("target", r"\]\([^()\n]{0,500}\)"),
    ("note", r"\[\^?\d{1,3}\]"),
    ("escape", r"\\(?=[!-/:-@\[-`{-~])"),
    ("tag", r"</?[A-Za-z][^<>\n]{0,200}>"),
    ("entity", r"&(?:nbsp|amp|lt|gt|quot|apos|#\d{1,5});"),
    ("shrug", r"¯\\?_\(ツ\)_/¯|[╯╰ノ┳┻︵━]{2,}"),
    ("face", r"[(（][^()（）\n]{1,16}[)）](?:[ ]?[╯╰ノ︵┻━]{1,8})?"),
    (
        "smiley",
        r"(?<![\w:;=])[:;=]['’^-]?[)(\]\[DPpOo|\\3*]{1,9}(?![\w/])|(?<!\w)(?:\^_*\^|[Tt]_[Tt]|>_+<|-_+-|o_O|O_o)(?!\w)|<3(?!\d)",
    ),
    ("column", r"[ \t]{0,8}\|[ \t]{0,8}"),
    ("times", r"(?<=\d)(?:[ ]?\*[ ]?|\*\*)(?=\d)"),
    ("snake", r"(?<=[^\W_])_(?=[^\W_])"),
    ("mark", r"\*+|_+|~~+|`+|[{}]"),
]
_RULE = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in _RULES), re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Visible:
    """A text without its marks, and where in the written text each character stands."""

    text: str
    origins: list[int]
    """One for each character, never falling."""


def visible(written: str) -> Visible:
    """What of `written` is there for a listener."""
    kept: list[str] = []
    origins: list[int] = []
    end = 0
    for match in _RULE.finditer(written):
        kept.append(written[end : match.start()])
        origins.extend(range(end, match.start()))
        shown = _shown(match)
        kept.append(shown)
        origins.extend([match.start()] * len(shown))
        end = match.end()
    kept.append(written[end:])
    origins.extend(range(end, len(written)))
    return Visible("".join(kept), origins)


def _shown(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    return _SHOWN[kind](match[0]) if kind in _SHOWN else ""


def _face(written: str) -> str:
    """A bracket is a face when it holds signs and hardly a letter."""
    inside = written[1:-1]
    letters = sum(char.isalnum() and char not in _FACE for char in inside)
    signs = sum(char in _FACE for char in inside)
    is_face = letters <= 3 and (signs >= 2 or inside == "T_T") and not any(char.isdigit() for char in inside)
    return "" if is_face else written


_SHOWN: dict[str, Callable[[str], str]] = {
    "code": lambda _: " ",
    "tag": lambda _: " ",
    "entity": html.unescape,
    "face": _face,
    "column": lambda _: ", ",
    "times": lambda written: "^" if written == "**" else " × ",
    "snake": lambda _: " ",
}
