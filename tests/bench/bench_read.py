"""Reading speed: ``python bench_read.py [RECORDS]``, ours against `ast.literal_eval`, in the same run.

Prints one line per way: records per second of CPU time, the ratio to `ast.literal_eval`, peak memory. Each
way runs in a process of its own, start-up included, on a made-up LST-like log.
"""

from __future__ import annotations

import argparse
import ast
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MARKER = "__PROV__"


def ours(path: str) -> Iterator[Any]:
    """Read as the package does."""
    from provrdf.sources import read

    return read(path)


def literal_eval(path: str) -> Iterator[Any]:
    """Read with what the standard library offers."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield ast.literal_eval(line.split(MARKER, 2)[2])


def yaml_safe_load(path: str) -> Iterator[Any]:
    """Read as the field's readers do (and get other values)."""
    import yaml

    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield yaml.safe_load(line.split(MARKER, 2)[2])


WAYS: dict[str, tuple[Callable[[str], Iterator[Any]], int]] = {
    "ours": (ours, 1),
    "literal_eval": (literal_eval, 10),
    "yaml.safe_load": (yaml_safe_load, 100),
}
"""Name -> reader, and by how much fewer records it gets: the slow ones take too long otherwise."""


def measure(way: str, path: str) -> None:
    """Read a log in this process; print records, CPU seconds and peak memory."""
    count = sum(1 for _ in WAYS[way][0](path))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(count, time.process_time(), peak)


def main() -> None:
    """Make the logs, run each way and compare."""
    parser = argparse.ArgumentParser(description="reading speed against ast.literal_eval")
    parser.add_argument("records", type=int, nargs="?", default=100_000)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--log", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.way:
        measure(args.way, args.log)
        return
    here = Path(__file__).resolve()
    speeds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for way, (_, fewer) in WAYS.items():
            log = os.path.join(folder, f"{way}.log")
            number = str(max(args.records // fewer, 1_000))
            subprocess.run(
                [sys.executable, str(here.with_name("make_lst_log.py")), number, "-o", log], check=True
            )
            command = [sys.executable, str(here), "--way", way, "--log", log]
            result = subprocess.run(command, check=True, capture_output=True, text=True)
            count, seconds, peak = map(float, result.stdout.split())
            speeds[way] = count / seconds
            print(f"{way:15} {count:9.0f} records {speeds[way]:9.0f} /s  peak {peak:4.0f} MB")
    print(f"ours is {speeds['ours'] / speeds['literal_eval']:.1f} x literal_eval,", end=" ")
    print(f"{speeds['ours'] / speeds['yaml.safe_load']:.0f} x yaml.safe_load")


if __name__ == "__main__":
    main()
