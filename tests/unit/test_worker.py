"""One thread owns one resource."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Iterator
from contextlib import aclosing, suppress

import pytest

from digital_life import worker as workers
from digital_life.worker import Worker


async def test_jobs_run_one_after_another_on_one_thread_of_its_own() -> None:
    async with Worker("test") as worker:
        threads = [await worker.run(threading.get_ident) for _ in range(5)]
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


async def test_an_error_reaches_whoever_asked_and_the_thread_lives_on() -> None:
    async with Worker("test") as worker:
        with pytest.raises(ZeroDivisionError):
            await worker.run(lambda: 1 / 0)
        assert await worker.run(lambda: 7) == 7


async def test_a_cancelled_job_that_has_not_begun_is_not_done() -> None:
    done: list[str] = []
    gate = threading.Event()
    async with Worker("test") as worker:
        first = asyncio.ensure_future(worker.run(gate.wait))
        second = asyncio.ensure_future(worker.run(lambda: done.append("second")))
        await asyncio.sleep(0)
        second.cancel()
        gate.set()
        await first
        await worker.run(lambda: None)
    assert done == []


async def test_a_stream_yields_in_order_and_passes_its_error_on() -> None:
    def count() -> Iterator[int]:
        yield from range(3)
        raise ValueError("three is enough")

    async with Worker("test") as worker:
        stream = worker.stream(count, ahead=2)
        assert [await anext(stream) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(ValueError, match="three is enough"):
            await anext(stream)


async def test_closing_a_stream_stops_the_thread_within_one_item() -> None:
    made: list[int] = []
    closed = threading.Event()

    def forever() -> Iterator[int]:
        try:
            number = 0
            while True:
                made.append(number)
                yield number
                number += 1
                threading.Event().wait(0.005)
        finally:
            closed.set()

    async with Worker("test") as worker:
        stream = worker.stream(forever, ahead=100)
        assert await anext(stream) == 0
        await stream.aclose()
        assert closed.is_set()
        count = len(made)
        await asyncio.sleep(0.03)
        assert len(made) == count
        assert await worker.run(lambda: "free") == "free"


async def test_leaving_waits_for_the_thread() -> None:
    async with Worker("a-name-of-its-own") as worker:
        await worker.run(lambda: None)
    assert all(thread.name != "a-name-of-its-own" for thread in threading.enumerate())


async def test_a_stream_waits_for_its_reader() -> None:
    made: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    async with Worker("test") as worker, aclosing(worker.stream(numbers, ahead=3)) as stream:
        assert await anext(stream) == 0
        await asyncio.sleep(0.05)
        assert len(made) == 3
        assert [number async for number in stream] == list(range(1, 100))


async def test_a_step_that_does_not_end_is_left_to_its_thread_and_the_next_job_has_another() -> None:
    gate = threading.Event()

    def hang() -> Iterator[int]:
        yield 1
        gate.wait()
        yield 2

    async with Worker("test") as worker:
        streaming = worker.stream(hang, ahead=2)
        assert await anext(streaming) == 1
        waiting = asyncio.ensure_future(worker.run(lambda: "never"))
        await asyncio.sleep(0)
        worker.abandon(TimeoutError())
        with pytest.raises(TimeoutError):
            await anext(streaming)
        with pytest.raises(TimeoutError):
            await waiting
        assert await worker.run(lambda: "free") == "free"
        gate.set()


class Large:
    """What a job holds."""


async def test_what_a_step_held_that_was_left_alone_is_let_go_when_it_ends_without_the_collector() -> None:
    gate, large = threading.Event(), Large()
    held = weakref.ref(large)

    def hang(held: Large) -> Iterator[Large]:
        yield held
        gate.wait()

    async def stream(worker: Worker, large: Large) -> None:
        streaming = worker.stream(lambda: hang(large), ahead=2)
        await anext(streaming)
        worker.abandon(TimeoutError())
        await anext(streaming)

    gc.disable()
    try:
        async with Worker("test") as worker:
            with suppress(TimeoutError):
                await stream(worker, large)
            del large
            assert held() is not None
            gate.set()
            while workers.has_left():
                await asyncio.sleep(0)
            assert held() is None
    finally:
        gc.enable()


async def test_it_is_busy_only_while_the_thread_is_at_a_step() -> None:
    gate = threading.Event()
    async with Worker("test") as worker:
        assert worker.busy_s == 0
        async with aclosing(worker.stream(lambda: iter(range(9)), ahead=1)) as stream:
            assert await anext(stream) == 0
            while worker.busy_s:
                await asyncio.sleep(0)
        working = asyncio.ensure_future(worker.run(gate.wait))
        while not worker.busy_s:
            await asyncio.sleep(0)
        gate.set()
        await working


async def test_at_the_end_who_has_been_at_one_step_for_long_is_waited_for_no_more() -> None:
    gate = threading.Event()
    async with Worker("stuck") as worker:
        loading = asyncio.ensure_future(worker.run(gate.wait))
        while not worker.busy_s:
            await asyncio.sleep(0)
        loading.cancel()
        asyncio.get_running_loop().call_later(0.01, workers.leave, 0.0)
    assert workers.has_left()
    gate.set()
    while workers.has_left():
        await asyncio.sleep(0)


async def test_at_the_end_a_step_that_keeps_something_is_waited_for() -> None:
    done: list[str] = []
    gate = threading.Event()

    def keep() -> None:
        gate.wait()
        done.append("kept")

    async with Worker("memory", keeps=True) as worker:
        keeping = asyncio.ensure_future(worker.run(keep))
        while not worker.busy_s:
            await asyncio.sleep(0)
        workers.leave(0.0)
        gate.set()
        await keeping
    assert done == ["kept"]
    assert worker.restarts == 0


async def test_at_the_end_who_is_not_at_a_step_for_so_long_goes_on() -> None:
    async with Worker("idle") as worker:
        workers.leave(0.1)
        assert await worker.run(lambda: "done") == "done"
    assert worker.restarts == 0
