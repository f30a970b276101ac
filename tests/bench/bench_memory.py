"""Peak memory of a long log: ``python tests/bench/bench_memory.py [RECORDS]``, a million by default.

Converts a made-up LST-like log to N-Quads in a process of its own, which must stay under 500 MB; the exit
code is 1 when it does not. A million records make a log of 1.6 GB and as much output, in a temporary folder
that is removed at the end.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench_convert import Cost, cost

MOST_MB = 500
HERE = Path(__file__).resolve()


def converted(records: int, folder: str) -> tuple[Cost, int, int]:
    """Make a log and convert it; return the cost, and the bytes of log and output."""
    log, output = f"{folder}/prov.log", f"{folder}/prov.nq"
    cost([sys.executable, str(HERE.with_name("make_lst_log.py")), str(records), "-o", log])
    took = cost([sys.executable, "-m", "provrdf", "convert", log, "-q", "-f", "nquads", "-o", output])
    return took, os.path.getsize(log), os.path.getsize(output)


def main() -> int:
    """Convert and compare with the limit."""
    parser = argparse.ArgumentParser(description="peak memory of converting a long log to N-Quads")
    parser.add_argument("records", type=int, nargs="?", default=1_000_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        took, size, output = converted(args.records, folder)
    speed = args.records / took.seconds
    print(f"{args.records} records, {size / 1e6:.0f} MB of log, {output / 1e6:.0f} MB of N-Quads")
    print(f"{took.seconds:.1f} s of processor time, {speed:.0f} records/s, peak {took.memory:.0f} MB")
    holds = took.memory < MOST_MB
    print(f"at most {MOST_MB} MB asked for: {'holds' if holds else 'DOES NOT HOLD'}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
