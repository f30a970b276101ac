"""Raw counts become photo-electrons."""

import csv
from pathlib import Path

from provrdf.capture import trace

GAIN = 52.0
"""Counts per photo-electron."""


@trace
def make_pedestal(dark_file: Path, pedestal_file: Path) -> float:
    """Average a dark run."""
    counts = [int(row["counts"]) for row in csv.DictReader(dark_file.open())]
    pedestal = sum(counts) / len(counts)
    pedestal_file.write_text(f"{pedestal:.2f}\n")
    return pedestal


@trace
def calibrate(raw_file: Path, pedestal_file: Path) -> list[float]:
    """Take the pedestal off, and divide by the gain."""
    pedestal = float(pedestal_file.read_text())
    return [(int(row["counts"]) - pedestal) / GAIN for row in csv.DictReader(raw_file.open())]
