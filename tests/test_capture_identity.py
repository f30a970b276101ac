"""What files and objects are known by."""

from __future__ import annotations

import gc
import hashlib
import os
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provrdf.capture.identity import FileIdentity, Files, path_of
from provrdf.capture.inside import new_uuid
from provrdf.capture.objects import Objects

PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
"""A busy machine is no failure."""


class Thing:
    """An object of the pipeline."""


@dataclass(frozen=True, slots=True)
class Slotted:
    """A record that cannot be referred to weakly."""

    a: int
    b: list[int]


def identify(files: Files, path: Path) -> FileIdentity:
    """Identify a file."""
    return files.identify(str(path), files.look(str(path)))


def old(path: Path, content: bytes = b"data") -> Path:
    """Write a file that was not touched for a while."""
    path.write_bytes(content)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


@pytest.mark.parametrize("method", ["sha256", "md5", "sha1", "sha512", "blake2b"])
def test_content_is_hashed(tmp_path: Path, method: str) -> None:
    """A file is known by the digest of its content, with any of the algorithms; size and time are told."""
    path = old(tmp_path / "a.fits")
    found = identify(Files(method, content=True, limit=1000), path)
    assert found == (
        hashlib.new(method, b"data").hexdigest(),
        hashlib.new(method, b"data").hexdigest(),
        "content",
        4,
        1_700_000_000_000_000_000,
    )


def test_a_copy_is_the_same_content(tmp_path: Path) -> None:
    """Two files with the same bytes have the same id."""
    files = Files("sha256", content=True, limit=1000)
    assert identify(files, old(tmp_path / "a")).id == identify(files, old(tmp_path / "b")).id


def test_empty_files_are_not_one_file(tmp_path: Path) -> None:
    """An empty file has no content to be known by, so its path tells."""
    files = Files("sha256", content=True, limit=1000)
    first, second = (identify(files, old(tmp_path / name, b"")) for name in "ab")
    assert first.hash == second.hash == hashlib.sha256().hexdigest()
    assert first.id != second.id


def test_path_hash_only_when_configured(tmp_path: Path) -> None:
    """Configured so, the MD5 of the path is the id, as in lstosa; size and time are told all the same."""
    path = old(tmp_path / "a.fits")
    found = identify(Files("md5", content=False, limit=0), path)
    assert found.id == hashlib.md5(str(path).encode()).hexdigest()
    assert (found.kind, found.size) == ("path", 4)


@pytest.mark.parametrize("name", ["missing", "folder"])
def test_what_is_no_file_is_known_by_its_path(tmp_path: Path, name: str) -> None:
    """A file that is not there, and a folder, have no content."""
    (tmp_path / "folder").mkdir()
    found = identify(Files("sha256", content=True, limit=1000), tmp_path / name)
    assert (found.kind, found.size, found.modified) == ("path", None, None)


def test_a_large_file_is_sampled_and_says_so(tmp_path: Path) -> None:
    """Above the limit only samples are read: a change in the first, last or middle block shows."""
    files = Files("sha256", content=True, limit=100_000)
    content = bytearray(os.urandom(200_000))
    found = identify(files, old(tmp_path / "big", bytes(content)))
    assert found.kind == "fast"
    for place in (0, 199_999):
        changed = bytearray(content)
        changed[place] ^= 1
        assert identify(files, old(tmp_path / "other", bytes(changed))).hash != found.hash
    assert identify(files, old(tmp_path / "copy", bytes(content))).hash == found.hash


