"""What a traced call costs, beside logprov's, in one run.

    python tests/bench/bench_capture.py [--calls N]

Each side traces the same function: three usages, two generations, one parameter, content hashing off (logprov
is given a function for that). logprov is measured as it comes, and with its recording of arguments and result
switched off, so that both write the same records. It is left out, and that is said, when it is not installed.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import itertools
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

MODEL = """
activities:
  reduce:
    parameters:
      - {name: threshold, value: threshold}
    usage:
      - {role: events, entityName: Events, value: events}
      - {role: calibration, entityName: Events, value: calibration}
      - {role: pointing, entityName: Events, value: pointing}
    generation:
      - {role: reduced, entityName: Reduced, value: reduced}
      - {role: check, entityName: Reduced, value: check}
entities:
  Events: {type: File, contentType: application/fits}
  Reduced: {type: File, contentType: application/x-hdf}
"""
NAMES = ("events", "calibration", "pointing", "reduced", "check")

_COUNT = itertools.count()


def reduce(
    events: str, calibration: str, pointing: str, reduced: str, check: str, threshold: float = 5.0
) -> int:
    """Stand for a step that does nothing; every result is another, else logprov searches for a free id."""
    return next(_COUNT)


def provrdf_step(folder: Path, **options: Any) -> Callable[..., Any]:
    """Return the step as provrdf traces it."""
    from provrdf.capture import Capture

    model = folder / "definition.yaml"
    model.write_text(MODEL)
    options = {"hash_buffer": "path", "git": False, **options}
    capture = Capture(model, log=folder / "provrdf.log", **options)
    capture.check()
    step: Callable[..., Any] = capture.trace(reduce)
    return step


def logprov_step(folder: Path, **config: Any) -> Callable[..., Any] | None:
    """Return the step as logprov traces it; None when logprov is not installed."""
    warnings.simplefilter("ignore")
    try:
        import logprov
        import yaml
    except ImportError as error:
        print(f"logprov is left out: {error} (pip install logprov psutil prov)")
        return None
    os.getlogin = lambda: "bench"  # fails without a terminal
    type(logprov.ProvCapture).instance = None  # it is a singleton
    ours = yaml.safe_load(MODEL)
    activities = ours["activities"]
    for step in activities.values():
        for port in step["usage"] + step["generation"]:
            port["entity_description"] = port.pop("entityName")
            port["location"] = port.pop("value")
    definitions = {"activity_descriptions": activities, "entity_descriptions": ours["entities"]}
    config = {"log_filename": str(folder / "logprov.log"), **config}

    def path_hash(path: str) -> str:
        return hashlib.sha1(path.encode()).hexdigest()

    capture = logprov.ProvCapture(definitions=definitions, config=config, get_file_id_func=path_hash)
    traced: Callable[..., Any] = capture.trace(reduce)
    return traced


def measure(call: Callable[[], object], calls: int, *, rounds: int = 5) -> float:
    """Return microseconds of processor time per call, the best of several rounds."""
    best = float("inf")
    call()
    for _ in range(rounds):
        gc.collect()
        begun = time.process_time()
        for _ in range(calls):
            call()
        best = min(best, (time.process_time() - begun) / calls)
    return best * 1e6


def arguments(folder: Path, *, known_to_logprov: bool = False) -> dict[str, str]:
    """Make the files of the step; logprov finds plain functions' values among the globals only."""
    paths = {name: str(folder / f"{name}.fits") for name in NAMES}
    for path in paths.values():
        Path(path).touch()
    if known_to_logprov:
        globals().update(paths)
    return paths


def compare(calls: int) -> dict[str, float]:
    """Measure all variants in one run, in microseconds per call."""
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        given = arguments(folder, known_to_logprov=True)
        found = {"untraced": measure(lambda: reduce(**given), calls * 20)}
        step = provrdf_step(folder)
        found["provrdf"] = measure(lambda: step(**given), calls)
        written = (folder / "provrdf.log").read_text().count("'endTime'")
        if written != 5 * calls + 1:
            message = f"{written} activities were recorded, not {5 * calls + 1}: the measure is void"
            raise RuntimeError(message)
        lines = provrdf_step(folder, format="jsonl")
        found["provrdf, JSON lines"] = measure(lambda: lines(**given), calls)
        off = provrdf_step(folder, capture=False)
        found["provrdf, off"] = measure(lambda: off(**given), calls * 20)
        lean = {"log_args": False, "log_kwargs": False, "log_returned_result": False}
        for name, config in (("logprov", {}), ("logprov, lean", lean)):
            theirs = logprov_step(folder, **config)
            if theirs is not None:
                found[name] = measure(partial(theirs, **given), calls)
        return found


def main() -> int:
    """Print the table; exit 1 when provrdf is slower than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1000)
    found = compare(parser.parse_args().calls)
    for name, micros in found.items():
        print(f"{name:22}{micros:10.2f} us per call")
    ours = found["provrdf"] - found["untraced"]
    promised = ours < 150
    for name in found.keys() & {"logprov", "logprov, lean"}:
        ratio = ours / (found[name] - found["untraced"])
        print(f"{'provrdf / ' + name:28}{ratio:6.3f}")
        promised = promised and (ratio <= 0.2 or name != "logprov")
    print("as promised" if promised else "slower than promised: 150 us, and a fifth of logprov's")
    return 0 if promised else 1


if __name__ == "__main__":
    sys.exit(main())
