"""The real logs: counts, edges, rejects against facts that were worked out from the lines alone."""

import io
import json
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest

from provrdf.graph import write_nquads
from provrdf.sources import read

PROV = "http://www.w3.org/ns/prov#"
DCTERMS = "http://purl.org/dc/terms/"
VOPROV = "http://www.ivoa.net/documents/ProvenanceDM/index.html#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SESSION = "https://w3id.org/provrdf/ns#Session"

LOGS = [
    "gammapy/read",
    "gammapy/second_session_crashes",
    "logprov/notebook_full",
    "logprov/tests_asis",
    "lstosa/night_small",
    "seed/gammapy",
    "seed/gammapy_truncated",
    "seed/lstosa",
]


class Counted:
    """An independent count over N-Quads, by logged ids; uses nothing of the package."""

    def __init__(self, text: bytes) -> None:
        self.triples: dict[str, list[tuple[str, str]]] = {}
        for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS):
            self.triples.setdefault(quad.predicate.value, []).append((quad.subject.value, quad.object.value))
        self.ids = dict(self.triples.get(DCTERMS + "identifier", ()))

    def of_type(self, iri: str) -> set[str]:
        """Nodes of a class."""
        return {subject for subject, kind in self.triples[RDF_TYPE] if kind == iri}

    def edges(self, predicate: str) -> set[tuple[str, str]]:
        """Edges between logged ids; an activity stays a node, because logged activity ids repeat."""
        activities = self.of_type(PROV + "Activity")
        name = {subject: subject if subject in activities else self.ids.get(subject) for subject in self.ids}
        return {(name[one], name[other]) for one, other in self.triples.get(PROV + predicate, ())}

    def with_role(self, relation: str, pointer: str) -> set[tuple[str, str, str]]:
        """Qualified edges that have a role, by logged id."""
        roles = dict(self.triples.get(VOPROV + "role", ()))
        pointed = dict(self.triples.get(PROV + pointer, ()))
        return {
            (subject, self.ids[pointed[node]], roles[node])
            for subject, node in self.triples.get(PROV + relation, ())
            if node in roles
        }


def converted(path: Path) -> tuple[bytes, list]:
    """Convert a log; give the text and the rejected lines."""
    rejects: list = []
    text = io.BytesIO()
    write_nquads(read(path, rejects=rejects), text)
    return text.getvalue(), rejects


@pytest.fixture(params=LOGS)
def case(request, corpus):
    """Expected facts of a log, and the log itself converted."""
    name = request.param
    expected = json.loads((corpus / "expected" / f"{name.replace('/', '__')}.json").read_text())
    text, rejects = converted(corpus / f"{name}.log")
    return expected, text, rejects


def test_counts_and_edges_equal_the_expected_ones(case):
    """Distinct activities, sessions, agents and edges are exactly the expected ones."""
    expected, text, _ = case
    counted, distinct = Counted(text), expected["distinct"]
    found = {
        "activities": len(counted.of_type(PROV + "Activity")),
        "sessions": len(counted.of_type(SESSION)),
        "agents": sorted(counted.ids[agent] for agent in counted.of_type(PROV + "Agent")),
        "used_edges": len(counted.edges("used")),
        "used_edges_with_role": len(counted.with_role("qualifiedUsage", "entity")),
        "generated_edges": len(counted.edges("wasGeneratedBy")),
        "member_edges": len(counted.edges("hadMember")),
        "derivation_edges": len(counted.edges("wasDerivedFrom")),
        "activities_with_start": len(counted.triples.get(PROV + "startedAtTime", ())),
        "activities_with_end": len(counted.triples.get(PROV + "endedAtTime", ())),
    }
    assert found == {key: distinct[key] for key in found}


def test_activities_have_the_expected_names(case):
    """Every activity has its step's name, and only those that were logged without one have none."""
    expected, text, _ = case
    counted = Counted(text)
    names = dict(counted.triples.get(VOPROV + "name", ()))
    found = Counter(names.get(activity, "?") for activity in counted.of_type(PROV + "Activity"))
    assert found == expected["activities_per_name"]


def test_exactly_the_unreadable_lines_are_rejected(case):
    """The reject report names as many lines as cannot be read, and no other."""
    expected, _, rejects = case
    assert len(rejects) == expected["unparseable_lines"]


@pytest.mark.parametrize("name", LOGS)
def test_every_logged_id_and_path_is_in_the_rdf(corpus, name):
    """Each id is found as dcterms:identifier and each path as voprov:location."""
    text, _ = converted(corpus / f"{name}.log")
    counted = Counted(text)
    identifiers = {value for _, value in counted.triples[DCTERMS + "identifier"]}
    locations = {value for _, value in counted.triples.get(VOPROV + "location", ())}
    for record in read(corpus / f"{name}.log", rejects=[]):
        for key in (
            "activity_id",
            "entity_id",
            "session_id",
            "used_id",
            "generated_id",
            "member_id",
            "progenitor_id",
        ):
            assert key not in record.data or str(record.data[key]) in identifiers
        for key in ("filepath", "location"):
            assert record.data.get(key) is None or str(record.data[key]) in locations


@pytest.mark.parametrize("name", LOGS)
def test_times_have_an_offset_and_no_line_is_written_twice(corpus, name):
    """Every xsd:dateTime ends with Z, and the text has no duplicate line and no blank node."""
    text, _ = converted(corpus / f"{name}.log")
    lines = text.decode().splitlines()
    assert len(lines) == len(set(lines))
    for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS):
        assert not isinstance(quad.subject, pyoxigraph.BlankNode)
        if isinstance(quad.object, pyoxigraph.Literal) and quad.object.datatype.value.endswith("#dateTime"):
            assert quad.object.value.endswith("Z")
