"""The session's record, privacy, and what the field's own readers make of our logs."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from logs import Records, activities, entities, links, named, parameters, records_of
from provrdf.capture import Capture
from provrdf.capture.environment import batch, version_by_git
from provrdf.capture.redact import Redactor

SECRET = "s3cr3t-Hunter2-XYZ"


def program(code: str, folder: Path, *arguments: str, **environment: str) -> None:
    """Run a pipeline in a folder."""
    (folder / "pipeline.py").write_text(code)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PROVRDF_")}
    done = subprocess.run(
        [sys.executable, "pipeline.py", *arguments],
        cwd=folder,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def session_of(records: Records) -> dict[str, Any]:
    """Return the one session record."""
    (session,) = [record for record in records if "session_id" in record]
    return session


def run_step(tmp_path: Path, **options: Any) -> Records:
    """Record one step, and read the log."""
    capture = Capture(log=tmp_path / "prov.log", **{"git": False, **options})
    # a session of its own: other tests of this process have told theirs to other logs
    with capture.session("test"), capture.activity("step"):
        pass
    return records_of(tmp_path / "prov.log")


def test_the_session_tells_the_system_once(tmp_path: Path) -> None:
    """Platform, Python, packages and arguments are in one record, however many steps there are."""
    capture = Capture(log=tmp_path / "prov.log", git=False)
    with capture.session("night"):
        for _ in range(5):
            with capture.activity("step"):
                pass
    records = records_of(tmp_path / "prov.log")
    session = session_of(records)
    system = session["system"]
    assert system["platform"]["node"] == session["host"] == os.uname().nodename
    assert system["python"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert {"name": "PyYAML", "version": yaml.__version__} in [
        {**package, "name": package["name"].replace("pyyaml", "PyYAML")}
        for package in system["python"]["packages"]
    ]
    assert isinstance(system["arguments"], list)
    assert session["time_zone"] == "UTC"
    assert all("system" not in record for record in records if "session_id" not in record)


def test_times_are_unambiguous(tmp_path: Path) -> None:
    """Every time has its offset, also in a time zone with daylight saving."""
    records = run_step(tmp_path, timezone="Atlantic/Canary")
    step = named(records, "step")
    for moment in (step["startTime"], step["endTime"], session_of(records)["startTime"]):
        parsed = datetime.datetime.fromisoformat(moment)
        assert parsed.utcoffset() in (datetime.timedelta(0), datetime.timedelta(hours=1))
        assert abs((datetime.datetime.now(datetime.UTC) - parsed).total_seconds()) < 60
    assert session_of(records)["time_zone"] == "Atlantic/Canary"


def test_ids_are_full_uuids(tmp_path: Path) -> None:
    """Sessions and activities have whole uuids, six digits are not enough for a night."""
    records = run_step(tmp_path)
    uuid4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
    assert uuid4.match(session_of(records)["session_id"])
    assert all(uuid4.match(identity) for identity in activities(records))


def test_the_environment_file_is_an_entity(tmp_path: Path) -> None:
    """environment.yaml is recorded with its digest, and named by the session."""
    path = tmp_path / "environment.yaml"
    path.write_text("dependencies: [python]\n")
    records = run_step(tmp_path, environment=path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert entities(records)[digest]["filepath"] == str(path)
    assert entities(records)[digest]["name"] == "EnvironmentFile"
    session = session_of(records)
    assert (session["environment_file"], session["environment_file_hash"]) == (str(path), digest)


def test_git_describes_the_version(tmp_path: Path) -> None:
    """The version of the script is what git says of its folder; without a repository nothing is said."""
    assert version_by_git(str(tmp_path)) is None
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "-q"], check=True)
    (tmp_path / "f").write_text("1")
    subprocess.run([*git, "add", "f"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "x"], check=True)
    subprocess.run([*git, "tag", "v1.2.3"], check=True)
    assert version_by_git(str(tmp_path)) == "v1.2.3"
    (tmp_path / "f").write_text("2")
    assert version_by_git(str(tmp_path / ".")) == "v1.2.3-dirty"


def test_batch_jobs_are_told(tmp_path: Path) -> None:
    """SLURM, HTCondor, DIRAC and containers leave their ids in the session."""
    job = tmp_path / "job.ad"
    job.write_text('ClusterId = 77\nProcId = 3\nOwner = "bob"\n')
    found, count = batch(
        Redactor({}),
        {
            "SLURM_JOB_ID": "123",
            "SLURM_ARRAY_TASK_ID": "7",
            "_CONDOR_JOB_AD": str(job),
            "DIRACJOBID": "5",
            "APPTAINER_CONTAINER": "/sif/lst.sif",
            "OTHER": "x",
        },
    )
    assert found.pop("container", None) in (None, "docker", "podman")
    assert (found, count) == (
        {
            "SLURM_JOB_ID": "123",
            "SLURM_ARRAY_TASK_ID": "7",
            "DIRACJOBID": "5",
            "APPTAINER_CONTAINER": "/sif/lst.sif",
            "CONDOR_JOB_ID": "77.3",
        },
        0,
    )


def test_who_and_where_is_not_told_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Environment variables are recorded by an allow-list; more can be asked for."""
    monkeypatch.setenv("HOME", "/home/bob")
    monkeypatch.setenv("NIGHT", "20191123")
    monkeypatch.setenv("LANG", "C.UTF-8")
    recorded = session_of(run_step(tmp_path, env_vars=["NIGHT"]))["system"]["environment"]
    assert (recorded["NIGHT"], recorded["LANG"]) == ("20191123", "C.UTF-8")
    assert "HOME" not in recorded


