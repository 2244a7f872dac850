"""Written text as it is said, each stretch in its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digital_life.talking.spoken import chinese, english
from digital_life.talking.spoken.languages import segments
from digital_life.talking.spoken.markup import visible
from digital_life.values import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digital_life.values import Language

_SAY = {"en": english.say, "zh": chinese.say}


def chunks(piece: str, *, main: Language) -> list[Chunk]:
    """Cut `piece` by language; the texts joined are `piece`. What has no language of its own is in `main`."""
    return list(_chunks(piece, main))


def _chunks(piece: str, main: Language) -> Iterator[Chunk]:
    heard = visible(piece)
    parts = segments(heard.text, main=main)
    if not parts:
        if piece:
            yield Chunk(piece, "", main)
        return
    start = 0
    for part in parts:
        end = heard.origins[part.end] if part.end < len(heard.origins) else len(piece)
        yield Chunk(piece[start:end], _SAY[part.language](heard.text[part.start : part.end]), part.language)
        start = end
