"""Reading files: which ones, how they are opened, what is said when they cannot be read."""

import gzip
import io
import logging
import os
import sys
import tracemalloc

import pytest

from provrdf.errors import LogError, UsageError
from provrdf.sources import Reason, Tally, formats, read

GOOD = "INFO provLogger __PROV__2026-11-22T07:36:13__PROV__{'activity_id': '%s', 'name': 'x'}\n"
TORN = "INFO provLogger __PROV__2026-11-22T07:36:13__PROV__{'activity_id': 'ab\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give an empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(source, **options):
    """Give the activity ids of what is read."""
    return [record.data["activity_id"] for record in read(source, **options)]


def test_the_formats_are_the_modules():
    """There is no list of formats to keep."""
    assert formats() == ["bare", "ctapipe", "jsonlines", "provlog"]


def test_every_record_knows_its_file_and_line(folder):
    """Lines count from 1, other messages included."""
    (folder / "prov.log").write_text("DEBUG hello\n" + GOOD % "a" + "\n" + GOOD % "b")
    assert [(record.file, record.line) for record in read("prov.log")] == [("prov.log", 2), ("prov.log", 4)]
    assert [record.line for record in read(folder / "prov.log")] == [2, 4]


def test_gzip_is_recognised_whatever_the_name(folder):
    """A rotated log is read as it is."""
    (folder / "prov.log.gz").write_bytes(gzip.compress((GOOD % "a").encode()))
    (folder / "prov.log.1").write_bytes(gzip.compress((GOOD % "b").encode()))
    assert names("prov.log.gz") == ["a"]
    assert names("prov.log.1") == ["b"]


def test_standard_input(folder, monkeypatch):
    """``-`` is standard input, gzip or not."""
    for content in ((GOOD % "a").encode(), gzip.compress((GOOD % "a").encode())):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        records = list(read("-"))
        assert [(record.file, record.line) for record in records] == [("<stdin>", 1)]


def test_folders_and_globs_are_sorted_and_read_once(folder):
    """In a folder only what is named like a log counts; a file named twice is read once."""
    (folder / "2026" / ".hidden").mkdir(parents=True)
    for name in (
        "b.log",
        "a.jsonl.gz",
        "2026/prov.log-20261122",
        "2026/notes.md",
        "2026/.hidden/x.log",
        ".x.log",
    ):
        content = GOOD % os.path.basename(name)
        (folder / name).write_bytes(
            gzip.compress(content.encode()) if name.endswith(".gz") else content.encode()
        )
    assert names(folder) == ["a.jsonl.gz", "b.log", "prov.log-20261122"]
    assert names("*.log") == ["b.log"]
    assert names("**/*.log*") == ["prov.log-20261122", "b.log"]
    assert names(["b.log", "*.log", "b.log"]) == ["b.log"]


def test_a_folder_may_hold_files_without_records(folder):
    """Other logs in a folder are passed over, as long as one has records."""
    (folder / "other.log").write_text("INFO nothing here\n")
    (folder / "empty.log").touch()
    (folder / "data.json").write_text('{"some": "other file"}')
    (folder / "prov.log").write_text(GOOD % "a")
    assert names(folder) == ["a"]
    (folder / "prov.log").unlink()
    with pytest.raises(LogError, match="3 files could not be read"):
        names(folder)


def test_rejects_are_collected_and_the_rest_is_read(folder):
    """A line that cannot be read costs that line."""
    (folder / "prov.log").write_text(GOOD % "a" + TORN + GOOD % "b")
    rejects, tally = [], {}
    assert names("prov.log", rejects=rejects, tally=tally) == ["a", "b"]
    assert [str(one) for one in rejects] == ["prov.log:2: truncated"]
    assert rejects[0].text == TORN.rstrip()
    assert tally == {"prov.log": Tally("provlog", records=2, rejected=1, other=0)}


def test_rejects_may_go_to_a_function_or_the_log(folder, caplog):
    """Without a place for them they are logged: nothing is lost in silence."""
    (folder / "prov.log").write_text(GOOD % "a" + TORN)
    lines = []
    names("prov.log", rejects=lambda reject: lines.append(reject.line))
    assert lines == [2]
    with caplog.at_level(logging.WARNING, "provrdf"):
        names("prov.log")
    assert caplog.messages == ["prov.log:2: line could not be read: truncated"]


