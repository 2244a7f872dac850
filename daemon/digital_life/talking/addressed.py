"""Take the wake phrase off what was said after it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

GREETINGS = ("hey", "hi", "hello", "ok", "okay", "oh", "hay")
GREETINGS_ZH = ("嘿", "嗨", "喂", "你好", "哈喽", "哈啰")
CALLED = {
    "jarvis": ("贾维斯", "贾维思", "加维斯", "嘉维斯"),
    "alexa": ("亚历克莎", "亚历克萨", "艾丽莎", "阿莱克萨"),
    "mycroft": ("麦克罗夫特", "迈克罗夫特"),
    "marvin": ("马文", "马尔文"),
}
"""As a recogniser writes the names in Chinese."""
GREETED_LIKENESS = 0.6
"""After a greeting: "hey travis" is 0.67 of "jarvis", "hey microsoft" 0.75 of "mycroft"."""
LIKENESS = 0.8
"""Without a greeting, and only before a pause: "Alexander" is 0.71 of "alexa". For several words always."""
HAN_LIKENESS = 0.5
"""Of a name in Chinese characters."""
PARTS = 3
"""Words a recogniser may make of one name: "my croft"."""

_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\d_\u4e00-\u9fff]+")
_START = re.compile(r"(?<![a-z])\w", re.IGNORECASE)
"""Of a word; in Chinese, which writes no spaces, every character."""
_GREETING = re.compile(rf"\W*(?:(?:(?:{'|'.join(GREETINGS)})(?![a-z])|{'|'.join(GREETINGS_ZH)})\W*)?", re.IGNORECASE)
_BETWEEN = frozenset(" ,.-，")
_LEFT_OVER = " \t\n,.!?;:-–—…，。！？、；："


def without_wake(text: str, phrase: str) -> str:
    """`text` without a leading `phrase`, however it was misheard; "" when nothing else was said.

    A phrase further in is part of the request and stays.
    """
    name = _name(phrase)
    greeting = _GREETING.match(text)
    start = greeting.end() if greeting else 0
    greeted = any(char.isalpha() for char in text[:start])
    end = _end_of_name(text, start, name, greeted=greeted)
    return text if end is None else text[end:].lstrip(_LEFT_OVER)


def is_called(text: str, phrase: str) -> bool:
    """Whether `phrase` is anywhere in `text`, however it was misheard."""
    parts = [text[each.start() :] for each in _START.finditer(text)]
    return any(without_wake(part, phrase) != part for part in parts)


def _name(phrase: str) -> str:
    """The phrase without its greeting, in one word: nobody mishears only the space."""
    words = re.split(r"[\s_-]+", phrase.lower())
    return "".join(words[1:] if len(words) > 1 and words[0] in GREETINGS else words)


def _end_of_name(text: str, start: int, name: str, *, greeted: bool) -> int | None:
    """Where the name that begins at `start` ends; None when no name does."""
    if _HAN.search(name):
        return start + len(name) if _is_written(text, start, name) else None
    for called in CALLED.get(name, ()):
        if text.startswith(called, start):
            return start + len(called)
    likeness, end = _likest(text, start, name)
    if likeness == 1.0:
        return end
    paused = not text[end:].strip() or text[end] in _LEFT_OVER.strip()
    enough = GREETED_LIKENESS if greeted else LIKENESS
    return end if likeness >= enough and (greeted or paused) else None


def _is_written(text: str, start: int, name: str) -> bool:
    """Whether a Chinese name is written there, half of it perhaps with other characters of the same sound."""
    return SequenceMatcher(None, text[start : start + len(name)], name).ratio() >= HAN_LIKENESS


def _likest(text: str, start: int, name: str) -> tuple[float, int]:
    """How like the name the first one, two or three words are at best, and where they end."""
    best = (0.0, start)
    joined, at = "", start
    for count in range(PARTS):
        word = _WORD.match(text, at)
        if word is None:
            break
        joined, at = joined + word[0].lower(), word.end()
        likeness = _likeness(joined, name)
        if likeness > best[0] and (count == 0 or likeness >= LIKENESS):
            best = (likeness, word.end())
        while at < len(text) and text[at] in _BETWEEN:
            at += 1
    return best


def _likeness(word: str, name: str) -> float:
    """Of 1; "heyjarvis" is the name as well."""
    bare = word.removeprefix("hey") or word
    return max(SequenceMatcher(None, said, name).ratio() for said in {word, bare})
