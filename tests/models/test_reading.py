"""A long text read by the small language model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from digital_life.backends.e5 import E5
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.config import Llm
from digital_life.memory.pages import nearness_of
from digital_life.memory.reading import Mind, Reading, file_of
from digital_life.memory.sentences import invented, language_fits
from digital_life.values import Language
from digital_life.words import load
from digital_life.worker import Worker

FILES: dict[Language, str] = {"en": "memory_bank_en.json", "zh": "memory_bank_cn.json"}
ASKED: dict[Language, tuple[str, str]] = {
    "en": ("Emily", "Which novel about love does Emily read?"),
    "zh": ("张曼婷", "张曼婷在公园看到了什么？"),
}
DAYS = 3


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_text_is_read_page_by_page_and_asked_about(
    data_dir: Path, models_dir: Path, tmp_path: Path, language: Language
) -> None:
    user, question = ASKED[language]
    history = json.loads((data_dir / "memory" / FILES[language]).read_text(encoding="utf-8"))[user]["history"]
    talks = list(history.values())[:DAYS]
    text = "\n\n".join(f"{user}: {turn['query']}\nAI: {turn['response']}" for talk in talks for turn in talk)
    settings = Llm()
    async with Worker("model") as worker:
        file = models_dir / "qwen2.5-coder-0.5b-instruct" / "model.gguf"
        writer = await LlamaCpp.open(file, worker=worker, settings=settings)
        embedder = await worker.run(E5)

        async def near(asked: str, texts: Sequence[str]) -> list[float]:
            return nearness_of(embedder, asked, texts)

        room = settings.context - settings.reply_tokens
        mind = Mind(writer=writer, near=near, tokens=writer.tokens, room=room, gists=8)
        reading = Reading(text, mind, kept=file_of(tmp_path, text, "small"))
        gists = [page.gist async for page in reading.pages()]
        answer = await reading.ask(question)
    known = load(language).texts("scribe.known")
    assert len(gists) >= 2
    assert reading.done == 1
    for number, gist in enumerate(gists, 1):
        assert not invented(gist, reading.text(number), known)
        assert language_fits(gist, language)
    assert answer.text
    assert language_fits(answer.text, language)
    assert set(answer.pages) <= set(range(1, len(gists) + 1))
