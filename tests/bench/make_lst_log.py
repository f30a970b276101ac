"""Write a made-up night log with the shape of LST's: ``python make_lst_log.py 100000 -o prov.log``.

Sixteen jobs work at once, each on one subrun of one run; every activity writes its records in one burst
(session record of 22 kB, start, parameters, each used or generated file after its entity record, end) and
the bursts of different jobs interleave record by record, with time stamps slightly out of order. ``dl1ab``
rewrites the file of ``r0_to_dl1`` in place, and the subruns of a run write the same run-level files.
The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TextIO

JOBS = 16
SUBRUNS_PER_RUN = 60
RUNS_PER_NIGHT = 24
RUNS_AT_ONCE = 4
SESSION_BYTES = 22_000

DATA = "/fefs/aswg/data/real"
CAT_A = f"{DATA}/monitoring/PixelCalibration/Cat-A"
CODE = "/fefs/aswg/software/lstchain/data"
ENV = "/fefs/aswg/software/conda/envs/osa"
SCRIPTS = "/fefs/aswg/software/src/lstosa/src/osa/scripts"
MODELS = f"{DATA}/models/AllSky/20240918_v0.10.12_allsky_nsb"
PROD, DL1_PROD, DL2_PROD = "v0.12.3", "tailcut84", "tailcut84_model2"
HDF, FITS, PDF, JSON = "application/x-hdf", "application/fits", "application/pdf", "application/json"

PACKAGES = """
aiobotocore anyio argon2-cffi arrow asttokens astropy astropy-iers-data attrs awkward babel
beautifulsoup4 bleach blosc2 bokeh boost-histogram bottleneck brotli certifi cffi charset-normalizer
click cloudpickle comm contourpy corsikaio cta-lstchain ctapipe ctapipe-io-lst ctaplot cycler dask
debugpy decorator defusedxml distributed docker docutils dragonbridge eventio executing fastjsonschema
fonttools fsspec gammapy gitpython h5py healpy hipercam humanize idna iminuit importlib-metadata
ipykernel ipython ipywidgets jedi jinja2 joblib jsonschema jupyter-client jupyter-core jupyterlab
kiwisolver llvmlite locket lstmcpipe lstosa lxml markupsafe matplotlib matplotlib-inline mistune msgpack
nbclient nbconvert nbformat nest-asyncio networkx notebook numba numexpr numpy packaging pandas
pandocfilters parso partd patsy pexpect pillow platformdirs prometheus-client prompt-toolkit protozfits
prov psutil ptyprocess pure-eval py-cpuinfo pyarrow pycparser pydantic pydot pydotplus pyerfa pyflow
pygments pyirf pymongo pyparsing pyqt5 pytables python-dateutil pytz pyvo pyyaml pyzmq rdflib referencing
regions requests rich scikit-learn scipy seaborn send2trash setproctitle setuptools six sniffio
sortedcontainers soupsieve stack-data tables tblib terminado threadpoolctl tinycss2 toolz tornado tqdm
traitlets typing-extensions tzdata uncertainties uproot urllib3 vitables wcwidth webencodings wheel wrapt
xarray xz yarl zict zipp zstandard
""".split()  # noqa: SIM905 (a list of 150 quoted names is harder to read)

File = tuple[str, str, str, str]  # role, entity name, path, media type


@dataclass(frozen=True)
class Task:
    """One activity to come: what it is called, in which session, and its files."""

    step: str
    session_id: str
    session_name: str
    facts: dict[str, str]
    script: str
    arguments: list[str]
    used: tuple[File, ...]
    generated: tuple[File, ...]
    parameters: dict[str, Any] | None = None


def calibration(night: str, pedestal: int, charge: int) -> list[Task]:
    """Return the two calibration activities that start a night."""
    name = f"{pedestal:05d}-{charge:05d}"
    facts = {"pedestal_run": f"{pedestal:05d}", "calibration_run": f"{charge:05d}"}
    arguments = ["-c", "sequencer.cfg", "-d", night, "--prod-id", PROD, "LST1"]
    drs4, flat = calibration_files(night, pedestal, charge)
    raw = [
        ("RawObservationFile", f"{DATA}/R0/{night}/LST-1.1.Run{run:05d}.fits.fz")
        for run in (pedestal, charge)
    ]
    plots = [path.replace(f"{PROD}/", f"{PROD}/log/").replace(".h5", ".pdf") for path in (drs4, flat)]
    common = (name.replace("-", ""), name, facts, f"{SCRIPTS}/calibration_pipeline.py", arguments)
    pedestal_files: tuple[File, ...] = (
        ("Pedestal", "PedestalFile", drs4, HDF),
        ("Check plot for pedestal", "PedestalCheckPlot", plots[0], PDF),
    )
    charge_inputs: tuple[File, ...] = (
        ("Subrun for calibration", *raw[1], FITS),
        ("Pedestal file", "PedestalFile", drs4, HDF),
    )
    charge_files: tuple[File, ...] = (
        ("Coefficients calibration file", "CoefficientsCalibrationFile", flat, HDF),
        ("Check plot for calibration", "CalibrationCheckPlot", plots[1], PDF),
    )
    return [
        Task("drs4_pedestal", *common, (("Subrun for pedestal", *raw[0], FITS),), pedestal_files),
        Task("calibrate_charge", *common, charge_inputs, charge_files),
    ]


def calibration_files(night: str, pedestal: int, charge: int) -> tuple[str, str]:
    """Return the paths of the pedestal file and the calibration file of a night."""
    return (
        f"{CAT_A}/drs4_baseline/{night}/{PROD}/drs4_pedestal.Run{pedestal:05d}.0000.h5",
        f"{CAT_A}/calibration/{night}/{PROD}/calibration_filters_52.Run{charge:05d}.0000.h5",
    )


def subrun(night: str, run: int, number: int, calibrations: tuple[str, str]) -> list[Task]:
    """Return the four activities of one subrun, in the order in which its job does them."""
    name, part = f"{run:05d}", f"Run{run:05d}.{number:04d}"
    arguments = ["-c", "sequencer.cfg", f"--date={night}", f"--prod-id={PROD}",
                 f"--drs4-pedestal-file={calibrations[0]}", f"--pedcal-file={calibrations[1]}",
                 f"{run:05d}.{number:04d}", "LST1"]  # fmt: skip
    common = (f"{night}{name}", name, {"observation_run": name}, f"{SCRIPTS}/datasequence.py", arguments)
    folder = f"{DATA}/DL1/{night}/{PROD}"
    dl1: File = ("DL1 subrun dataset", "DL1SubrunDataset", f"{folder}/{DL1_PROD}/dl1_LST-1.{part}.h5", HDF)
    dl1ab: File = ("DL1AB subrun dataset", *dl1[1:])
    muons: File = (
        "Muons subrun dataset",
        "MuonsSubrunDataset",
        f"{folder}/muons/muons_LST-1.{part}.fits",
        FITS,
    )
    config = ("Analysis configuration file", "AnalysisConfigFile", f"{CODE}/lstchain_config.json", JSON)
    return [
        Task("r0_to_dl1", *common, raw_files(night, run, part, calibrations), (dl1, muons)),
        Task("dl1ab", *common, (dl1, config), (dl1ab,), {"StoreImage": True}),
        Task("dl1_datacheck", *common, (dl1ab, muons), checks(night, run, part)),
        Task("dl1_to_dl2", *common, (dl1, *forests(), config), dl2(night, run, part)),
    ]


def raw_files(night: str, run: int, part: str, calibrations: tuple[str, str]) -> tuple[File, ...]:
    """Return what r0_to_dl1 uses: raw data, calibrations, pointing and summaries."""
    return (
        ("Observation subrun", "R0SubrunDataset", f"{DATA}/R0/{night}/LST-1.1.{part}.fits.fz", FITS),
        ("Pedestal file", "PedestalFile", calibrations[0], HDF),
        ("Coefficients calibration file", "CoefficientsCalibrationFile", calibrations[1], HDF),
        ("Time calibration file", "TimeCalibrationFile",
         f"{CAT_A}/drs4_time_sampling_from_FF/20191124/pro/time_calibration.Run01625.0000.h5", HDF),
        ("Systematic correction factor file", "SystematicCorrectionFile",
         f"{CAT_A}/ffactor_systematics/20200725/pro/ffactor_systematics_20200725.h5", HDF),
        ("Pointing file", "PointingFile",
         f"{DATA}/monitoring/DrivePositioning/DrivePosition_log_{night}.txt", "text/plain"),
        ("Interleaved pedestal events file", "InterleavedPedestalEventsFile",
         f"{DATA}/auxiliary/PedestalFinder/{night}/pedestal_ids_{part}.h5", HDF),
        ("Run summary", "RunSummaryFile",
         f"{DATA}/monitoring/RunSummary/RunSummary_{night}.ecsv", "application/ecsv"),
    )  # fmt: skip


def checks(night: str, run: int, part: str) -> tuple[File, ...]:
    """Return what dl1_datacheck generates: two files that every subrun of the run writes, and its own."""
    folder = f"{DATA}/DL1/{night}/{PROD}/{DL1_PROD}/datacheck_dl1_LST-1"
    return (
        ("DL1Check HDF5 file", "DL1CheckHDF5File", f"{folder}.Run{run:05d}.h5", "application/hdf5"),
        ("DL1Check PDF file", "DL1CheckPDFFile", f"{folder}.Run{run:05d}.pdf", PDF),
        ("DL1Check subrun dataset", "DL1CheckSubrunDataset", f"{folder}.{part}.h5", HDF),
    )


def forests() -> tuple[File, ...]:
    """Return the trained models that dl1_to_dl2 uses."""
    names = {
        "Energy": "reg_energy",
        "DispNorm": "reg_disp_norm",
        "DispSign": "reg_disp_sign",
        "Gammaness": "cls_gh",
    }
    return tuple(
        (f"RFModel{name}File", f"RFModel{name}File", f"{MODELS}/{stem}.sav", "application/x-spss-sav")
        for name, stem in names.items()
    )


def dl2(night: str, run: int, part: str) -> tuple[File, ...]:
    """Return what dl1_to_dl2 generates: a merged file that every subrun of the run writes, and its own."""
    folder = f"{DATA}/DL2/{night}/{PROD}/{DL2_PROD}/dl2_LST-1"
    return (
        ("DL2 merged file", "DL2MergedFile", f"{folder}.Run{run:05d}.h5", "application/hdf5"),
        ("DL2 subrun dataset", "DL2SubrunDataset", f"{folder}.{part}.h5", HDF),
    )


def node_system(node: int, *, size: int) -> dict[str, Any]:
    """Return the description of one computing node; padded with packages up to about ``size`` bytes."""
    system: dict[str, Any] = {
        "executable": f"{ENV}/bin/python",
        "platform": {
            "architecture_bits": "64bit", "architecture_linkage": "ELF", "machine": "x86_64", "processor": "",
            "node": f"cp{node:02d}", "version": "#1 SMP Fri May 24 13:05:10 UTC 2024", "system": "Linux",
            "release": "4.18.0-553.el8.x86_64", "libcver": "('glibc', '2.28')", "num_cpus": 32,
            "boot_time": f"2026-11-02T07:{node:02d}:08",
        },
        "python": {
            "version_string": "3.11.7 (main, May  9 2026, 07:35:25) [GCC 12.2.0]", "version": "3.11.7",
            "compiler": "GCC 12.2.0", "implementation": "CPython", "packages": [],
        },
        "environment": {
            "CONDA_DEFAULT_ENV": "osa", "CONDA_PREFIX": ENV, "CONDA_PYTHON_EXE": None, "CONDA_EXE": None,
            "CONDA_PROMPT_MODIFIER": None, "CONDA_SHLVL": None,
            "PATH": f"{ENV}/bin:/usr/local/bin:/usr/bin:/bin",
            "LD_LIBRARY_PATH": None, "DYLD_LIBRARY_PATH": None, "USER": "lstanalyzer",
            "HOME": "/fefs/home/lstanalyzer", "SHELL": "/bin/bash",
        },
    }  # fmt: skip
    generator = random.Random("packages")
    names = iter([*PACKAGES, *(f"types-{name}" for name in PACKAGES)])
    while len(repr(system)) < size - 800 and (name := next(names, None)):
        version = ".".join(str(generator.randrange(20)) for _ in range(3))
        system["python"]["packages"].append(
            {"name": name, "version": version, "path": f"{ENV}/lib/python3.11/site-packages"}
        )
    return system


def tasks(start_night: datetime) -> Iterator[list[Task]]:
    """Yield chains of activities, without end: night after night, calibration first, runs side by side."""
    run, day = 1611, start_night
    while True:
        night = f"{day:%Y%m%d}"
        files = calibration_files(night, run, run + 3)
        yield calibration(night, run, run + 3)
        runs = range(run + 4, run + 4 + RUNS_PER_NIGHT)
        for first in range(0, RUNS_PER_NIGHT, RUNS_AT_ONCE):
            for number in range(SUBRUNS_PER_RUN):
                for one in runs[first : first + RUNS_AT_ONCE]:
                    yield subrun(night, one, number, files)
        run, day = runs[-1] + 1, day + timedelta(days=1)


def records(
    task: Task, system: dict[str, Any], start: str, end: str, activity_id: str
) -> Iterator[dict[str, Any]]:
    """Yield the records of one activity, in the order in which it writes them."""
    tag = {"session_tag": f"{task.step}:{task.session_name}"}
    yield {
        "session_id": task.session_id, "name": task.session_name, "startTime": start,
        "system": system | {"arguments": [task.script, *task.arguments], "start_time_utc": end},
        "observation_date": task.session_id[:8], "software_version": PROD, "config_file": "sequencer.cfg",
        "config_file_hash": "7db06053b6b07376f8f0bfbdb20f0204", "config_file_hash_type": "md5",
        **task.facts, **tag,
    }  # fmt: skip
    yield {
        "activity_id": activity_id, "name": task.step, "startTime": start, "in_session": task.session_id,
        "agent_name": "lstanalyzer", "script": task.script, **tag,
    }  # fmt: skip
    if task.parameters:
        yield {"activity_id": activity_id, "parameters": task.parameters, **tag}
    for relation, files in (("used", task.used), ("generated", task.generated)):
        for role, name, path, media_type in files:
            digest = hashlib.md5(path.encode()).hexdigest()  # the field's logs hash the path
            yield {
                "entity_id": digest, "name": name, "filepath": path, "hash": digest, "hash_type": "md5",
                "type": "File", "contentType": media_type, **tag,
            }  # fmt: skip
            yield {"activity_id": activity_id, f"{relation}_id": digest, f"{relation}_role": role, **tag}
    yield {"activity_id": activity_id, "endTime": end, **tag}


@dataclass
class Job:
    """One of the parallel jobs: its node, its clock and the activities still to do."""

    system: dict[str, Any]
    clock: datetime
    chain: list[Task]

    def burst(self, generator: random.Random) -> list[str]:
        """Do the next activity; return its log lines."""
        start = self.clock
        end = start + timedelta(microseconds=generator.randrange(300_000, 700_000))
        activity_id = f"{generator.randrange(16**6):06x}"
        written = end + timedelta(milliseconds=10)
        lines = []
        for data in records(self.chain.pop(0), self.system, start.isoformat(), end.isoformat(), activity_id):
            lines.append(f"INFO provLogger __PROV__{written.isoformat()}__PROV__{data!r}\n")
            written += timedelta(microseconds=generator.randrange(12, 60))
        self.clock = written
        return lines


def lst_lines(at_least: int, *, seed: int = 1, session_bytes: int = SESSION_BYTES) -> Iterator[str]:
    """Yield the lines of a log of ``at_least`` records (whole activities, so a few more)."""
    generator = random.Random(seed)
    clock = datetime(2026, 11, 22, 7, 36, 13, 348707, tzinfo=UTC).replace(tzinfo=None)
    chains = tasks(datetime(2019, 11, 23, tzinfo=UTC))
    done = 0
    first = Job(node_system(15, size=session_bytes), clock, next(chains))
    while first.chain:
        lines = first.burst(generator)
        done += len(lines)
        yield from lines
    nodes = [node_system(number, size=session_bytes) for number in range(8)]
    jobs = [Job(nodes[number % len(nodes)], first.clock, []) for number in range(JOBS)]
    while done < at_least:
        latest = max(job.clock for job in jobs)
        for number, job in enumerate(jobs):
            job.clock = latest + timedelta(milliseconds=number)
            job.chain = job.chain or next(chains)
        lines = interleave([job.burst(generator) for job in jobs], generator)
        done += len(lines)
        yield from lines


def interleave(bursts: list[list[str]], generator: random.Random) -> list[str]:
    """Mix lists at random; each keeps its own order."""
    turns = [index for index, burst in enumerate(bursts) for _ in burst]
    generator.shuffle(turns)
    sources = [iter(burst) for burst in bursts]
    return [next(sources[turn]) for turn in turns]


def write_lst_log(stream: TextIO, at_least: int, *, seed: int = 1, session_bytes: int = SESSION_BYTES) -> int:
    """Write a log to a text stream; return the number of records."""
    count = 0
    for line in lst_lines(at_least, seed=seed, session_bytes=session_bytes):
        stream.write(line)
        count += 1
    return count


def main() -> None:
    """Write the log that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("records", type=int, help="number of records (whole activities, so a few more)")
    parser.add_argument("-o", "--output", default="-", help="file to write (.gz: compressed)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--session-bytes", type=int, default=SESSION_BYTES, help="size of a session record")
    args = parser.parse_args()
    options = {"seed": args.seed, "session_bytes": args.session_bytes}
    if args.output == "-":
        count = write_lst_log(sys.stdout, args.records, **options)
    else:
        opener = gzip.open if args.output.endswith(".gz") else open
        with opener(args.output, "wt", encoding="utf-8") as stream:
            count = write_lst_log(stream, args.records, **options)
    print(f"{count} records", file=sys.stderr)


if __name__ == "__main__":
    main()
