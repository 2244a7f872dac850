"""How often something may happen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.web.bucket import Bucket
from digital_life.web.limits import AT_ONCE, AT_ONCE_IN_ALL, EACH_S, PEERS, LoginLimits


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 9), st.floats(0.1, 9))
def test_a_bucket_never_gives_more_than_it_holds_and_gets(pauses: list[float], most: int, each_s: float) -> None:
    bucket, now, taken = Bucket(most=most, each_s=each_s), 0.0, 0
    for pause in pauses:
        now += pause
        taken += bucket.take(now)
    assert taken <= most + now / each_s + 1e-6


def test_after_the_wait_that_is_told_it_may_happen() -> None:
    bucket = Bucket(most=2, each_s=10)
    assert [bucket.take(0), bucket.take(0), bucket.take(1)] == [True, True, False]
    assert bucket.wait_s(1) == 9
    assert not bucket.take(9.9)
    assert bucket.take(10)


def test_five_guesses_and_then_one_in_ten_seconds() -> None:
    limits = LoginLimits()
    assert [limits.take("10.0.0.1", now=0) for _ in range(AT_ONCE)] == [0] * AT_ONCE
    assert 0 < limits.take("10.0.0.1", now=0) <= EACH_S
    assert limits.take("10.0.0.2", now=0) == 0
    assert limits.take("10.0.0.1", now=EACH_S) == 0


def test_who_knows_the_password_is_not_counted() -> None:
    limits = LoginLimits()
    for _ in range(100):
        assert limits.take("10.0.0.1", now=0) == 0
        limits.succeeded("10.0.0.1", now=0)


def test_many_addresses_guess_little_more_than_one() -> None:
    limits = LoginLimits()
    tried = sum(limits.take(f"10.0.{number // 250}.{number % 250}", now=0) == 0 for number in range(5 * PEERS))
    assert tried == AT_ONCE_IN_ALL


def test_the_addresses_of_one_machine_are_one() -> None:
    limits = LoginLimits()
    tried = sum(limits.take(f"2001:db8::{number:x}", now=0) == 0 for number in range(1, 50))
    assert tried == AT_ONCE
    assert limits.take("::ffff:10.0.0.1", now=0) == 0
    assert limits.take("fe80::1%eth0", now=0) == 0
    assert limits.take("nonsense", now=0) == 0


def test_only_so_many_addresses_are_remembered() -> None:
    limits = LoginLimits()
    for number in range(3 * PEERS):
        limits.take(f"10.{number // 62500}.{number // 250 % 250}.{number % 250}", now=0)
    assert len(limits._of) <= PEERS + 1
