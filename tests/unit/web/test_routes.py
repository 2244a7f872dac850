"""What a path means; none leads out of its folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digital_life.errors import RequestError
from digital_life.web.resource import Call, Resource
from digital_life.web.routes import Asks, Elsewhere, InFolder, Routes, parts_of
from digital_life.web.site import Folder, Site


async def nothing(_call: Call) -> object:
    return None


ROOT, DISPLAY = (
    Folder(prefix, Path("/pages"), "", index=index) for prefix, index in (("/", "a.html"), ("/d/", "d.html"))
)
ROUTES = Routes(
    Site(
        resources=(
            Resource("GET", "/api/turns/{number}", nothing),
            Resource("DELETE", "/api/turns/{number}", nothing),
            Resource("GET", "/api/turns/latest", nothing),
        ),
        folders=(ROOT, DISPLAY),
    )
)


def asks(method: str, path: str) -> Asks:
    found = ROUTES.resource(method, path)
    assert found
    return found


def test_a_resource_is_found_by_its_method_and_path() -> None:
    assert asks("GET", "/api/turns/12").places == {"number": "12"}
    assert asks("HEAD", "/api/turns/12").resource.method == "GET"
    assert asks("DELETE", "/api/turns/latest").places == {"number": "latest"}
    assert asks("GET", "/api/turns/latest").places == {}
    assert asks("GET", "/api/turns/a%20b").places == {"number": "a b"}


def test_another_method_is_refused_and_another_path_is_none() -> None:
    with pytest.raises(RequestError):
        ROUTES.resource("POST", "/api/turns/12")
    for path in ("/api/turns", "/api/turns/", "/api/turns/1/2", "/", "/api/turns/..", "/api/turns/%2e%2e"):
        assert ROUTES.resource("GET", path) is None


def test_a_file_is_sought_in_the_nearest_folder() -> None:
    assert ROUTES.file("/") == InFolder(ROOT, ("a.html",))
    assert ROUTES.file("/lib/x.js") == InFolder(ROOT, ("lib", "x.js"))
    assert ROUTES.file("/d/") == InFolder(DISPLAY, ("d.html",))
    assert ROUTES.file("/d/x.js") == InFolder(DISPLAY, ("x.js",))
    assert ROUTES.file("/d") == Elsewhere("/d/")
    assert Routes(Site()).file("/") is None


@pytest.mark.parametrize(
    "path",
    [
        "/../x",
        "/%2e%2e/x",
        "/a/../../x",
        "/a%2f..%2f..%2fx",
        "/a%5c..%5cx",
        "/.env",
        "/a/.git/config",
        "//x",
        "/a//b",
        "/a%00.js",
        "/c:x",
        "/%ff",
        "/" + "a" * 3000,
    ],
)
def test_such_a_path_is_no_file(path: str) -> None:
    assert ROUTES.file(path) is None


@given(
    st.lists(st.sampled_from(["..", ".", "%2e", "/", "%2f", "\\", "%5c", "a", "%00", "%", ":", "é", "%c3"])).map(
        "".join
    )
)
@example("/a/%2e%2e/%2e%2e/b")
def test_no_path_leads_anywhere_but_down(path: str) -> None:
    parts = parts_of(path)
    if parts is not None:
        joined = PurePosixPath("/pages").joinpath(*parts)
        assert joined.parts == ("/", "pages", *parts)
        assert not {"..", "."} & set(joined.parts)
