"""Which name is meant by an answer: "you can call me Bob", "我叫李明，木子李", "no, Anna with one n"."""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.talking.answers import languages, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from digital_life.values import Language
    from digital_life.words import Words

    Sound = Callable[[str], str]
    """How Chinese is pronounced."""

WORD = r"[^\W\d_\u4e00-\u9fff]+(?:['-][^\W\d_\u4e00-\u9fff]+)*"
NAME = {
    "en": f"{WORD}(?: {WORD}){{0,2}}?",
    "zh": r"(?:[\u4e00-\u9fff·]{1,4}?|[A-Za-z]+(?:[ -][A-Za-z]+)?)",
}
"""One to three words; one to four characters, or a foreign name."""
ALIKE = 0.75
"""Likeness from which a name is what a recogniser made of the present one: "Jervis" of "Jarvis" is 0.83."""
LEAST_LETTERS = 3
"""Letters in a row from which they spell a name: "I" and "a" are words."""
MOST_LETTERS = 14
"""A recogniser that is told letters may repeat them without end."""
SWAPPED = ("ckq", "iye", "sz", "gj", "vw", "fp", "td")
"""Letters that sound alike at one place of a name."""
VOWELS = "aeiou"
WORD_LENGTHS = (2, 4)
"""Characters of a Chinese word, and of an idiom."""
PRONOUNS = "你您我他她它"


@dataclass(frozen=True, slots=True)
class Named:
    name: str
    surely: bool
    """Whether it was said to be a name, rather than just said."""


def given(said: str, *, sound: Sound) -> Named | None:
    """The name that somebody gives as their own; None where there is none in it."""
    own = languages(said)[0]
    for language in languages(said):
        rest, spelled = _without_spelling(said, language)
        if spelled.name and not rest:
            return Named(_title(spelled.name), surely=True)
        found = _named(rest, ("named", "bare") if language == own else ("named",), language)
        if found:
            return Named(spelled.applied(found.name, sound), surely=found.surely or spelled.any)
    return None


def chosen(said: str, present: str, *, sound: Sound) -> Named | None:
    """The name that it shall bear, which may be the `present` one; None where there is none in it."""
    bare = plain(said)
    for language in languages(said):
        found = _named(_without_spelling(said, language)[0], ("named-you",), language)
        if found:
            return Named(_or_present(found.name, present, sound), surely=found.surely)
        if any(pattern.fullmatch(bare) for pattern in _patterns("keep", language)) or _is(bare, present, language):
            return Named(present, surely=True)
    found = given(said, sound=sound)
    return Named(_or_present(found.name, present, sound), surely=found.surely) if found else None


def corrected(said: str, name: str, *, sound: Sound) -> str | None:
    """What `name` should have been; None where nothing is corrected."""
    for language in languages(said):
        rest, spelled = _without_spelling(said, language)
        keys = ("corrected", "named", "bare") if spelled.any else ("corrected",)
        found = _named(rest, keys, language)
        if found or spelled.any:
            return spelled.applied(found.name if found else name, sound)
    return None


def is_named(said: str) -> bool:
    """Whether somebody gives a name in so many words."""
    return any(_named(_without_spelling(said, each)[0], ("named",), each) for each in languages(said))


def _or_present(name: str, present: str, sound: Sound) -> str:
    """A recogniser may write the present name otherwise."""
    near = difflib.SequenceMatcher(None, name.casefold(), present.casefold()).ratio() >= ALIKE
    return present if near or sound(name.casefold()) == sound(present.casefold()) else name


def _is(bare: str, present: str, language: Language) -> bool:
    """Whether it is the present name and nothing but courtesies, or that this one is fine."""
    text = words.load(language)
    lead, tail = (text.text(f"introduction.heard.{each}") for each in ("lead", "tail"))
    name = re.escape(plain(present))
    fine = r"(?: ?(?:is|sounds)? ?(?:fine|good|ok|okay|great|nice|perfect|lovely)|很好|挺好|好听|不错|就好)*"
    keep = r"(?:keep|stay|be|remain|no|还是|就|继续|叫|用|就叫|还叫|保持)"
    return bool(re.fullmatch(rf"(?:(?:{lead}|{keep}) ?)*{name}{fine}(?: ?{tail})*", bare, re.IGNORECASE))


def _named(bare: str, keys: tuple[str, ...], language: Language) -> Named | None:
    for key in keys:
        for pattern in _patterns(key, language):
            found = pattern.fullmatch(bare)
            if found and _is_name(found["name"], language, sure=key != "bare"):
                return Named(_whole(found), surely=key != "bare")
    return None


def _whole(found: re.Match[str]) -> str:
    """With the family name, where that was said apart."""
    family, name = found.groupdict().get("family") or "", found["name"]
    return _title(name if name.startswith(family) else family + name)


def _is_name(name: str, language: Language, *, sure: bool) -> bool:
    none = _unnamed(language)
    if language == "en":
        return not any(each in none for each in name.casefold().split())
    if name in none or name[0] in PRONOUNS:
        return False
    return not any(each in name for each in none if len(each) > 1 or not sure)


def _title(name: str) -> str:
    """Written as a name: "anna" and "ANNA" are Anna, "McKay" stays."""
    return " ".join(
        each if not (each.islower() or (each.isupper() and len(each) > 2)) else _capital(each) for each in name.split()
    )


def _capital(word: str) -> str:
    return "-".join("'".join(each.capitalize() for each in part.split("'")) for part in word.split("-"))


# Spelling.


