"""Whether an answer says what it should: by the facts that must stand in it, and by nobody's taste."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from digital_life import numerals
from digital_life.memory.terms import HAN, telling, terms
from digital_life.values import Language

Kind = Literal["facts", "yes", "no", "false premise", "not told"]

_ADMITS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:(?:do|did|can|could)(?: not|n't) (?:remember|recall|know|tell|find|have (?:any|that|this|enough))"
        r"|cannot (?:remember|recall|tell|find)|(?:have|had|has)(?: not|n't) (?:told|said|mentioned|shared)"
        r"|(?:not|never) (?:been )?(?:told|mentioned)|you never (?:told|said|mentioned)|am not sure|i'm not sure"
        r"|no (?:record|memory|information|mention))",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        "不记得|记不得|记不清|想不起|不知道|不清楚|不确定|没有?(?:告诉|说过|提过|提到|讲过|听你|记录|印象|找到)"
    ),
}
_NEGATIONS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:not|never|no longer|cannot|untrue|wrong|dislikes?|hates?)\b|n't\b", re.IGNORECASE),
    "zh": re.compile("(?:不(?!过|仅|但|只|错|同|客气)|没|别|讨厌|错误)"),
}
_YES: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\W*(?:yes|yeah|yep|correct|right|indeed|certainly|of course)\b", re.IGNORECASE),
    "zh": re.compile(r"\W*(?:是|对|有|会|能|当然|没错)"),
}
_NO: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\W*(?:no|nope|not)\b", re.IGNORECASE),
    "zh": re.compile(r"\W*(?:不(?!过|仅|但|只)|没(?!错)|否)"),
}
_YOU: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\byou", re.IGNORECASE),
    "zh": re.compile("你|您"),
}
_GOLD_POLARITY = re.compile(
    r"(?:(?:most )?(?:likely|probably|presumably)[ ,]+)?(?P<word>yes|no|not|是的?|不是|没有)(?=$|[\s]*[,;.，；。])",
    re.IGNORECASE,
)
_UNTOLD = re.compile(
    r"(?:not (?:mentioned|told|known|answerable)|unanswerable|no information|未提及|没有提到)", re.IGNORECASE
)
_ASIDE = re.compile(r"\([^)]*\)|（[^）]*）")
_CLAUSE = re.compile(r"[^.!?;,，。！？；\n]+[.!?;,，。！？；]?")
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]?")
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_LIKING: dict[Language, tuple[str, ...]] = {"en": ("like", "love", "enjoy"), "zh": ("喜欢", "爱")}
_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Gold:
    """What is right to answer."""

    kind: Kind
    facts: tuple[tuple[str, ...], ...] = ()
    """All must be said, each in one of its ways."""


def published(question: str, answer: str) -> Gold:
    """From an answer as a set has it: yes or no, else its telling words that the question does not say itself."""
    plain = _ASIDE.sub(" ", answer).strip()
    if not plain or _UNTOLD.match(plain):
        return Gold("not told")
    polarity = _GOLD_POLARITY.match(plain)
    if polarity:
        return Gold("yes" if polarity["word"].casefold() in {"yes", "是", "是的"} else "no")
    found = _telling(plain) or [each.text for each in terms(_numbered(plain))]
    said_before = set(_telling(question))
    return Gold(
        "facts", tuple((each,) for each in found if each not in said_before) or tuple((each,) for each in found)
    )


def labelled(facts: Sequence[str]) -> Gold:
    """From facts as a person wrote them down: words that stand together, "one way|another way"."""
    return Gold("facts", tuple(tuple(each.split("|")) for each in facts))


def is_right(gold: Gold, question: str, said: str, language: Language) -> bool:
    """Whether `said` holds all of it. Who admits not to know has said no fact."""
    admits = _ADMITS[language].search(said.replace("’", "'")) is not None
    match gold.kind:
        case "not told":
            return admits
        case "false premise":
            return _corrects(question, said.replace("’", "'"), language)
        case "yes" | "no":
            return not admits and _polarity(question, said.replace("’", "'"), language) == gold.kind
        case "facts":
            return not admits and all(any(_stands(way, said) for way in ways) for ways in gold.facts)


def _stands(words: str, said: str) -> bool:
    """Whether these words stand side by side in what was said: Chinese by its characters, English by its stems."""
    if _HAN.search(words):
        return _bare(words) in _bare(said)
    wanted, found = _stems(words), _stems(said)
    return any(found[n : n + len(wanted)] == wanted for n in range(len(found) - len(wanted) + 1))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", _numbered(text))


@functools.lru_cache(maxsize=1_000)
def _stems(text: str) -> list[str]:
    return [each.text for each in terms(_numbered(text))]


def _telling(text: str) -> list[str]:
    return list(telling(_numbered(text)))


def _numbered(text: str) -> str:
    """Numbers as digits, and every letter in one form."""
    plain = _ORDINAL.sub(r"\1", unicodedata.normalize("NFKC", text).casefold())
    for pattern in (rf"\b{numerals.pattern('en')}\b", numerals.pattern("zh")):
        plain = re.sub(pattern, _digits, plain)
    return plain


def _digits(found: re.Match[str]) -> str:
    try:
        return str(numerals.number(found[0]))
    except ValueError:
        return found[0]


def _polarity(question: str, said: str, language: Language) -> Literal["yes", "no"] | None:
    """By its first word, else by the first sentence that takes up the question; None where neither tells."""
    if _YES[language].match(said):
        return "yes"
    if _NO[language].match(said):
        return "no"
    asked = set(_telling(question))
    about = (each for each in _claims(_SENTENCE, said) if asked & set(_telling(each)))
    first = next(about, None)
    if first is None:
        return None
    return "no" if _is_negated(first, language) else "yes"


def _corrects(question: str, said: str, language: Language) -> bool:
    """Whether it tells the user the opposite of what the question takes for granted, and nowhere the same."""
    asked = set(_telling(question)) | {stem for each in _LIKING[language] for stem in _stems(each)}
    about = [each for each in _claims(_CLAUSE, said) if _YOU[language].search(each) and asked & set(_stems(each))]
    premise = _is_negated(question, language)
    return bool(about) and all(_is_negated(each, language) != premise for each in about)


def _claims(pieces: re.Pattern[str], said: str) -> list[str]:
    """What is claimed in it, and not asked."""
    return [each for each in pieces.findall(said) if not each.rstrip().endswith(("?", "？"))]


def _is_negated(text: str, language: Language) -> bool:
    """Denied twice is not denied."""
    return len(_NEGATIONS[language].findall(text)) % 2 == 1
