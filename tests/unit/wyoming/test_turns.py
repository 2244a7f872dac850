"""Whose turn it is at the models."""

from __future__ import annotations

import asyncio

from digital_life.wyoming.turns import Turns


async def test_the_room_goes_first() -> None:
    rested, order = asyncio.Event(), []

    async def rest() -> None:
        await rested.wait()

    turns = Turns(rest)

    async def use() -> None:
        async with turns.taken():
            order.append("elsewhere")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(use())
        await asyncio.sleep(0)
        order.append("room")
        rested.set()
    assert order == ["room", "elsewhere"]


async def test_nobody_waits_for_ever() -> None:
    async with Turns(forever, patience_s=0.01).taken():
        pass


async def test_one_at_a_time_in_the_order_they_came() -> None:
    order: list[int] = []

    async def free() -> None:
        await asyncio.sleep(0)

    turns = Turns(free)

    async def use(number: int) -> None:
        async with turns.taken():
            order.append(number)
            await asyncio.sleep(0)
            order.append(number)

    async with asyncio.TaskGroup() as tasks:
        for number in range(4):
            tasks.create_task(use(number))
    assert order == [0, 0, 1, 1, 2, 2, 3, 3]


async def forever() -> None:
    await asyncio.Event().wait()
