"""Run a night: ``python -m nightly``, in the folder of this example."""

import subprocess
import sys
from pathlib import Path

import camera
from events import Reconstructor
from provrdf.capture import activity, trace

DATA = Path("data")
PRODUCTS = Path("products")


@trace
def process_run(raw_file: Path, event_file: Path, reconstructor: Reconstructor) -> int:
    """Process one run."""
    return reconstructor.reconstruct(raw_file, event_file)


def main() -> None:
    """Process the runs of the night, then let another program summarise them."""
    PRODUCTS.mkdir(exist_ok=True)
    pedestal_file = PRODUCTS / "pedestal.txt"
    camera.make_pedestal(DATA / "dark.csv", pedestal_file)
    reconstructor = Reconstructor(pedestal_file)
    done = []
    with activity("night", night="20191123"):
        for raw_file in sorted(DATA.glob("run*.csv")):
            event_file = PRODUCTS / raw_file.name.replace("run", "events")
            try:
                process_run(raw_file, event_file, reconstructor)
                done.append(event_file)
            except ValueError as error:
                print(f"{raw_file.name} is left out: {error}")
        command = [sys.executable, "-m", "nightly.summary", str(PRODUCTS / "summary.txt"), *map(str, done)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
