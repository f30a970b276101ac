"""Model files of the field, unchanged, drive functions of the same names; the log says what theirs says."""

from __future__ import annotations

import ast
import os
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from logs import Records, activities, edges, entities, links, named, parameters, records_of
from provrdf.capture import Capture

LSTOSA_STEPS = ("drs4_pedestal", "calibrate_charge", "r0_to_dl1", "dl1ab", "dl1_datacheck", "dl1_to_dl2")


def real(log: Path) -> Records:
    """Read a real log; a path in it that is no literal is left out."""
    records = []
    for line in log.read_text().splitlines():
        if "__PROV__" in line:
            payload = line.split("__PROV__")[2].replace("PosixPath('dl3')", "'dl3'")
            records.append(ast.literal_eval(payload))
    return records


def shape(records: Records) -> Counter[tuple[Any, ...]]:
    """Count what activities there are, by name, usages and generations with role and file."""
    used, generated = links(records, "used"), links(records, "generated")
    return Counter(
        (
            activity["name"],
            frozenset((role, thing) for step, role, thing in used if step == identity),
            frozenset((role, thing) for step, role, thing in generated if step == identity),
        )
        for identity, activity in activities(records).items()
    )


def lstosa_step(name: str) -> Any:
    """Make a stand-in for a step of lstosa: it is given its files by the names of the model."""

    def step(**files: Any) -> str:
        return name

    step.__name__ = step.__qualname__ = name
    return step


def lstosa_files(log: Records, model: Any, identity: str) -> dict[str, Any]:
    """Find the files of one real activity under the names that the model gives their values."""
    things = entities(log)
    step = model.activities[activities(log)[identity]["name"]]
    files = {}
    for kind, port in (("used", step.usage), ("generated", step.generation)):
        for activity, role, thing in links(log, kind):
            if activity == identity:
                files[port(role).value] = things[thing]["filepath"]
    return files


@pytest.fixture
def lstosa_log(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Records, Records]:
    """The real log of lstosa, and ours of the same night with its own model and logging files."""
    from provrdf.model import load_model

    monkeypatch.chdir(tmp_path)
    theirs = real(corpus / "lstosa" / "night_small.log")
    file = corpus / "lstosa" / "definition_v0.10.18.yaml"
    model = load_model(file)
    capture = Capture(file, config=corpus / "lstosa" / "logger.yaml")
    capture.check()
    steps = {name: capture.trace(lstosa_step(name)) for name in LSTOSA_STEPS}
    for identity, activity in activities(theirs).items():
        name = activity["name"]
        with capture.session(activity["session_tag"].split(":")[1], id=activity["in_session"]):
            steps[name](**lstosa_files(theirs, model, identity), StoreImage=True)
    return theirs, records_of(tmp_path / "prov.log")


def test_lstosa_same_activities_and_edges(lstosa_log: tuple[Records, Records]) -> None:
    """Same steps, the same files in the same roles, under the same ids: MD5 of the path, as configured."""
    theirs, ours = lstosa_log
    assert shape(ours) == shape(theirs)


def test_lstosa_same_entities(lstosa_log: tuple[Records, Records]) -> None:
    """Files have the names, types and paths that lstosa gave them."""
    theirs, ours = lstosa_log
    keys = ("name", "filepath", "hash", "hash_type", "type", "contentType")
    assert {key: [one.get(k) for k in keys] for key, one in entities(ours).items()} == {
        key: [one.get(k) for k in keys] for key, one in entities(theirs).items()
    }


def test_lstosa_same_sessions(lstosa_log: tuple[Records, Records]) -> None:
    """Sessions keep the ids of the pipeline, and are told once."""
    theirs, ours = lstosa_log
    assert {record["session_id"] for record in theirs if "session_id" in record} == {
        record["session_id"] for record in ours if "session_id" in record
    }
    assert sum("session_id" in record for record in ours) == 2
    assert {one["in_session"] for one in activities(ours).values()} == {"0161101614", "2019112301615"}


def test_lstosa_same_parameters(lstosa_log: tuple[Records, Records]) -> None:
    """Parameters are the same."""
    theirs, ours = lstosa_log
    assert [record["parameters"] for record in ours if "parameters" in record] == [
        record["parameters"] for record in theirs if "parameters" in record
    ]


class Json(SimpleNamespace):
    """A piece of gammapy's configuration."""

    def json(self) -> str:
        """Give it as JSON, as pydantic does."""
        return "{}"


class Things:
    """A container of gammapy: not a list, but it has one inside, under the name that the model asks for."""

    def __init__(self, inside: str, things: list[Any]) -> None:
        setattr(self, inside, things)
        self.models: Any = None


