"""Appending to a log: many processes, rotation, full disks, missing folders, and other people's files."""

from __future__ import annotations

import ast
import errno
import multiprocessing
import os
from pathlib import Path

import pytest

from logs import records_of
from provrdf.capture.clock import Clock
from provrdf.capture.settings import Settings
from provrdf.capture.wire import Classic
from provrdf.capture.writer import Writer

LINE = "INFO provLogger __PROV__2026-01-01T00:00:00__PROV__{'a': 1}\n"

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
"""Some tests fork, which newer Pythons warn of when another test has left a thread."""


@pytest.fixture
def said() -> list[str]:
    """What the writer warned of."""
    return []


@pytest.fixture
def writer(tmp_path: Path, said: list[str]) -> Writer:
    """A writer of a log."""
    return Writer(str(tmp_path / "prov.log"), warn=said.append)


def _write_many(path: str, number: int, count: int) -> None:
    form = Classic(Clock(Settings().zone), "__PROV__")
    writer = Writer(path, warn=print)
    for index in range(count):
        record = {"process": number, "index": index, "padding": "x" * ((number * 7 + index) % 3000)}
        writer.write(form.lines([record]))


def test_many_processes_write_one_file(tmp_path: Path) -> None:
    """32 processes write 1,000 records each to one file: no line is torn, none is missing."""
    log = tmp_path / "prov.log"
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_write_many, args=(str(log), number, 1000)) for number in range(32)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 32
    seen = set()
    with log.open() as lines:
        for line in lines:
            record = ast.literal_eval(line.split("__PROV__")[2])
            seen.add((record["process"], record["index"]))
    assert len(seen) == 32_000


def test_a_rotated_log_is_noticed(writer: Writer, tmp_path: Path) -> None:
    """After the log was moved away, the next step goes to a new file at the old path."""
    log = tmp_path / "prov.log"
    assert writer.write(LINE)
    log.rename(tmp_path / "prov.log.1")
    writer.look()
    assert writer.write(LINE)
    assert log.read_text() == LINE == (tmp_path / "prov.log.1").read_text()


def test_a_removed_log_is_noticed(writer: Writer, tmp_path: Path) -> None:
    """After the log was removed it is begun anew."""
    writer.write(LINE)
    (tmp_path / "prov.log").unlink()
    writer.look()
    writer.write(LINE)
    assert (tmp_path / "prov.log").read_text() == LINE


def test_a_missing_folder_gives_one_warning(tmp_path: Path, said: list[str]) -> None:
    """Nothing is raised; what is lost is counted, and it is said once."""
    writer = Writer(str(tmp_path / "nowhere" / "prov.log"), warn=said.append)
    assert [writer.write(LINE, 3) for _ in range(4)] == [False] * 4
    assert writer.lost == 12
    assert len(said) == 1
    assert "no such file or directory" in said[0]


def test_a_folder_that_comes_later_is_used(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that could not be opened is tried again after a while."""
    writer = Writer(str(tmp_path / "later" / "prov.log"), warn=said.append)
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    assert not writer.write(LINE)
    (tmp_path / "later").mkdir()
    now += 0.5
    assert not writer.write(LINE)
    now += 1.0
    assert writer.write(LINE)
    assert writer.lost == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_gives_one_warning(said: list[str]) -> None:
    """On a full disk nothing is raised either."""
    writer = Writer("/dev/full", warn=said.append)
    assert [writer.write(LINE) for _ in range(3)] == [False] * 3
    assert writer.lost == 3
    assert len(said) == 1
    assert "no space left" in said[0]


def test_a_cut_write_does_not_spoil_the_next_record(
    writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk fills up within a record, the next record begins on a line of its own."""
    writer.write(LINE)
    real = os.write
    steps = iter([10, OSError(errno.ENOSPC, "No space left on device")])

    def cut(descriptor: int, data: bytes) -> int:
        step = next(steps, None)
        if isinstance(step, OSError):
            raise step
        return real(descriptor, data[:step])

    monkeypatch.setattr(os, "write", cut)
    assert not writer.write(LINE)
    assert writer.write(LINE)
    assert (tmp_path / "prov.log").read_text() == LINE + LINE[:10] + "\n" + LINE


def test_a_closed_descriptor_is_not_written_to(writer: Writer, tmp_path: Path) -> None:
    """When the pipeline closed all files and opened its own, ours goes nowhere near it."""
    writer.write(LINE)
    descriptor = writer._slot["fd"]
    os.close(descriptor)
    theirs = os.open(tmp_path / "science.dat", os.O_WRONLY | os.O_CREAT)
    try:
        assert theirs == descriptor, "the number is used again"
        writer.look()
        writer.write(LINE)
    finally:
        os.close(theirs)
    assert (tmp_path / "science.dat").read_bytes() == b""
    assert (tmp_path / "prov.log").read_text() == 2 * LINE


def test_a_pipe_without_reader_does_not_block(tmp_path: Path, said: list[str]) -> None:
    """A log that is a pipe nobody reads is an error like another."""
    os.mkfifo(tmp_path / "pipe")
    writer = Writer(str(tmp_path / "pipe"), warn=said.append)
    assert not writer.write(LINE)
    assert len(said) == 1


def test_one_file_per_process(tmp_path: Path) -> None:
    """With the process in the path, each writes its own file, also after a fork."""
    writer = Writer(str(tmp_path / "prov-{host}-{pid}.log"), warn=print)
    writer.write(LINE)
    child = os.fork()
    if child == 0:  # pragma: no cover
        writer.look()
        writer.write(LINE)
        os._exit(0)
    os.waitpid(child, 0)
    host = os.uname().nodename
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted([f"prov-{host}-{os.getpid()}.log", f"prov-{host}-{child}.log"])
    assert {len(records_of(path)) for path in tmp_path.iterdir()} == {1}


def test_the_log_is_not_inherited_by_programs(writer: Writer) -> None:
    """Other programs that the pipeline starts do not get our file."""
    writer.write(LINE)
    assert not os.get_inheritable(writer._slot["fd"])
    writer.look()
    assert not os.get_inheritable(writer._slot["fd"])
