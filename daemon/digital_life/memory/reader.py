"""What the language model does with a long text: chooses where pages end, writes gists, names pages, answers from them.

ReadAgent (see `pages`), made for a small model: it chooses by a grammar among what there is, from a few examples; its
gists are held to their page (see `sentences`), and where it fails an extract of the page takes their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from digital_life import words
from digital_life.memory.pages import AT_ONCE, Page, joined, looked_up, may_end, pages_named, words_in
from digital_life.memory.records import Sentence
from digital_life.memory.scribe import TOKENS, composed, shown
from digital_life.memory.sentences import LONGEST, believable, extract, most_telling, split, without_repeats
from digital_life.memory.terms import telling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from digital_life.ports import Writer
    from digital_life.values import Language

GIST_SENTENCES = 2
ANSWER_TOKENS = 100
COPIED = 2
"""Words of the examples that a page does not have: so many in a sentence are no chance."""
STOP = "STOP"
NONE = "-"
"""What the model answers when no page is worth looking up."""

# GBNF. A sentence holds no end of a sentence but its own, and a point only within a number.
_SENTENCES = {
    "en": r"""
root ::= sentence (" " sentence)?
sentence ::= (plain | point){{8,{most}}} "."
plain ::= [^\x00-\x1f<>.?!。？！\u3000-\u9fff\uff00-\uffef]
point ::= [0-9] "." [0-9]
""",
    "zh": r"""
root ::= sentence sentence?
sentence ::= (plain | point){{4,{most}}} "。"
plain ::= [^\x00-\x1f<>.?!。？！]
point ::= [0-9] "." [0-9]
""",
}
_ANSWERS = {"en": r"root ::= [^\x00-\x1f<>\u3400-\u9fff]{1,300}", "zh": r"root ::= [^\x00-\x1f<>]{1,200}"}


class Reader:
    """Reads and answers in one language."""

    def __init__(self, writer: Writer, language: Language, *, names: Sequence[str] = ()) -> None:
        self._writer = writer
        self._language = language
        self._words = words.load(language)
        self._known = frozenset((*names, *self._words.texts("scribe.known")))

    async def page(self, pieces: Sequence[str], first: int) -> Page:
        """The page that begins at the piece `first`; where it may end in several places the model chooses one."""
        places = may_end([words_in(piece) for piece in pieces[first:]], 0)
        if len(places) == 1:
            return Page(first, first + places[0])
        marked = [
            f"{piece} <{n - places[0] + 1}>" if n in places else piece
            for n, piece in enumerate(pieces[first : first + places[-1] + 1])
        ]
        numbers = range(1, len(places) + 1)
        written = await self._write("break", "\n".join(marked), f"root ::= {_one_of(numbers)}", tokens=4)
        last = places[int(written) - 1] if written.isdecimal() and int(written) in numbers else places[-1]
        return Page(first, first + last)

    async def gist(self, text: str, *, of: Literal["gist", "gist-talk"] = "gist") -> str:
        """What a page says, in a sentence or two: of a text, or of a talk with the user."""
        longest = LONGEST[self._language] - 30
        form = _SENTENCES[self._language].format(most=longest)
        written = await self._write(of, text, form, tokens=GIST_SENTENCES * TOKENS[self._language])
        whole = [each for each in split(written) if len(each) < longest]  # else the form has cut it off
        kept = without_repeats(Sentence(each, ()) for each in whole if self._believable(each, text, of))
        return joined([each.text for each in kept]) or gist_by_extract(text, self._language)

    def _believable(self, sentence: str, text: str, task: str) -> bool:
        """Whether it says what its page does, and nothing from the examples: a small model falls back into those."""
        strange = telling(sentence).keys() - telling(text).keys()
        examples = telling("\n".join(answer for pair in self._words.pairs(f"reading.{task}") for answer in pair))
        copied = len(strange & examples.keys()) >= COPIED
        return not copied and believable(sentence, text, self._language, self._known)

    async def pages(self, gists: Mapping[int, str], question: str) -> list[int]:
        """The pages to look up, at once; none where the model wants none."""
        form = f'root ::= "{NONE}" | n ("," n){{0,{AT_ONCE - 1}}}\nn ::= {_one_of(gists)}\n'
        asked = self._words.text("reading.look-up-ask", gists=_listed(gists), question=question)
        return pages_named(await self._write("look-up", asked, form, tokens=30), gists)

    async def next_page(self, gists: Mapping[int, str], raw: Mapping[int, str], question: str) -> int | None:
        """One more page to look up beside the `raw` ones; None: it has enough."""
        left = [number for number in gists if number not in raw]
        if not left:
            return None
        asked = self._words.text("reading.next-ask", pages=looked_up(gists, raw), question=question)
        written = await self._write("next", asked, f'root ::= "{STOP}" | {_one_of(left)}\n', tokens=6)
        return next(iter(pages_named(written, left)), None)

    async def answer(self, pages: str, question: str) -> str:
        """From these pages; empty when the model fails."""
        asked = self._words.text("reading.answer-ask", pages=pages, question=question)
        return await self._write("answer", asked, _ANSWERS[self._language], tokens=ANSWER_TOKENS)

    def overhead(self, question: str, tokens: Callable[[str], int]) -> int:
        """Tokens that the model reads beside the pages, at most, when it looks up and when it answers."""
        asked = {
            task: self._words.text(f"reading.{task}-ask", pages="", question=question) for task in ("next", "answer")
        }
        return max(
            sum(tokens(each.text) for each in shown(self._words, f"reading.{task}", asked[task])) for task in asked
        )

    async def _write(self, task: str, asked: str, form: str, *, tokens: int) -> str:
        return await composed(self._writer, shown(self._words, f"reading.{task}", asked), form, tokens=tokens)


def gist_by_extract(text: str, language: Language) -> str:
    """The sentences that tell most, where the model writes none."""
    sentences = [Sentence(extract(each, language), ()) for each in split(text)]
    return joined([each.text for each in most_telling(sentences, GIST_SENTENCES)])


def _one_of(numbers: Collection[int]) -> str:
    return " | ".join(f'"{each}"' for each in sorted(numbers, reverse=True))  # GBNF takes the first that fits


def _listed(gists: Mapping[int, str]) -> str:
    return "\n".join(f"{number}. {gist}" for number, gist in sorted(gists.items()))