PLANTED = """
import os
from provrdf.capture import Capture
secret = os.environ["MY_TOKEN"]
open("definition.yaml", "w").write('''
activities:
  step:
    parameters:
      - {name: url, value: url}
      - {name: password, value: password}
      - {name: options, value: options}
      - {name: hidden, value: hidden}
      - {name: environment, value: os.environ.get("MY_TOKEN")}
    usage:
      - {role: remote, entityName: File, value: url}
      - {role: token, entityName: Thing, value: password}
      - {role: ident, entityName: Thing, id: url}
    generation:
      - {role: result, entityName: Thing, value: result}
entities:
  File: {type: File}
  Thing: {type: PythonObject}
''')
capture = Capture("definition.yaml", log="prov.log", env_vars=["PIP_INDEX_URL", "MY_TOKEN"], format=FORMAT)

class Client:
    def __str__(self):
        return f"Client(password={secret!r})"

@capture.trace
def step(url, password, options, hidden):
    return f"Authorization: Bearer {secret}"

with capture.session("s", note=f"https://bob:{secret}@host/"):
    options = {"api_key": secret, "x": [f"token={secret}"]}
    step(f"https://bob:{secret}@host/file.fits?token={secret}", secret, options, Client())
    try:
        with capture.activity("fails"):
            raise OSError(f"cannot reach https://bob:{secret}@host/")
    except OSError:
        pass
"""


@pytest.mark.parametrize("form", ["classic", "jsonl"])
def test_no_planted_secret_reaches_the_log(tmp_path: Path, form: str) -> None:
    """Planted in environment, arguments, parameters, paths, ids, results, messages: it is nowhere."""
    program(
        PLANTED.replace("FORMAT", repr(form)),
        tmp_path,
        "--password",
        SECRET,
        f"--db=postgres://bob:{SECRET}@db/obs",
        MY_TOKEN=SECRET,
        PIP_INDEX_URL=f"https://bob:{SECRET}@pypi.example.org/simple",
    )
    text = (tmp_path / "prov.log").read_text()
    assert SECRET not in text
    assert "Hunter2" not in text
    assert hashlib.sha256(SECRET.encode()).hexdigest() not in text
    if form == "classic":
        records = records_of(tmp_path / "prov.log")
    else:
        records = [json.loads(line)["record"] for line in text.splitlines()]
    assert session_of(records)["redacted"] == 5
    assert parameters(records, "step")["password"] == "[redacted]"
    assert named(records, "fails")["exception_message"] == "cannot reach https://[redacted]@host/"
    assert sum(record.get("redacted", 0) for record in records) >= 12
    assert len(links(records, "used")) == 3


# ---- readers of the field