def analysis(capture: Capture) -> Any:
    """Make a stand-in for gammapy's Analysis, with its methods and attributes."""

    @capture.provenance
    class Analysis:
        def __init__(self, folder: Path) -> None:
            self.config = SimpleNamespace(
                observations=SimpleNamespace(
                    datastore=folder / "dl3",
                    obs_file=None,
                    obs_ids=[23523, 23526],
                    obs_cone=Json(),
                    obs_time=Json(),
                ),
                datasets=SimpleNamespace(
                    stack=True,
                    type="3d",
                    geom=Json(),
                    map_selection=["counts"],
                    background=Json(exclusion=None),
                    safe_mask=Json(),
                    on_region=Json(),
                    containment_correction=True,
                ),
                fit=SimpleNamespace(fit_range=Json()),
                flux_points=SimpleNamespace(source="crab", energy=Json(), params=None),
            )
            self.datasets: Any = None
            self.observations: Any = None
            self.fit: Any = None
            self.fit_result: Any = None
            self.flux_points: Any = None

        @property
        def models(self) -> Any:
            return self.datasets.models

        def get_observations(self) -> None:
            found = [
                SimpleNamespace(obs_id=number, _events_hdu=None) for number in (23523, 23526, 23559, 23592)
            ]
            self.observations = Things("_observations", found)

        def get_datasets(self) -> None:
            self.datasets = Things("_datasets", [SimpleNamespace(name="stacked")])

        def read_models(self, path: str, extend: bool = True) -> None:
            self.set_models(SimpleNamespace(path=path))

        def set_models(self, models: Any) -> None:
            self.datasets.models = Things("parts", [models])

        def run_fit(self) -> None:
            self.fit, self.fit_result = Json(), Json()

        def get_flux_points(self) -> None:
            self.flux_points = Json()

        def close(self) -> str:
            return "not in the model"

    return Analysis


@pytest.fixture
def gammapy_log(corpus: Path, tmp_path: Path) -> tuple[Records, Records]:
    """The real log of gammapy's Analysis, and ours of a stand-in, with its own model file."""
    (tmp_path / "dl3").mkdir()
    (tmp_path / "dl3" / "obs-index.fits.gz").write_bytes(b"index")
    capture = Capture(corpus / "gammapy" / "definition.yaml", log=tmp_path / "prov.log", hash_method="md5")
    capture.check()
    run = analysis(capture)(tmp_path)
    run.get_observations()
    run.get_datasets()
    run.read_models(path="model.yaml")
    run.run_fit()
    run.get_flux_points()
    assert run.close() == "not in the model"
    return real(corpus / "gammapy" / "read.log"), records_of(tmp_path / "prov.log")


def test_gammapy_same_edges(gammapy_log: tuple[Records, Records]) -> None:
    """Same activities use and generate entities of the same names in the same roles."""
    theirs, ours = gammapy_log
    assert edges(ours) == edges(theirs)
    assert sorted(one["name"] for one in activities(ours).values()) == sorted(
        one["name"] for one in activities(theirs).values()
    )


def test_gammapy_members(gammapy_log: tuple[Records, Records]) -> None:
    """Members are found by the model's paths, ids with the model's namespace."""
    theirs, ours = gammapy_log
    assert sorted(record["member_id"] for record in ours if "member_id" in record) == sorted(
        record["member_id"] for record in theirs if "member_id" in record
    )


def test_gammapy_lineage_reaches_the_data(gammapy_log: tuple[Records, Records]) -> None:
    """From the flux points one comes back to the data store."""
    _, ours = gammapy_log
    made = {thing: step for step, _, thing in links(ours, "generated")}
    used = [(step, thing) for step, _, thing in links(ours, "used")]
    derived = [(one["entity_id"], one["progenitor_id"]) for one in ours if "progenitor_id" in one]
    names = {key: one.get("name") for key, one in entities(ours).items()}
    todo = [key for key, name in names.items() if name == "FluxPointsDataset"]
    seen: set[str] = set()
    while todo:
        thing = todo.pop()
        if thing not in seen:
            seen.add(thing)
            todo += [other for step, other in used if step == made.get(thing)]
            todo += [before for after, before in derived if after == thing]
    assert "DataStore" in {names[thing] for thing in seen}


def test_gammapy_nested_call_has_its_parent(gammapy_log: tuple[Records, Records]) -> None:
    """set_models runs inside read_models, and says so; in gammapy's own log that is lost."""
    _, ours = gammapy_log
    assert named(ours, "set_models")["parent_id"] == named(ours, "read_models")["activity_id"]


def test_gammapy_parameters(gammapy_log: tuple[Records, Records]) -> None:
    """Values come from calls such as json(), attributes, and arguments whichever way they were given."""
    _, ours = gammapy_log
    assert parameters(ours, "read_models") == {"filename": "model.yaml"}
    assert parameters(ours, "get_observations")["obs_cone"] == "{}"
    assert parameters(ours, "get_observations")["obs_ids"] == [23523, 23526]
    assert parameters(ours, "get_datasets")["stack"] is True


@pytest.mark.parametrize(
    "name", ["logprov/definition.yaml", "seed/definition_gammapy_5dbacf57e_2019-11-14.yaml"]
)
def test_every_dialect_loads(corpus: Path, tmp_path: Path, name: str) -> None:
    """The other dialects make plans, too; every value path in them is read."""
    messages: list[str] = []
    capture = Capture(corpus / name, log=tmp_path / "prov.log")
    capture.troubles.warn = messages.append  # type: ignore[method-assign]
    capture.check()
    plan = capture.plan("get_observations")
    assert plan is not None
    assert plan.generations[0].members is not None
    assert messages == []
    assert os.listdir(tmp_path) == []
