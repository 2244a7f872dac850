"""What an avatar is made of is pinned, licensed, and stays within its folder."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import avatars
from digital_life.errors import UsageError

CUBISM_2 = {
    "model": "moc/a.moc",
    "textures": ["moc/0.png", "moc/1.png"],
    "physics": "a.physics.json",
    "expressions": [{"name": "f01", "file": "exp/f01.json"}],
    "motions": {"idle": [{"file": "mtn/idle.mtn", "sound": "snd/idle.mp3"}]},
}
CUBISM_4 = {
    "Version": 3,
    "FileReferences": {
        "Moc": "a.moc3",
        "Textures": ["a.2048/0.png"],
        "Physics": "a.physics3.json",
        "Motions": {"Idle": [{"File": "motion/idle.motion3.json"}]},
        "Expressions": [{"Name": "smile", "File": "smile.exp3.json"}],
    },
    "Groups": [],
}


def test_everything_that_would_be_fetched_is_pinned_and_has_a_licence() -> None:
    catalogue = avatars.load()
    known = {each.id for each in catalogue.licences}
    for package in (*catalogue.runtime, *(each.package for each in catalogue.avatars)):
        assert package.integrity.startswith("sha512-")
        assert package.size > 0
        assert package.licences
        assert set(package.licences) <= known
    for runtime in catalogue.runtime:
        assert all(len(part.sha256) == 64 for part in runtime.files)
    assert all(each.link.startswith("https://") for each in catalogue.licences)


def test_each_generation_loads_its_core_first_and_its_plugin_last() -> None:
    catalogue = avatars.load()
    for generation, core in ((2, "live2dcubism2core.min.js"), (4, "live2dcubism4core.min.js")):
        names = [part.name for each in catalogue.runtime_of(generation) for part in each.files]  # type: ignore[arg-type]
        assert names == [core, "pixi.min.js", "unsafe-eval.min.js", f"cubism{generation}.min.js"]


def test_only_what_is_used_is_to_be_accepted() -> None:
    catalogue = avatars.load()
    old, new = (
        {each.id for each in catalogue.licences_of(*catalogue.runtime_of(each))} for each in avatars.MODEL_ENDS.values()
    )
    assert old == {"cubism2", "plugin", "pixi"}
    assert new == {"cubism5", "framework", "plugin", "pixi"}


def test_a_package_has_the_address_that_the_registry_gives_it() -> None:
    paths = {each.path for each in avatars.load().runtime}
    assert "pixi.js/-/pixi.js-7.4.3.tgz" in paths
    assert "@pixi/unsafe-eval/-/unsafe-eval-7.4.3.tgz" in paths


def test_the_files_of_a_model_are_found_in_both_forms_without_its_sounds() -> None:
    assert avatars.files_of(json.dumps(CUBISM_2).encode(), 2, where="x") == (
        "moc/a.moc",
        "moc/0.png",
        "moc/1.png",
        "a.physics.json",
        "exp/f01.json",
        "mtn/idle.mtn",
    )
    assert avatars.files_of(json.dumps(CUBISM_4).encode(), 4, where="x") == (
        "a.moc3",
        "a.2048/0.png",
        "a.physics3.json",
        "smile.exp3.json",
        "motion/idle.motion3.json",
    )


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/passwd", "c:/x", "a\\..\\x", "", "a\0b"])
def test_a_model_that_names_a_file_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(UsageError) as refused:
        avatars.files_of(json.dumps(CUBISM_2 | {"model": path}).encode(), 2, where="x.model.json")
    assert refused.value.key == "avatar-outside"


@given(st.binary(max_size=200))
def test_what_is_no_model_is_refused(content: bytes) -> None:
    for generation in avatars.MODEL_ENDS.values():
        with pytest.raises(UsageError):
            avatars.files_of(content, generation, where="x")


def test_the_generation_is_told_by_the_name() -> None:
    assert avatars.generation_of("a.model.json") == 2
    assert avatars.generation_of("a.model3.json") == 4
    assert avatars.generation_of("a.json") is None
