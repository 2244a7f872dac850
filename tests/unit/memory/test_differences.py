"""What one version has that another has not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory.differences import differences
from digital_life.memory.records import Sentence

versions = st.lists(st.sampled_from("abcdef").map(lambda each: Sentence(each, (1,))), max_size=8)


@given(versions, versions)
def test_both_versions_can_be_read_from_their_difference(before: list[Sentence], after: list[Sentence]) -> None:
    found = differences(before, after)
    assert [each.text for each in found if each.kind != "new"] == [each.text for each in before]
    assert [each.text for each in found if each.kind != "gone"] == [each.text for each in after]


@given(versions)
def test_a_version_does_not_differ_from_itself(version: list[Sentence]) -> None:
    assert all(each.kind == "kept" for each in differences(version, version))


def test_what_is_gone_stands_ahead_of_what_took_its_place() -> None:
    before, after = [Sentence("Lives in Berlin.", (1,))], [Sentence("Lives in Bonn.", (2,))]
    assert [(each.kind, each.sources) for each in differences(before, after)] == [("gone", (1,)), ("new", (2,))]
