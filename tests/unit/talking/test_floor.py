"""Whose turn it is to think."""

from __future__ import annotations

import asyncio

from digital_life.talking.floor import Floor


async def taken(floor: Floor, name: str, order: list[str], *, writes: bool = False) -> None:
    held = await floor.take(give_way=(lambda: order.append(f"{name} gives way")) if writes else None)
    order.append(name)
    await asyncio.sleep(0)
    held.leave()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_voices_are_served_in_the_order_they_came_and_before_what_is_written() -> None:
    floor, order = Floor(), list[str]()
    held = await floor.take()
    async with asyncio.TaskGroup() as tasks:
        for name, writes in (("letter", True), ("kitchen", False), ("bath", False)):
            tasks.create_task(taken(floor, name, order, writes=writes))
            await settle()
        assert floor.is_awaited
        held.leave()
    assert order == ["kitchen", "bath", "letter"]
    assert not floor.is_awaited


async def test_who_writes_gives_way_to_who_speaks_and_not_to_who_writes() -> None:
    floor, order = Floor(), list[str]()
    held = await floor.take(give_way=lambda: order.append("asked to end"))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(taken(floor, "letter", order, writes=True))
        await settle()
        assert order == []
        tasks.create_task(taken(floor, "kitchen", order))
        await settle()
        assert order == ["asked to end"]
        held.leave()
    assert order == ["asked to end", "kitchen", "letter"]


async def test_who_gives_up_waiting_keeps_nobody_out() -> None:
    floor, order = Floor(), list[str]()
    held = await floor.take()
    async with asyncio.TaskGroup() as tasks:
        gone = tasks.create_task(taken(floor, "gone", order))
        late = tasks.create_task(taken(floor, "late", order))
        tasks.create_task(taken(floor, "last", order))
        await settle()
        gone.cancel()
        held.leave()
        late.cancel()  # it was let in, and has not noticed yet
    assert order == ["last"]
    (await floor.take()).leave()


async def test_leaving_twice_lets_nobody_in_beside_another() -> None:
    floor, order = Floor(), list[str]()
    held = await floor.take()
    held.leave()
    other = await floor.take()
    held.leave()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(taken(floor, "kitchen", order))
        await settle()
        assert order == []
        other.leave()
    assert order == ["kitchen"]
