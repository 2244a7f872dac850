"""Who wrote is served in turn, one line of each; nobody is forgotten, and nobody holds up the others."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.errors import CrowdedError
from digital_life.talking.queue import FairQueue
from digital_life.values import Place

WHO = st.sampled_from(["Ada", "Ben", "Cleo", "Dan"])
STEPS = st.lists(st.one_of(st.tuples(st.just("join"), WHO), st.just(("serve", "")), st.tuples(st.just("quit"), WHO)))


class Office:
    """Everybody who came, and the lines in the order in which they were served."""

    def __init__(self, queue: FairQueue) -> None:
        self.queue = queue
        self.waiting: dict[Place, tuple[str, int]] = {}
        self.served: list[tuple[str, int]] = []
        self._count = Counter[str]()

    def join(self, who: str) -> Place:
        place = self.queue.join(who)
        self.waiting[place] = who, self._count[who]
        self._count[who] += 1
        return place

    def serve(self) -> str:
        first = self.queue.first
        if first is None:
            return ""
        self.queue.leave(first)
        self.served.append(self.waiting.pop(first))
        return self.served[-1][0]

    def quit(self, who: str) -> None:
        latest = [place for place, (whose, _) in self.waiting.items() if whose == who]
        if latest:
            self.queue.leave(latest[-1])
            del self.waiting[latest[-1]]

    def do(self, steps: list[tuple[str, str]]) -> None:
        for what, who in steps:
            match what:
                case "join":
                    self.join(who)
                case "serve":
                    self.serve()
                case _:
                    self.quit(who)


@given(STEPS)
def test_nobody_is_forgotten_and_the_lines_of_each_keep_their_order(steps: list[tuple[str, str]]) -> None:
    office = Office(FairQueue(most=1_000))
    office.do(steps)
    assert len(office.queue) == len(office.waiting)
    while office.waiting:
        office.serve()
    assert office.queue.first is None
    assert len(set(office.served)) == len(office.served)
    for who in ("Ada", "Ben", "Cleo", "Dan"):
        numbers = [number for whose, number in office.served if whose == who]
        assert numbers == sorted(numbers)


@given(STEPS, st.integers(0, 30))
def test_before_the_first_line_of_somebody_come_two_of_each_other_at_most(
    steps: list[tuple[str, str]], more: int
) -> None:
    """Whatever went before, and however many lines the others go on writing."""
    office = Office(FairQueue(most=1_000))
    office.do(steps)
    office.join("Eve")
    before = Counter[str]()
    while (who := office.serve()) != "Eve":
        before[who] += 1
        for _ in range(more):
            office.join(who)
    assert all(lines <= 2 for lines in before.values())


@given(STEPS)
def test_whose_turn_it_is_stays_so_until_it_leaves(steps: list[tuple[str, str]]) -> None:
    office = Office(FairQueue(most=1_000))
    office.do(steps)
    first = office.queue.first
    for who in ("Ada", "Eve", "Ben"):
        office.join(who)
        assert first is None or office.queue.first == first


@given(STEPS, WHO)
def test_who_is_told_how_many_are_before_them_is_told_the_truth(steps: list[tuple[str, str]], who: str) -> None:
    office = Office(FairQueue(most=1_000))
    office.do(steps)
    place = office.join(who)
    said = office.queue.before(place)
    served = 0
    while office.queue.first != place:
        office.serve()
        served += 1
    assert served == said


def test_a_hundred_lines_of_one_do_not_hold_up_the_first_of_another() -> None:
    office = Office(FairQueue(most=200))
    for _ in range(100):
        office.join("greedy")
    assert office.queue.before(office.join("other")) == 1


def test_whose_answer_was_given_up_comes_first_again() -> None:
    queue = FairQueue()
    lost = queue.join("Ada")
    queue.join("Ben")
    queue.leave(lost)
    again = queue.return_first("Ada")
    assert queue.first == again
    assert not queue.is_alone("Ada")


def test_who_cannot_be_served_just_now_is_passed_over_and_keeps_the_place() -> None:
    queue = FairQueue()
    first, second = queue.join("Ada"), queue.join("Ben")
    assert queue.first_but({first}) == second
    assert queue.first_but({first, second}) is None
    assert queue.first == first
    assert first in queue
    queue.leave(first)
    assert first not in queue


def test_who_comes_when_it_is_full_is_told_so() -> None:
    queue = FairQueue(most=2)
    places = [queue.join("Ada"), queue.join("Ben")]
    with pytest.raises(CrowdedError, match="try again"):
        queue.join("Cleo")
    queue.leave(places[1])
    queue.leave(places[1])
    queue.join("Cleo")
    assert len(queue) == 2


def test_a_place_that_is_left_leaves_nothing_behind() -> None:
    queue = FairQueue()
    for n in range(1_000):
        queue.leave(queue.join(f"page {n}"))
    assert (len(queue), queue.first, queue.is_alone("anybody")) == (0, None, True)
