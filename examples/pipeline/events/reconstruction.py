"""Photo-electrons become events above a threshold."""

import csv
from pathlib import Path

import camera
from provrdf.capture import provenance


@provenance
class Reconstructor:
    """Reconstructs runs, all with the same threshold and pedestal."""

    def __init__(self, pedestal_file: Path, threshold: float = 5.0) -> None:
        self.pedestal_file = pedestal_file
        self.threshold = threshold

    def reconstruct(self, raw_file: Path, event_file: Path) -> int:
        """Write the events of a run; return how many."""
        charges = camera.calibrate(raw_file, self.pedestal_file)
        events = [(number, charge) for number, charge in enumerate(charges) if charge > self.threshold]
        with event_file.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["pixel", "charge"])
            writer.writerows((number, f"{charge:.3f}") for number, charge in events)
        return len(events)
