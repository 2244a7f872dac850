"""Locked with a pass phrase, while everything else goes on."""

from __future__ import annotations

import asyncio

import pytest

from digital_life.memory import sealing

PASSPHRASE = "sieben blaue Pferde 七匹蓝马"  # noqa: S105 - of a test


async def test_what_is_sealed_opens_with_its_pass_phrase_and_the_loop_goes_on_meanwhile() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    async with asyncio.TaskGroup() as tasks:
        clock = tasks.create_task(tick(), name="test.clock")
        sealed = await asyncio.to_thread(sealing.seal, b"My cat is black.", PASSPHRASE)
        assert ticks > 5
        assert b"cat" not in sealed
        assert await asyncio.to_thread(sealing.unseal, sealed, PASSPHRASE) == b"My cat is black."
        with pytest.raises(sealing.WrongPassphraseError):
            await asyncio.to_thread(sealing.unseal, sealed, "another")
        clock.cancel()


def test_what_was_never_sealed_does_not_open() -> None:
    with pytest.raises(sealing.DamagedError):
        sealing.unseal(b"age-encryption.org/v1\nnonsense", PASSPHRASE)


def test_half_of_what_was_sealed_is_told_apart_from_a_wrong_pass_phrase() -> None:
    sealed = sealing.seal(bytes(100_000), PASSPHRASE)
    with pytest.raises(sealing.DamagedError):
        sealing.unseal(sealed[: len(sealed) // 2], PASSPHRASE)


def test_a_key_that_takes_too_long_is_told_apart_too() -> None:
    head, work, rest = sealing.seal(b"My cat is black.", PASSPHRASE).split(b"\n", 2)
    harder = b"\n".join([head, b" ".join([*work.split()[:-1], b"40"]), rest])
    with pytest.raises(sealing.SlowError):
        sealing.unseal(harder, PASSPHRASE)
