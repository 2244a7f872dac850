"""The file of the language model is damaged while it is mapped, or there is no memory for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path

import pytest

from digital_life import words
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.config import Llm
from digital_life.errors import ModelError
from digital_life.talking.answering import Answering, Asked
from digital_life.talking.guarded import Guarded
from digital_life.talking.writing import Writing
from digital_life.values import Language, Message, Role, Transcript
from digital_life.worker import Worker
from fakes.being import being
from fakes.clock import FakeClock
from fakes.memory import FakeMemory
from fakes.model import FakeLanguageModel

QUESTION = (Message(Role.USER, "What is the capital of France?"),)
MODEL = Path("qwen2.5-coder-0.5b-instruct", "model.gguf")
ROOM_BYTES = 400_000_000
"""Less than the model takes, and more than everything else that is loaded before it."""


def overwrite(file: Path) -> None:
    with file.open("r+b") as written:
        written.write(b"\0")


async def said(model: LlamaCpp) -> str:
    return "".join([piece async for piece in model.reply(QUESTION)])


async def test_a_model_whose_file_is_cut_off_is_told_and_thinks_again_when_it_is_fetched(
    models_dir: Path, tmp_path: Path
) -> None:
    """Without a look at the file before each step the process would end: to read a page that is gone is a bus error."""
    whole = models_dir / MODEL
    file = Path(shutil.copy(whole, tmp_path / "model.gguf"))
    size = whole.stat().st_size
    settings = Llm(context=512, reply_tokens=64, temperature=0.0)
    async with Worker("model") as worker:
        model = await LlamaCpp.open(
            file, worker=worker, settings=settings, is_whole=lambda: file.stat().st_size == size
        )
        assert "Paris" in await said(model)
        os.truncate(file, size // 2)
        for _ in range(2):
            with pytest.raises(ModelError, match="models fetch"):
                await said(model)
        (tmp_path / "fetched").symlink_to(whole)
        (tmp_path / "fetched").replace(file)
        assert "Paris" in await said(model)


async def test_a_model_whose_file_is_overwritten_in_the_middle_of_an_answer_ends_that_answer(
    models_dir: Path, tmp_path: Path
) -> None:
    file = Path(shutil.copy(models_dir / MODEL, tmp_path / "model.gguf"))
    async with Worker("model") as worker:
        settings = Llm(context=512, reply_tokens=200, temperature=0.0)
        model = await LlamaCpp.open(file, worker=worker, settings=settings)
        pieces = model.reply((Message(Role.USER, "Count from one to fifty in words."),))
        assert await anext(pieces)
        overwrite(file)
        with pytest.raises(ModelError, match="models fetch"):
            assert [piece async for piece in pieces]


@pytest.mark.parametrize("language", words.LANGUAGES)
async def test_it_says_that_its_file_was_changed(language: Language) -> None:
    class Changed(FakeLanguageModel):
        async def reply(
            self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
        ) -> AsyncGenerator[str]:
            for _ in (messages, may_begin):
                raise ModelError("model-changed", path="model.gguf")
            yield ""

    clock = FakeClock()
    it = Answering(
        model=Guarded(Changed(), Llm()),
        saying=Writing(lambda _: None),
        clock=clock,
        beings=being("Jarvis", FakeLanguageModel(), clock, FakeMemory(clock)),
    )
    it.begin()
    asked = Asked.typed(Transcript("?", language, 1.0), 0.0)
    reply = (await it.answer(asked, started=lambda: None)).reply
    assert reply.said == words.load(language).text("talk.model-changed")


def test_the_start_tells_in_one_line_which_file_is_damaged(models_dir: Path, tmp_path: Path) -> None:
    models, home = tmp_path / "models", tmp_path / "home"
    models.mkdir()
    for each in models_dir.iterdir():
        if each.is_dir() and each.name != MODEL.parent.name:
            (models / each.name).symlink_to(each)
    shutil.copy(models_dir / "lock.json", models)
    (models / MODEL.parent).mkdir()
    (models / MODEL).write_bytes(b"GGUF")
    done = subprocess.run(
        [sys.executable, "-m", "digital_life.cli", "--home", str(home), "--models", str(models),
         "--set", "models.profile=small", "--set", "conversation.languages=['en']", "run"],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "LANG": "en_GB.UTF-8"}, timeout=120,
    )  # fmt: skip
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"digital-life: {MODEL.parent.name} in ")
    assert f"models fetch {MODEL.parent.name}" in last
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


STARVED = """
import resource, sys
from digital_life import app, cli
taken = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + int(sys.argv.pop(1)),) * 2)
sys.exit(cli.main())
"""


def test_a_model_for_which_there_is_no_memory_is_told_with_a_smaller_one_and_not_tried_again(
    models_dir: Path, tmp_path: Path
) -> None:
    """llama.cpp would abort at its first step: it takes no answer but memory."""
    done = subprocess.run(
        [sys.executable, "-c", STARVED, str(ROOM_BYTES), "--home", str(tmp_path), "--models", str(models_dir),
         "--set", "models.profile=small", "chat"],
        input="Hello.\n", capture_output=True, text=True, check=False,
        env={**os.environ, "LANG": "en_GB.UTF-8"}, timeout=120,
    )  # fmt: skip
    assert 'models.profile = "small"' in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    unit = Path(__file__).resolve().parents[2] / "systemd" / "digital-life.service"
    assert f"RestartPreventExitStatus={done.returncode}\n" in unit.read_text()