def test_strict_reading_ends_with_all_that_was_wrong(folder):
    """All that can be read is, then the error names each line."""
    (folder / "a.log").write_text(TORN + GOOD % "a")
    (folder / "b.log").write_text(GOOD % "b" + TORN)
    records = read(folder, strict=True, rejects=[])
    assert [next(records).data["activity_id"] for _ in range(2)] == ["a", "b"]
    with pytest.raises(
        LogError, match=r"2 lines could not be read\n.*a\.log:1: truncated\n.*b\.log:2: truncated"
    ) as caught:
        next(records)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    "source", ["missing.log", "missing/*.log", "missing/", [], ["prov.log", "missing.log"], "nothing"]
)
def test_a_source_that_is_not_there_is_said_at_once(folder, source):
    """Before anything is read."""
    (folder / "prov.log").write_text(GOOD % "a")
    (folder / "nothing").mkdir()
    with pytest.raises(LogError, match=r"no such file|no file fits|no input|no log in the folder"):
        read(source)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\x89HDF\r\n\x1a\n\0\0", "is a binary file"),
        ((GOOD % "a").encode("utf-16"), "is UTF-16 text"),
        (gzip.compress(b""), "is empty"),
        (b"\x1f\x8bnot gzip at all", "cannot read bad.log"),
        (b"INFO nothing\n", "no line is marked '__PROV__' or '_PROV_'"),
        (
            GOOD.replace("__PROV__", "@@MY@@").encode(),
            "marked '@@MY@@', not '__PROV__' or '_PROV_'; set prefix",
        ),
        (GOOD.replace("__PROV__", "__LOG__").encode(), "set prefix = '__LOG__'"),
        (TORN.encode(), "the only provenance line in it could not be read"),
        (b"[]", "no provenance record in it"),
        (b'{"some": "JSON"}\n', "no provenance record in it"),
    ],
)
def test_a_file_without_records_is_an_error_that_says_why(folder, content, message):
    """Wrong marker, binary, empty ...: exit code 3 and what would be right."""
    (folder / "bad.log").write_bytes(content)
    with pytest.raises(LogError) as caught:
        names("bad.log", rejects=[])
    assert message in str(caught.value)
    assert "bad.log" in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_bad_file_does_not_keep_the_others_from_being_read(folder):
    """The error comes when everything else has been read."""
    (folder / "a.log").touch()
    (folder / "b.log").write_text(GOOD % "b")
    records = read(["a.log", "b.log"])
    assert next(records).data["activity_id"] == "b"
    with pytest.raises(LogError, match=r"a.log is empty"):
        next(records)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(folder):
    """What the system refuses is said in plain words."""
    (folder / "prov.log").write_text(GOOD % "a")
    (folder / "prov.log").chmod(0)
    with pytest.raises(LogError, match=r"cannot read prov.log: no permission"):
        names("prov.log")


def test_a_compressed_log_that_ends_early_gives_what_it_has(folder):
    """The records before the damage are read, then the error."""
    packed = gzip.compress("".join(GOOD % f"{number:06}" for number in range(20_000)).encode())
    (folder / "prov.log.gz").write_bytes(packed[: len(packed) - 200])
    records, read_so_far = read("prov.log.gz"), []
    with pytest.raises(LogError, match="cannot be read to the end"):
        read_so_far.extend(record.data["activity_id"] for record in iter(records.__next__, None))
    (folder / "prov.log.gz").write_bytes(packed)
    assert len(names("prov.log.gz")) == 20_000


def test_foreign_bytes_cost_their_line_only(folder):
    """A line in another encoding is rejected, with its bytes shown."""
    line = (GOOD % "a").encode()
    (folder / "prov.log").write_bytes(
        line.replace(b"'x'", b"'caf\xe9'") + line.replace(b"'x'", "'café'".encode()) + b"\xff\n"
    )
    rejects = []
    assert [record.data["name"] for record in read("prov.log", rejects=rejects)] == ["café"]
    assert [(one.line, one.reason) for one in rejects] == [(1, Reason.NOT_UTF8)]
    assert "'caf\\xe9'" in rejects[0].text


def test_a_byte_order_mark_is_no_text(folder):
    """As some editors write it."""
    (folder / "bare.log").write_bytes(b"\xef\xbb\xbf{'activity_id': 'a', 'name': 'x'}\n")
    assert names("bare.log") == ["a"]


def test_an_endless_line_does_not_fill_the_memory(folder, monkeypatch):
    """It is rejected as too large, and what follows is read."""
    monkeypatch.setattr("provrdf.sources._files.MAX_LINE", 2**20)
    monkeypatch.setattr("provrdf.sources.provlog.MAX_LINE", 2**20)
    endless = TORN.rstrip() + "x" * 2**24
    (folder / "prov.log").write_text(GOOD % "a" + endless + "\n" + GOOD % "b")
    rejects = []
    tracemalloc.start()
    assert names("prov.log", rejects=rejects) == ["a", "b"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(one.line, one.reason) for one in rejects] == [(2, Reason.TOO_LARGE)]
    assert peak < 2**24
    assert len(rejects[0].text) == 1_000


def test_a_long_log_is_streamed(folder):
    """Reading holds a few lines, not the log."""
    with open("prov.log", "w", encoding="utf-8") as log:
        for number in range(20_000):
            log.write(GOOD % f"{number:06}")
    size = os.path.getsize("prov.log")
    records = read("prov.log")
    next(records)
    tracemalloc.start()
    assert sum(1 for _ in records) == 19_999
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < size / 3


def test_a_format_can_be_named(folder):
    """What cannot be recognised can be said; a wrong name is a usage error."""
    (folder / "x.log").write_text("nothing of ours at first\n{'activity_id': 'a', 'name': 'x'}\n")
    assert names("x.log", format="bare") == ["a"]
    with pytest.raises(UsageError, match="no format 'yaml': one of bare, ctapipe, jsonlines, provlog"):
        read("x.log", format="yaml")


def test_a_marker_can_be_given(folder):
    """Only lines with that marker count then."""
    (folder / "x.log").write_text(GOOD % "b" + GOOD.replace("__PROV__", "@@") % "a")
    assert names("x.log", prefix="@@") == ["a"]
    with pytest.raises(LogError, match=r"marked '__PROV__', not '%%'"):
        names("x.log", prefix="%%")
