"""Decorators without a capture of their own: configuration is found, before and after; imports stay light."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from logs import activities, named, parameters, records_of

MODEL = "activities: {step: {parameters: [{name: value, value: value}]}}\n"
PACKAGE = """
from provrdf.capture import activity, provenance, trace

@trace
def step(value):
    return value

@trace()
def unnamed(value):
    return value

@provenance
class Steps:
    def step(self, value):
        return value

def block(value):
    with activity("step", value=value):
        return value
"""


def package(folder: Path, *, model: str | None = "definition.yaml") -> None:
    """Make a package with a step."""
    (folder / "pipe").mkdir()
    (folder / "pipe" / "__init__.py").write_text(PACKAGE)
    if model is not None:
        file = folder / "pipe" / model
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(MODEL)


def path(folder: Path) -> str:
    """Return where modules are looked for: in a folder, then where they are now."""
    return os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))


def python(code: str, folder: Path, **environment: str) -> str:
    """Run some code in a folder."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PROVRDF_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**clean, "PYTHONPATH": path(folder), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


RUN = "import pipe; assert pipe.step(5) == 5 and pipe.unnamed(6) == 6; pipe.Steps().step(7); pipe.block(8)"


@pytest.mark.parametrize(
    "model", ["definition.yaml", "config/definition.yaml", "provenance/config/definition.yml"]
)
def test_files_beside_the_package(tmp_path: Path, model: str) -> None:
    """A model file beside the package, or in its config folder, is enough."""
    package(tmp_path, model=model)
    python(RUN, tmp_path)
    records = records_of(tmp_path / "prov.log")
    assert [one["name"] for one in activities(records).values()] == ["step", "unnamed", "step", "step"]
    assert [record["parameters"] for record in records if "parameters" in record] == [
        {"value": 5},
        {"value": 7},
        {"value": 8},
    ]


def test_logger_and_environment_beside_the_package(tmp_path: Path) -> None:
    """The other two files of the field are found, too."""
    package(tmp_path)
    (tmp_path / "pipe" / "logger.yaml").write_text("PREFIX: __P__\nhandlers: {h: {filename: other.log}}\n")
    (tmp_path / "pipe" / "environment.yaml").write_text("dependencies: []\n")
    python(RUN, tmp_path)
    records = records_of(tmp_path / "other.log", prefix="__P__")
    assert [record["environment_file"] for record in records if "session_id" in record] == [
        str(tmp_path / "pipe" / "environment.yaml")
    ]


def test_nothing_configured_means_nothing_recorded(tmp_path: Path) -> None:
    """Without a model or configuration the decorators do nothing."""
    package(tmp_path, model=None)
    python(RUN, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "__pycache__") == ["pipe"]


@pytest.mark.parametrize("name", ["provrdf.toml", "pyproject.toml"])
def test_a_configuration_in_the_current_directory(tmp_path: Path, name: str) -> None:
    """provrdf.toml or [tool.provrdf] says where the log goes; it wins over what the package brings."""
    package(tmp_path)
    table = "[capture]" if name == "provrdf.toml" else "[tool.provrdf.capture]"
    (tmp_path / name).write_text(f'{table}\nlog = "site.log"\n')
    python(RUN, tmp_path)
    assert parameters(records_of(tmp_path / "site.log"), "unnamed") == {}
    assert not (tmp_path / "prov.log").exists()


def test_a_configuration_by_variable(tmp_path: Path) -> None:
    """PROVRDF_CONFIG wins over the current directory, PROVRDF_LOG over both."""
    package(tmp_path)
    (tmp_path / "provrdf.toml").write_text('[capture]\nlog = "wrong.log"\n')
    (tmp_path / "site.toml").write_text('[capture]\nlog = "site.log"\nagent = "operator"\n')
    python(RUN, tmp_path, PROVRDF_CONFIG="site.toml")
    assert named(records_of(tmp_path / "site.log"), "unnamed")["agent_name"] == "operator"
    python(RUN, tmp_path, PROVRDF_CONFIG="site.toml", PROVRDF_LOG="over.log")
    assert (tmp_path / "over.log").exists()
    assert not (tmp_path / "wrong.log").exists()


