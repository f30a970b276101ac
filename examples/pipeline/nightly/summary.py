"""Summarise event files; a program of its own, which the night starts as another process."""

import csv
import sys
from pathlib import Path

from provrdf.capture import trace


@trace
def summarise(summary_file: Path, event_files: list[Path]) -> int:
    """Count the events of all runs."""
    total = sum(len(list(csv.DictReader(path.open()))) for path in event_files)
    summary_file.write_text(f"{len(event_files)} runs, {total} events\n")
    return total


if __name__ == "__main__":
    summarise(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