def test_an_unchanged_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Device, inode, size and times tell that it did not change."""
    files = Files("sha256", content=True, limit=1000)
    path = old(tmp_path / "a")
    monkeypatch.setattr(time, "time_ns", lambda: 2_000_000_000_000_000_000)
    found = identify(files, path)
    monkeypatch.setattr(files, "_whole", lambda path: pytest.fail("it was read again"))
    assert identify(files, path) == found


def test_a_file_changed_within_the_clock_tick_is_read_again(tmp_path: Path) -> None:
    """A file that was just written may change again without its time changing."""
    files = Files("sha256", content=True, limit=1000)
    path = tmp_path / "a"
    seen = set()
    for content in (b"aaaa", b"bbbb", b"cccc"):
        path.write_bytes(content)
        seen.add(identify(files, path).hash)
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/a/b.fits", "/a/b.fits"),
        ("/a//b/../c", "/a/c"),
        (Path("/a/b"), "/a/b"),
        (b"/a/b", "/a/b"),
        ("https://host/a", "https://host/a"),
        ("", None),
        (5, None),
        (None, None),
        (["a"], None),
    ],
)
def test_path_of(value: object, expected: str | None) -> None:
    """Texts, paths and open files name paths; the rest does not."""
    assert path_of(value) == expected


def test_path_of_relative_and_open_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative paths become absolute, variables are filled in, open files know their path."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NIGHT", "20191123")
    assert path_of("x/$NIGHT.fits") == str(tmp_path / "x" / "20191123.fits")
    with open(tmp_path / "f", "w") as stream:
        assert path_of(stream) == str(tmp_path / "f")


def test_uuids_are_version_4() -> None:
    """Activity ids are full random uuids."""
    made = {new_uuid() for _ in range(100)}
    assert len(made) == 100
    assert all(uuid.UUID(text).version == 4 and str(uuid.UUID(text)) == text for text in made)


STABLE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.frozensets(st.integers(), max_size=3)
    ),
    max_leaves=6,
)


@settings(**PATIENT)
@given(STABLE)
def test_equal_values_have_one_id(value: Any) -> None:
    """The id of plain data is a digest of its content, the same in every process."""
    import copy

    assert Objects().identify(value, "Thing") == Objects().identify(copy.deepcopy(value), "Thing")


def test_ids_do_not_depend_on_the_process() -> None:
    """Another process, with another seed of hash(), gives the same id."""
    code = (
        "from provrdf.capture.objects import Objects\n"
        "print(Objects().identify(({'a', 'b'}, 1.5, 'x'), 'T')[0])"
    )
    ids = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (1, 1.0), ("1", 1), ([1], (1,)), (b"a", "a"), ([1, [2]], [[1], 2]), ("ab", ["a", "b"])],
)
def test_different_values_have_different_ids(one: object, other: object) -> None:
    """What Python takes for equal is not always the same."""
    objects = Objects()
    assert objects.identify(one, "T") != objects.identify(other, "T")


def test_the_kind_of_thing_counts() -> None:
    """The number 5 as a threshold is not the number 5 as a count."""
    objects = Objects()
    assert objects.identify(5, "Threshold") != objects.identify(5, "Count")


def test_an_object_keeps_its_id_while_it_lives() -> None:
    """An object is followed by a weak reference, so it is not kept alive, and its id is not used again."""
    objects = Objects()
    thing = Thing()
    first = objects.identify(thing, "T")
    assert objects.identify(thing, "T") == first
    assert objects.identify([thing, 1], "T") == objects.identify([thing, 1], "T")
    del thing
    gc.collect()
    assert objects._living == {}
    assert objects.identify(Thing(), "T") != first


def test_an_object_that_is_generated_again_is_a_new_state() -> None:
    """The new state comes from the one before; a plain value does not come from an equal one."""
    objects = Objects()
    thing = Thing()
    first, before = objects.renew(thing, "T")
    second, origin = objects.renew(thing, "T")
    assert (before, origin) == (None, first)
    assert second != first
    assert objects.identify(thing, "T") == (second, None)
    assert objects.renew(5, "N")[0] + "-2" == objects.renew(5, "N")[0] == objects.identify(5, "N")[0]


def test_an_object_under_another_name_comes_from_itself() -> None:
    """A model file may call one object a Model here and a SkyModel there."""
    objects = Objects()
    thing = Thing()
    made, _ = objects.renew(thing, "Models")
    other, origin = objects.identify(thing, "SkyModel")
    assert origin == made != other
    assert objects.identify(thing, "SkyModel") == (other, None)


def test_what_cannot_be_followed_gets_an_id_each_time() -> None:
    """An object with neither stable content nor weak references is new each time."""

    class Slots:
        __slots__ = ("value",)

    objects = Objects()
    thing = Slots()
    assert objects.identify(thing, "T") != objects.identify(thing, "T")


def test_records_are_known_by_their_fields() -> None:
    """A record that cannot be followed is what its fields are."""
    objects = Objects()
    assert objects.identify(Slotted(1, [2]), "T") == objects.identify(Slotted(1, [2]), "T")
    assert objects.identify(Slotted(1, [2]), "T") != objects.identify(Slotted(1, [3]), "T")
    assert objects.identify(SimpleNamespace(a=1), "T") == objects.identify(SimpleNamespace(a=1), "T")


def test_a_huge_list_is_not_digested() -> None:
    """What is too much to look at is new each time, at once."""
    objects = Objects()
    huge = list(range(1_000_000))
    begun = time.perf_counter()
    assert objects.identify(huge, "T") != objects.identify(huge, "T")
    assert time.perf_counter() - begun < 1


def test_circular_content_ends() -> None:
    """A list that holds itself has no stable content."""
    circular: list[Any] = []
    circular.append(circular)
    assert Objects().identify(circular, "T")[0]


def test_arrays_are_known_by_content() -> None:
    """Equal arrays have one id, whatever their layout in memory."""
    numpy = pytest.importorskip("numpy")
    objects = Objects()
    array = numpy.arange(12.0).reshape(3, 4)
    assert objects.identify(array, "T") == objects.identify(numpy.asfortranarray(array), "T")
    assert objects.identify(array, "T") != objects.identify(array.astype("f4"), "T")
    assert objects.identify(array.T, "T") != objects.identify(array, "T")