def field_reader(log: Path, *, prefix: str, start: str | None = None, end: str | None = None) -> list[Any]:
    """Read a log as the readers of lstosa, gammapy and logprov do, by their published behaviour.

    A line is divided at the marker; a line with fewer than two parts is skipped; the last part is read as
    YAML; the part before is the time, which is compared with the bounds as it is, without a zone.
    """
    records = []
    for line in log.read_text().splitlines(keepends=True):
        parts = line.split(prefix)
        if len(parts) < 2:
            continue
        payload, stamp = parts[-1], datetime.datetime.fromisoformat(parts[-2])
        if start is not None and stamp < datetime.datetime.fromisoformat(start):
            continue
        if end is not None and stamp > datetime.datetime.fromisoformat(end):
            continue
        records.append(yaml.safe_load(payload))
    return records


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, Records]:
    """A log with all kinds of records and texts, and the records as Python reads them."""
    (tmp_path / "definition.yaml").write_text(
        "activities:\n  step:\n    parameters: [{name: p, value: p}]\n"
        "    usage: [{role: in, entityName: F, value: path}]\n"
        "    generation:\n      - role: out\n        entityName: F\n        value: path\n"
        "        has_members: {list: parts, entityName: F, id: x}\n"
        "entities:\n  F: {type: File, contentType: application/fits}\n"
    )
    (tmp_path / "it's ü.fits").write_text("x")
    capture = Capture(tmp_path / "definition.yaml", log=tmp_path / "prov.log", git=False)
    with capture.session("s"):
        odd = {"text": "a\n'b' \"c\" __PROV__ é 😀", "small": 1e-07, "list": [1, "01618", True], "": "-"}
        with capture.activity("step", p=odd, path=tmp_path / "it's ü.fits", parts=[{"x": "m:1"}]):
            pass
        with pytest.raises(ValueError, match="x"), capture.activity("step"):
            int("x: {y} # __PROV__")
    return tmp_path / "prov.log", records_of(tmp_path / "prov.log")


def test_the_fields_readers_read_our_log(written: tuple[Path, Records]) -> None:
    """Line by line the same keys and values as Python's own reading; nothing here is None."""
    log, records = written
    assert field_reader(log, prefix="__PROV__") == records
    assert {"session_id", "activity_id", "entity_id"} <= {next(iter(record)) for record in records}


def test_the_fields_readers_select_by_time(written: tuple[Path, Records]) -> None:
    """Their bounds have no zone, so our stamps have none either."""
    log, records = written
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    before, after = ((now + datetime.timedelta(hours=hours)).isoformat() for hours in (-1, 1))
    assert len(field_reader(log, prefix="__PROV__", start=before, end=after)) == len(records)
    assert field_reader(log, prefix="__PROV__", start=after) == []


def test_the_fields_readers_read_our_times(written: tuple[Path, Records]) -> None:
    """startTime and endTime go to `datetime.fromisoformat`, with Python 3.7 and later."""
    for record in field_reader(written[0], prefix="__PROV__"):
        for key in ("startTime", "endTime"):
            if key in record:
                assert datetime.datetime.fromisoformat(record[key]).tzinfo is not None
                assert not record[key].endswith("Z")


def test_logprov_reads_our_log(tmp_path: Path) -> None:
    """With logprov's configuration the log has its marker, and what its converter takes out of sessions."""
    config = {"hash_type": "sha1", "log_filename": str(tmp_path / "prov.log"), "log_args_as_entities": False}
    capture = Capture(config=config, git=False)

    @capture.trace
    def step(first: int, second: int = 2) -> int:
        return first + second

    with capture.session("s"):
        assert step(1) == 3
    read = field_reader(tmp_path / "prov.log", prefix="_PROV_")
    assert read == records_of(tmp_path / "prov.log", prefix="_PROV_")
    assert {"module", "class", "system", "definitions", "startTime"} <= session_of(read).keys()
    assert parameters(read, "step") == {"args.first": 1, "kwargs.second": 2}
    ((_, role, result),) = links(read, "generated")
    assert (role, entities(read)[result].get("name")) == ("result", "result")


def test_logprov_arguments_as_entities(tmp_path: Path) -> None:
    """logprov's default takes arguments for used entities."""
    capture = Capture(config={"log_filename": str(tmp_path / "prov.log"), "log_kwargs": True}, git=False)

    @capture.trace
    def step(first: int, second: int = 2) -> None:
        return None

    with capture.session("s"):
        step(1)
    read = field_reader(tmp_path / "prov.log", prefix="_PROV_")
    assert [role for _, role, _ in links(read, "used")] == ["first"]
    assert parameters(read, "step") == {"kwargs.second": 2}
