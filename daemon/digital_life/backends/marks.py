"""The marks of chat templates, made harmless in what others wrote: only the template begins and ends a message."""

from __future__ import annotations

import re
from collections.abc import Iterable

FAMILIES = (
    *("<|im_start|>", "<|im_end|>", "<|endoftext|>", "<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>"),
    *("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>"),
    *("<s>", "</s>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
)
"""Those of the models that people use; a server elsewhere does not tell which are its own."""


class Marks:
    """Knows these."""

    def __init__(self, marks: Iterable[str]) -> None:
        longest_first = sorted({each for each in marks if len(each) > 1 and " " not in each}, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def broken(self, text: str) -> str:
        """The same for a reader, with no mark in it: "< |im_end|>"."""
        # What one space takes apart may stand with its rest for another mark.
        while (parted := self._any.sub(_parted, text)) != text:
            text = parted
        return text


def _parted(found: re.Match[str]) -> str:
    return f"{found[0][0]} {found[0][1:]}"
