"""What the language model writes for itself, a sentence at a time: its examples, the form it must keep, the checks.

A small model strays in long texts. It is asked for one sentence about one thing; each is held to its source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.errors import ModelError
from digital_life.memory.records import ConceptKind, Sentence
from digital_life.memory.sentences import LONGEST, believable, extract
from digital_life.values import Message, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digital_life.memory.records import PastTurn
    from digital_life.ports import Writer
    from digital_life.values import Language
    from digital_life.words import Words

TEMPERATURES = (0.0, 0.5)
"""Of the first try and of the second."""
NOTHING = "-"
"""What the model answers when there is nothing worth a sentence."""
TOKENS = {"en": 60, "zh": 80}
"""Of one sentence."""

# GBNF: a sentence holds no end of a sentence but its own, and a point only within a number.
_FORMS = {
    "en": r"""
rest ::= (plain | point){{3,{most}}} "."
plain ::= [^\x00-\x1f<>.?!。？！\u3000-\u9fff\uff00-\uffef]
point ::= [0-9] "." [0-9]
""",
    "zh": r"""
rest ::= (plain | point){{2,{most}}} "。"
plain ::= [^\x00-\x1f<>.?!。？！]
point ::= [0-9] "." [0-9]
""",
}
_WRONG_PERSON: dict[tuple[Language, ConceptKind], re.Pattern[str]] = {
    ("en", "user"): re.compile(r"\bI\b|(?i:\b(?:my|mine|you|your)\b)"),
    ("en", "self"): re.compile(r"(?i:\b(?:you|your|yours)\b)"),
    ("zh", "user"): re.compile("我|你"),
    ("zh", "self"): re.compile("你|您"),
}


class Scribe:
    """Writes in one language."""

    def __init__(self, writer: Writer, language: Language, *, names: Sequence[str] = ()) -> None:
        self._writer = writer
        self._language = language
        self._words = words.load(language)
        self._names = names
        self._known = frozenset((*names, *self._words.texts("scribe.known")))

    def speaking(self, language: Language) -> Scribe:
        """The same in another language."""
        return self if language == self._language else Scribe(self._writer, language, names=self._names)

    async def notes(self, turn: PastTurn) -> tuple[Sentence, ...]:
        """What the user told in this turn and what was answered, a sentence each, as far as it is worth one."""
        talk = self.talk(turn)
        form = f'root ::= "{NOTHING}" | told "\\n" answered\n{self._subjects()}'
        told = answered = ""
        for temperature in TEMPERATURES:
            written = await self._write("note", talk, form, temperature, sentences=2)
            if written == NOTHING:
                return ()
            first, _, second = written.partition("\n")
            told = told or self._checked(first, turn.heard, "user")
            answered = answered or self._checked(second, turn.said, "self")
            if told and answered:
                break
        told = told or self.said(turn)
        return tuple(Sentence(each, (turn.id,)) for each in (told, answered) if each)

    async def lasting(self, kind: ConceptKind, sentence: Sentence) -> Sentence | None:
        """What a sentence of the diary tells of its user (or itself) for good; None when nothing.

        Whether it tells anything is seen in its verb: a small model says of everything that it is nothing.
        """
        folded = sentence.text.casefold()
        passing = any(each in folded for each in self._words.texts(f"scribe.passing-{kind}"))
        if passing or folded.rstrip(' ”"」').endswith(("?", "？")):
            return None
        form = f"root ::= {'told' if kind == 'user' else 'answered'}\n{self._subjects()}"
        written = await self._write(f"lasting-{kind}", sentence.text, form, TEMPERATURES[0])
        text = self._checked(written, sentence.text, kind)
        return Sentence(text, sentence.sources) if text else None

    async def merged(self, kind: ConceptKind | None, one: Sentence, other: Sentence) -> Sentence | None:
        """One sentence that says both; None when none could be made."""
        both = f"{one.text}\n{other.text}"
        form = f"root ::= {_SUBJECT[kind]}\n{self._subjects()}"
        written = await self._write("merge", both, form, TEMPERATURES[0])
        text = self._checked(written, both, kind)
        if not text or len(text) >= len(both):
            return None
        return Sentence(text, tuple(dict.fromkeys((*one.sources, *other.sources))))

    async def replaces(self, new: Sentence, old: Sentence) -> bool:
        """Whether what is new makes untrue what was."""
        yes, no = self._words.text("scribe.yes"), self._words.text("scribe.no")
        asked = self._words.text("scribe.replace-ask", old=old.text, new=new.text)
        return await self._write("replace", asked, f'root ::= "{yes}" | "{no}"\n', TEMPERATURES[0]) == yes

    async def title(self, sentences: Sequence[Sentence]) -> str:
        """A few words over a diary; empty when none could be made."""
        text = "\n".join(each.text for each in sentences)
        most = 60 if self._language == "en" else 16
        form = f"root ::= plain{{4,{most}}}\n{self._subjects()}"
        for temperature in TEMPERATURES:
            written = (await self._write("title", text, form, temperature)).strip(' :："“”,，-')
            if believable(written, text, self._language, self._known):
                return written
        return ""

    async def mood(self, turns: Sequence[PastTurn]) -> str:
        """How the talk felt, one of the words for it; empty when it did not show."""
        moods = self._words.texts("scribe.moods")
        said = "\n".join(each.heard for each in turns)[-600:]
        form = "root ::= " + " | ".join(f'"{each}"' for each in moods) + "\n"
        written = await self._write("mood", said, form, TEMPERATURES[0])
        return written if written in moods else ""

    async def picked(self, gists: Sequence[str], need: str) -> list[int]:
        """Which of the gists are worth reading for what is needed, as ReadAgent looks up pages (Lee et al. 2024)."""
        numbers = [str(n) for n in range(1, len(gists) + 1)]
        one = " | ".join(f'"{each}"' for each in reversed(numbers))
        listed = "\n".join(f"{n}. {gist}" for n, gist in zip(numbers, gists, strict=True))
        asked = self._words.text("scribe.pick-ask", need=need, gists=listed)
        written = await self._write("pick", asked, f'root ::= "{NOTHING}" | n ("," n){{0,2}}\nn ::= {one}\n', 0.0)
        chosen = [int(each) - 1 for each in written.split(",") if each.isdecimal()]
        return list(dict.fromkeys(each for each in chosen if each < len(gists)))

    def talk(self, turn: PastTurn) -> str:
        return self._words.text("scribe.talk", heard=turn.heard, said=turn.said)

    def said(self, turn: PastTurn) -> str:
        """The user's own words, where no better sentence could be made of them."""
        return self._words.text("scribe.said", text=extract(turn.heard, self._language))

    def _checked(self, text: str, source: str, kind: ConceptKind | None) -> str:
        """`text` when it may be believed, else nothing."""
        text = text.strip()
        wrong = kind is not None and _WRONG_PERSON[self._language, kind].search(text)
        return text if text and not wrong and believable(text, source, self._language, self._known) else ""

    def _subjects(self) -> str:
        user, mine = self._words.text("scribe.user"), self._words.text("scribe.self")
        form = _FORMS[self._language].format(most=LONGEST[self._language] - 30)
        return f'either ::= told | answered\ntold ::= "{user}" rest\nanswered ::= "{mine}" rest{form}'

    async def _write(self, task: str, asked: str, form: str, temperature: float, sentences: int = 1) -> str:
        """The answer of the model after the examples of `task`; empty when it fails."""
        tokens = sentences * TOKENS[self._language]
        messages = shown(self._words, f"scribe.{task}", asked)
        return await composed(self._writer, messages, form, tokens=tokens, temperature=temperature)


def shown(text: Words, task: str, asked: str) -> tuple[Message, ...]:
    """What is asked, after the rule and the examples at the key `task` of the words."""
    shots = [
        Message(role, said)
        for pair in text.pairs(task)
        for role, said in zip((Role.USER, Role.ASSISTANT), pair, strict=True)
    ]
    return (Message(Role.SYSTEM, text.text(f"{task}-rule")), *shots, Message(Role.USER, asked))


async def composed(
    writer: Writer, messages: Sequence[Message], form: str, *, tokens: int, temperature: float = 0.0
) -> str:
    """The answer of the model; empty when it fails."""
    try:
        written = await writer.compose(messages, grammar=form, tokens=tokens, temperature=temperature)
    except ModelError:
        return ""
    return written.strip()


_SUBJECT: dict[ConceptKind | None, str] = {"user": "told", "self": "answered", None: "either"}
