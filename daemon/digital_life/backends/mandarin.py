"""Mandarin text to the phonemes Kokoro was trained with: IPA, an arrow for each tone, a space between words."""

from __future__ import annotations

import logging
import re
import warnings

from pinyin_to_ipa import pinyin_to_ipa
from pypinyin import Style, lazy_pinyin

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its regular expressions are not raw strings
    import jieba

HAN = re.compile(r"([\u4e00-\u9fff]+)")
SIGNS = {
    # Chao's tone letters, the longest first: third, second, fourth, first.
    "˧˩˧": "↓", "˧˥": "↗", "˥˩": "↘", "˥": "→",
    # The vowel of "shi" and "si".
    "\u027b\u0329": "ɨ", "\u0279\u0329": "ɨ",
    # One sign for an affricate, none for a glide.
    "tɕ": "ʨ", "ts": "ʦ", "ʈʂ": "ꭧ", "\u032f": "",
}  # fmt: skip
"""IPA as pinyin-to-ipa writes it, and as Kokoro reads it (after misaki's Mandarin front end, Apache-2.0)."""
PAUSES = {
    "、": ", ", "，": ", ", "；": "; ", "：": ": ", "。": ". ", "！": "! ", "？": "? ",
    "（": " (", "）": ") ", "“": " “", "”": "” ", "《": " “", "》": "” ", "「": " “", "」": "” ",
}  # fmt: skip


def load_dictionary() -> None:
    """Read jieba's dictionary of words now, 1 s, rather than with the first sentence."""
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()


def phonemes(text: str) -> str:
    """The phonemes of `text`; what is not Han stays as it is."""
    for written, spoken in PAUSES.items():
        text = text.replace(written, spoken)
    parts = HAN.split(" ".join(text.split()))
    return "".join(_words(part) if number % 2 else part for number, part in enumerate(parts))


def _words(han: str) -> str:
    return " ".join(_word(word) for word in jieba.cut(han))


def _word(word: str) -> str:
    syllables = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
    return "".join(_syllable(each) for each in syllables)


def _syllable(pinyin: str) -> str:
    try:
        sounds = "".join(pinyin_to_ipa(pinyin)[0])
    except ValueError:  # a rare character that has no reading: it is left out
        return ""
    for written, sign in SIGNS.items():
        sounds = sounds.replace(written, sign)
    return sounds
