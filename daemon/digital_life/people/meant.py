"""What was said about voices themselves: "this is Anna", "learn my voice", "forget Anna's voice", "who am I"."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from digital_life import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digital_life.values import Language, Transcript

What = Literal["learn", "forget", "who", "introduce"]
"""Learn a voice, forget one, tell whose this one is; and somebody tells who they are: perhaps a wish to be known."""
WORD = r"[^\W\d_\u4e00-\u9fff]+(?:['-][^\W\d_\u4e00-\u9fff]+)*?"
NAME = {"en": f"{WORD}(?: {WORD}){{0,2}}?", "zh": r"[\u4e00-\u9fff·]{1,6}?|[A-Za-z]+(?:[ -][A-Za-z]+)?"}
"""One to three words; few characters, or a foreign name."""
MOST_CHARACTERS = 3
"""Of a Chinese name; one of another language may take more to write."""


@dataclass(frozen=True, slots=True)
class Meant:
    what: What
    name: str = ""
    """Empty: of who speaks."""


def meant(heard: Transcript) -> Meant | None:
    """None when it is ordinary talk."""
    said = _plain(heard.text)
    for what in get_args(What):
        for pattern in _patterns(what, heard.language):
            found = pattern.fullmatch(said)
            if found and (read := _read(what, found.groupdict().get("name") or "", heard.language)):
                return read
    return None


def is_said(key: Literal["yes", "no", "cancel"], heard: Transcript) -> bool:
    return words.load(heard.language).match(f"people.heard.{key}", _plain(heard.text)) is not None


def _plain(said: str) -> str:
    """Without its marks."""
    return " ".join(re.sub(r"[,;:.!?，。；：！？、]", " ", said.replace("’", "'")).strip(words.AROUND).split())


def _read(what: What, name: str, language: Language) -> Meant | None:
    """None where what stands in the place of a name is none."""
    if not name:
        return Meant(what)
    if language == "zh" and not name.isascii():
        return Meant(what, name) if _is_chinese_name(name) else None
    return Meant(what, name) if all(map(_is_word_of_name, name.split())) else None


def _is_word_of_name(word: str) -> bool:
    """A recogniser writes names with a capital letter; weekdays and countries too."""
    text = words.load("en")
    others = (*text.texts("introduction.heard.unnamed"), *text.texts("people.heard.never"))
    return word[0].isupper() and word.casefold() not in others


def _is_chinese_name(name: str) -> bool:
    """A surname and a character or two, a name of another language by its sounds, or who one is in a family."""
    text = words.load("zh")
    surnames, sounds = (text.text(f"people.heard.{each}") for each in ("surnames", "sounds"))
    if name in text.texts("people.heard.never"):
        return False
    if name in text.texts("people.heard.family") or (len(name) > 1 and all(each in sounds for each in name)):
        return True
    if name.endswith(text.texts("people.heard.not-at-end")):
        return False
    double = name[:2] in text.texts("people.heard.double-surnames")
    given = len(name) - (2 if double else 1)
    return (double or name[0] in surnames) and 1 <= given < MOST_CHARACTERS


def _patterns(what: What, language: Language) -> Iterator[re.Pattern[str]]:
    return iter(_compiled(what, language))


@functools.cache
def _compiled(what: What, language: Language) -> tuple[re.Pattern[str], ...]:
    written = words.load(language).texts(f"people.heard.{what}")
    return tuple(re.compile(each.replace("NAME", NAME[language]), re.IGNORECASE) for each in written)
