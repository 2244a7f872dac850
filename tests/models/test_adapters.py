"""LoRA adapters change how the real model talks, without loading it again."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import gguf
import numpy as np
import pytest

from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.config import Llm, Lora
from digital_life.errors import ModelError
from digital_life.values import Message, Role
from digital_life.worker import Worker

QUESTION = (Message(Role.SYSTEM, "You are Jarvis. " * 40), Message(Role.USER, "What is the capital of France?"))
WIDTH, LAYERS, RANK = 896, 24, 4
"""Of Qwen2.5 0.5B; and of the adapters."""


def adapter(file: Path, *, strength: float, width: int = WIDTH, architecture: str = "qwen2") -> Path:
    """Random changes of the queries of all layers, so strong; 0: none."""
    random = np.random.default_rng(7)
    writer = gguf.GGUFWriter(file, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(RANK))
    for layer in range(LAYERS):
        for letter, shape in (("a", (RANK, width)), ("b", (width, RANK))):
            matrix = (strength * random.standard_normal(shape)).astype(np.float32)
            writer.add_tensor(f"blk.{layer}.attn_q.weight.lora_{letter}", matrix)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


@asynccontextmanager
async def opened(models_dir: Path, *loras: Lora, kept_in: Path | None = None) -> AsyncGenerator[LlamaCpp]:
    file = models_dir / "qwen2.5-coder-0.5b-instruct" / "model.gguf"
    settings = Llm(context=1024, reply_tokens=24, temperature=0.0, lora=loras)
    async with Worker("model") as worker:
        yield await LlamaCpp.open(file, worker=worker, settings=settings, kept_in=kept_in)


async def ask(model: LlamaCpp) -> str:
    return "".join([piece async for piece in model.reply(QUESTION)])


async def test_adapters_are_changed_without_loading_and_nothing_read_with_others_is_used(
    models_dir: Path, tmp_path: Path
) -> None:
    none = Lora(path=str(adapter(tmp_path / "none.gguf", strength=0.0)))
    strong = Lora(path=str(adapter(tmp_path / "strong.gguf", strength=0.5)), scale=0.0, name="moody")
    async with opened(models_dir, none, strong) as model:
        plain = await ask(model)
        assert "Paris" in plain
        await model.use_adapters({})
        assert await ask(model) == plain
        await model.use_adapters({"moody": 1.0})
        assert "Paris" not in await ask(model)
        await model.use_adapters({"none": 1.0})
        assert await ask(model) == plain
        await model.use_adapters({"moody": 1.0, "none": 0.5})
        assert "Paris" not in await ask(model)
        with pytest.raises(ModelError, match=r"no adapter glad; it has: moody, none"):
            await model.use_adapters({"glad": 1.0})
        assert "Paris" not in await ask(model)
    async with opened(models_dir) as model:
        assert await ask(model) == plain


async def test_what_was_kept_with_other_adapters_is_not_taken_up_after_a_restart(
    models_dir: Path, tmp_path: Path
) -> None:
    strong = Lora(path=str(adapter(tmp_path / "strong.gguf", strength=0.5)))
    async with opened(models_dir, strong, kept_in=tmp_path / "read") as model:
        assert "Paris" not in await ask(model)
        await model.use_adapters({})
        await model.keep("en", QUESTION)
    async with opened(models_dir, strong, kept_in=tmp_path / "read") as model:
        assert "Paris" not in await ask(model)
        await model.use_adapters({})
        assert "Paris" in await ask(model)
    adapter(tmp_path / "strong.gguf", strength=0.6)
    async with opened(models_dir, strong, kept_in=tmp_path / "read"):
        assert not list((tmp_path / "read").iterdir())


async def test_an_adapter_that_is_missing_or_made_for_another_model_is_told(models_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none.gguf is not there"):
        async with opened(models_dir, Lora(path=str(tmp_path / "none.gguf"))):
            pass
    (tmp_path / "damaged.gguf").write_bytes(b"GGUF")
    adapter(tmp_path / "wide.gguf", strength=0.1, width=1024)
    adapter(tmp_path / "foreign.gguf", strength=0.1, architecture="llama")
    whole_model = models_dir / "qwen2.5-coder-0.5b-instruct" / "model.gguf"
    for file in (*tmp_path.glob("*.gguf"), whole_model):
        with pytest.raises(ModelError, match="is not a LoRA adapter for this language model"):
            async with opened(models_dir, Lora(path=str(file))):
                pass