def test_a_broken_configuration_is_told(tmp_path: Path) -> None:
    """It does not stop the pipeline; it is said once, on standard error."""
    package(tmp_path)
    (tmp_path / "site.toml").write_text("[capture]\nhash_metod = 'md5'\n")
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path(tmp_path), "PROVRDF_CONFIG": "site.toml"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.count("provenance is not captured") == 1
    assert "did you mean 'hash_method'" in done.stderr


def test_configured_after_the_decorators_ran(tmp_path: Path) -> None:
    """Decorated first, called, then configured, and configured away again."""
    package(tmp_path, model=None)
    (tmp_path / "m.yaml").write_text(MODEL)
    python(
        "import pipe, provrdf.capture as c\n"
        "pipe.step(1); pipe.Steps().step(1)\n"
        "c.configure(model='m.yaml', log='later.log')\n"
        "pipe.step(2); pipe.Steps().step(3); pipe.block(4)\n"
        "c.configure()\n"
        "pipe.step(5)\n"
        "c.configure(c.Capture('m.yaml', log='later.log'))\n"
        "pipe.step(6)\n",
        tmp_path,
    )
    records = records_of(tmp_path / "later.log")
    assert [record["parameters"]["value"] for record in records if "parameters" in record] == [2, 3, 4, 6]
    assert sum("session_id" in record for record in records) == 1


def test_disabled_by_variable(tmp_path: Path) -> None:
    """PROVRDF_DISABLE leaves the very functions in place."""
    package(tmp_path)
    python(RUN + "; assert not hasattr(pipe.step, '__wrapped__')", tmp_path, PROVRDF_DISABLE="1")
    assert not (tmp_path / "prov.log").exists()


def test_importing_capture_is_light() -> None:
    """Neither rdflib nor PyYAML nor anything of this project but capture itself is loaded."""
    loaded = python(
        "import sys; import provrdf.capture; print(*sorted(m for m in sys.modules if not m.startswith('_')))",
        Path.cwd(),
    ).split()
    top = {name.partition(".")[0] for name in loaded}
    assert top <= set(sys.stdlib_module_names) | {"provrdf", "sitecustomize", "usercustomize"} | _at_start()
    assert {name for name in loaded if name.startswith("provrdf")} <= {"provrdf", "provrdf.capture"} | {
        f"provrdf.capture.{name}"
        for name in ("control", "decorators", "defaults", "family", "follow", "inside", "troubles")
    }
    for heavy in ("rdflib", "yaml", "asyncio", "subprocess", "logging", "inspect", "dataclasses", "socket"):
        assert heavy not in set(loaded) - _at_start()


def _at_start() -> set[str]:
    """Modules that this Python loads before any code, for instance for editable installs."""
    return set(python("import sys; print(*sys.modules)", Path.cwd()).split())


def test_importing_capture_is_quick() -> None:
    """Under 30 ms of processor time, the best of a few tries."""
    code = "import time; t = time.process_time(); import provrdf.capture; print(time.process_time() - t)"
    assert min(float(python(code, Path.cwd())) for _ in range(5)) < 0.030


def test_a_whole_run_loads_no_rdf(tmp_path: Path) -> None:
    """Recording needs the standard library and PyYAML, nothing else."""
    package(tmp_path)
    loaded = set(python(RUN + "; import sys; print(*sys.modules)", tmp_path).split()) - _at_start()
    foreign = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    foreign = {name for name in foreign if "cython" not in name}
    assert foreign <= {"provrdf", "pipe", "yaml", "_yaml"}
    assert not {
        name for name in loaded if name in ("provrdf.graph", "provrdf.mapping", "provrdf.vocab", "rdflib")
    }
