"""What a session ran on and in: platform, Python, packages, batch job, version of the script. Told once."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provrdf.capture.redact import Redactor

HARMLESS = (
    *("CONDA_DEFAULT_ENV", "CONDA_PREFIX", "CONDA_PYTHON_EXE", "CONDA_EXE", "CONDA_SHLVL", "VIRTUAL_ENV"),
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "SHELL", "LANG", "TZ"),
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"),
)
"""Environment variables that are recorded; who runs and where they live are not among them."""

BATCH = (
    *(
        "SLURM_JOB_ID",
        "SLURM_JOB_NAME",
        "SLURM_ARRAY_JOB_ID",
        "SLURM_ARRAY_TASK_ID",
        "SLURM_PROCID",
        "SLURM_STEP_ID",
    ),
    *("SLURM_CLUSTER_NAME", "SLURM_JOB_PARTITION", "PBS_JOBID", "LSB_JOBID", "JOB_ID", "SGE_TASK_ID"),
    *("_CONDOR_SLOT", "CONDOR_JOB_ID", "CLUSTER_ID", "DIRACJOBID", "JOBID", "GRID_JOB_ID"),
    *("APPTAINER_CONTAINER", "APPTAINER_NAME", "SINGULARITY_CONTAINER", "SINGULARITY_NAME", "container"),
)
"""Variables that identify a batch job or container."""

_GIT_PATIENCE = 2.0


def system(
    redactor: Redactor, *, names: Sequence[str] = (), packages: bool = True, started: str | None = None
) -> tuple[dict[str, Any], int]:
    """Describe the system, with the keys that the field's readers know.

    Parameters
    ----------
    redactor : Redactor
        Masks secrets in variables and arguments.
    names : sequence of str
        More environment variables to record.
    packages : bool
        List the installed packages.
    started : str, optional
        The time to write as ``start_time_utc``.

    Returns
    -------
    dict, int
        The description, and how many secrets were masked in it.
    """
    variables, masked_variables = _variables((*HARMLESS, *names), redactor)
    arguments, masked_arguments = redactor.arguments(map(str, sys.argv))
    described: dict[str, Any] = {
        "executable": sys.executable,
        "platform": _platform(),
        "python": _python(packages),
        "environment": variables,
        "arguments": arguments,
    }
    if started is not None:
        described["start_time_utc"] = started
    return described, masked_variables + masked_arguments


def batch(redactor: Redactor, environment: Mapping[str, str]) -> tuple[dict[str, Any], int]:
    """Describe the batch job and container this process is in; empty when it is in none."""
    found: dict[str, Any] = {}
    count = 0
    for name in BATCH:
        value = environment.get(name)
        if value:
            found[name], masked = redactor.clean(value)
            count += masked
    job = _condor_job(environment.get("_CONDOR_JOB_AD"))
    if job:
        found["CONDOR_JOB_ID"] = job
    for marker, name in (("/.dockerenv", "docker"), ("/run/.containerenv", "podman")):
        if os.path.exists(marker) and "container" not in found:
            found["container"] = name
    return found, count


def version_by_git(folder: str) -> str | None:
    """Return what ``git describe`` says of a folder; None when there is no repository or no git."""
    if not any(os.path.exists(os.path.join(parent, ".git")) for parent in _parents(folder)):
        return None
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 (git, with a folder)
            ["git", "-C", folder, "describe", "--always", "--dirty", "--tags"],  # noqa: S607
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_GIT_PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None


def login_name() -> str:
    """Return who runs this process."""
    try:
        import pwd

        return pwd.getpwuid(os.geteuid()).pw_name
    except (ImportError, KeyError, OSError):
        return os.environ.get("USER") or os.environ.get("USERNAME") or "unknown"


def script() -> str:
    """Return the path of the script, or what else this process runs."""
    first = sys.argv[0] if sys.argv else ""
    return os.path.abspath(first) if first and first not in ("-c", "-m", "-") else first or sys.executable


def _variables(names: Sequence[str], redactor: Redactor) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    count = 0
    for name in names:
        value = os.environ.get(name)
        if value is not None:
            found[name], masked = redactor.clean(value)
            count += masked
    return found, count


def _platform() -> dict[str, Any]:
    # platform.architecture() and platform.processor() start other programs, unasked
    name = platform.uname()
    return {
        "architecture_bits": "64bit" if sys.maxsize > 2**32 else "32bit",
        "architecture_linkage": "ELF" if name.system == "Linux" else "",
        "machine": name.machine,
        "processor": name.machine,
        "node": name.node,
        "version": name.version,
        "system": name.system,
        "release": name.release,
        "libcver": str(_libc()),
        "num_cpus": os.cpu_count(),
    }


def _libc() -> tuple[str, str]:
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (AttributeError, ValueError, OSError):
        return "", ""
    return name, version


def _python(packages: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "version_string": sys.version,
        "version": platform.python_version(),
        "compiler": platform.python_compiler(),
        "implementation": platform.python_implementation(),
    }
    if packages:
        found = sorted(set(_packages()), key=lambda package: (package[0].lower(), package[1]))
        described["packages"] = [{"name": name, "version": version} for name, version in found]
    return described


def _packages() -> Iterator[tuple[str, str]]:
    """Name the installed packages by their folders: a hundred times faster than by their metadata."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for entry in names:
            if entry.endswith((".dist-info", ".egg-info")):
                name, _, rest = entry.rpartition(".")[0].partition("-")
                version = rest.partition("-")[0]
                if name and version and not name.startswith("~"):
                    yield name.replace("_", "-"), version


def _condor_job(path: str | None) -> str | None:
    """Read the job's number from HTCondor's job description."""
    if not path:
        return None
    numbers: dict[str, str] = {}
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            for line in stream:
                key, _, value = line.partition("=")
                if key.strip() in ("ClusterId", "ProcId"):
                    numbers[key.strip()] = value.strip()
    except OSError:
        return None
    return f"{numbers['ClusterId']}.{numbers.get('ProcId', '0')}" if "ClusterId" in numbers else None


def _parents(folder: str) -> Iterator[str]:
    folder = os.path.abspath(folder)
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