@dataclass(frozen=True, slots=True)
class _Spelling:
    name: str = ""
    """All letters, or some of its characters."""
    letter: str = ""
    how: str = ""
    """What there is of the letter: "one", "two", "a", "no"."""

    @property
    def any(self) -> bool:
        return bool(self.name or self.letter)

    def applied(self, name: str, sound: Sound) -> str:
        if self.name:
            return _spelled(name, self.name, sound)
        return _adjusted(name, self.letter, self.how) if self.letter else name


def _without_spelling(said: str, language: Language) -> tuple[str, _Spelling]:
    """What is left of it without its spelling, and that."""
    bare = plain(said)
    if language == "zh":
        rest, characters = _characters(bare)
        return rest, _Spelling(characters)
    rest, letters = _letters(bare)
    return (rest, _Spelling(letters)) if letters else _with_letter(bare)


def _letters(bare: str) -> tuple[str, str]:
    found = re.search(rf"(?:(?<=\s)|^)(?:[A-Za-z][ -]){{{LEAST_LETTERS - 1},}}[A-Za-z](?=\s|$)", bare)
    if not found or len(found.group()) > 2 * MOST_LETTERS:
        return bare, ""
    rest = f"{bare[: found.start()].strip()} "
    before = _filled(words.load("en").text("introduction.heard.spelled-before"), "en")
    spelled = re.sub(r"[ -]", "", found.group()).lower()
    rest = re.sub(r"\b(?:spelled|spelt|written|you spell it|you write it|that's|it's) $", "", rest)
    return ("" if re.fullmatch(before, rest, re.IGNORECASE) else rest.strip()), spelled


def _with_letter(bare: str) -> tuple[str, _Spelling]:
    """As in "Anna with one n", "Sarah without an h"."""
    text = words.load("en")
    for key in ("with-letter", "without-letter"):
        found = text.search(f"introduction.heard.{key}", bare)
        if found and (letter := _letter(found["letter"], text)):
            how = found["how"].split()[-1].lower() if key == "with-letter" else "no"
            return bare[: found.start()].strip(), _Spelling(letter=letter, how=how)
    return bare, _Spelling()


def _characters(bare: str) -> tuple[str, str]:
    """As in "弓长张", "伟大的伟": what a character is made of, or part of, is said before it."""
    text = words.load("zh")
    made = {before + letter: letter for before, letter in text.pairs("introduction.heard.written")}
    parts = "|".join(map(re.escape, sorted(made, key=len, reverse=True)))
    part_of = "|".join(text.texts("introduction.heard.spelled-out"))
    start, spelled = len(bare), ""
    for found in re.finditer(f"(?P<made>{parts})|{part_of}", bare):
        at = found.start() if found["made"] else _word_before(bare, found)
        if at is not None:
            start, spelled = min(start, at), spelled + (made.get(found["made"] or "") or found["letter"])
    return bare[:start], spelled


def _word_before(bare: str, found: re.Match[str]) -> int | None:
    """Where the word with that character begins: two characters, else four."""
    starts = (found.start() - length for length in WORD_LENGTHS)
    return next((at for at in starts if at >= 0 and found["letter"] in bare[at : found.start()]), None)


def _spelled(name: str, spelled: str, sound: Sound) -> str:
    """`name` with the characters that were spelled; letters spell the whole of it."""
    if spelled.isascii() or len(spelled) == len(name):
        return _title(spelled)
    fixed = name
    for letter in spelled:
        same = (at for at, each in enumerate(fixed) if sound(each) == sound(letter))
        at = next(same, None)
        fixed = fixed if at is None else fixed[:at] + letter + fixed[at + 1 :]
    return spelled if fixed == name and len(spelled) > 1 else fixed


def _letter(said: str, text: Words) -> str:
    said = said.casefold()
    return said if len(said) == 1 else dict(text.pairs("introduction.heard.written")).get(said, "")


def _adjusted(name: str, letter: str, how: str) -> str:
    lower = name.lower()
    match how:
        case "one" | "1" | "single":
            changed = re.sub(f"{letter}{letter}+", letter, lower)
        case "two" | "2" | "double":
            at = lower.rfind(letter)
            changed = lower if at < 0 or letter * 2 in lower else lower[:at] + letter + lower[at:]
        case "no":
            at = lower.rfind(letter)
            changed = lower if at < 0 else lower[:at] + lower[at + 1 :]
        case _:
            changed = lower if letter in lower else _swapped(lower, letter)
    return " ".join(_capital(each) for each in changed.split())


def _swapped(name: str, letter: str) -> str:
    alike = next((group for group in SWAPPED if letter in group), "")
    at = next((at for at, each in enumerate(name) if each in alike), None)
    if at is not None:
        return name[:at] + letter + name[at + 1 :]
    return name + letter if name[-1] in VOWELS or letter != "h" else name[:-1] + letter + name[-1]


# The tables.


def _filled(written: str, language: Language) -> str:
    text = words.load(language)
    lead, tail = (text.text(f"introduction.heard.{each}") for each in ("lead", "tail"))
    return written.replace("NAME", NAME[language]).replace("LEAD", lead).replace("TAIL", tail)


@functools.cache
def _compiled(key: str, language: Language) -> tuple[re.Pattern[str], ...]:
    written = words.load(language).texts(f"introduction.heard.{key}")
    return tuple(re.compile(_filled(each, language), re.IGNORECASE) for each in written)


def _patterns(key: str, language: Language) -> Iterator[re.Pattern[str]]:
    return iter(_compiled(key, language))


@functools.cache
def _unnamed(language: Language) -> frozenset[str]:
    return frozenset(words.load(language).texts("introduction.heard.unnamed"))
