"""Tasks that end with what opened them."""

from __future__ import annotations

import asyncio

import pytest

from digital_life.errors import ModelError
from digital_life.tasks import owned


async def test_what_is_begun_ends_with_it() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with owned() as begin:
        begin(work(), name="test.work")
        await asyncio.sleep(0)
        assert not ended.is_set()
    assert ended.is_set()


async def test_one_that_fails_ends_what_is_within_and_its_error_is_raised() -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise ModelError("model-missing", path="voice.onnx")

    async def within() -> None:
        async with owned() as begin:
            begin(fail(), name="test.fail")
            await asyncio.Event().wait()

    with pytest.raises(ModelError, match=r"voice\.onnx"):
        await within()


async def test_an_error_within_ends_what_was_begun() -> None:
    begun: list[asyncio.Task[None]] = []

    async def work() -> None:
        task = asyncio.current_task()
        assert task
        begun.append(task)
        await asyncio.Event().wait()

    async def within() -> None:
        async with owned() as begin:
            begin(work(), name="test.work")
            await asyncio.sleep(0)
            raise ModelError("model-missing", path="ears.onnx")

    with pytest.raises(ModelError, match=r"ears\.onnx"):
        await within()
    assert begun[0].cancelled()
