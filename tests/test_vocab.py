"""The generated vocabulary, and that the package uses it rightly."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import OWL, RDF, Graph, Literal, Namespace, URIRef

from provrdf.mapping import MAPPING, Moment
from provrdf.vocab import PROV, PROVRDF, VOPROV
from provrdf.vocab import PROVRDF as PROVRDF_TERMS
from provrdf.vocab import VOPROV as VOPROV_TERMS

ROOT = Path(__file__).parent.parent
VS = Namespace("http://www.w3.org/2003/06/sw-vocab-status/ns#")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """Both vocabularies in one graph."""
    graph = Graph()
    for file in (ROOT / "ontology").glob("*.ttl"):
        graph.parse(file)
    return graph


@pytest.fixture(scope="module")
def code() -> str:
    """All code and queries of the package, but for what is generated from the ontology."""
    files = [file for ending in ("*.py", "*.rq") for file in sorted((ROOT / "provrdf").rglob(ending))]
    kept = [file for file in files if file.name not in ("vocab.py", "_context.py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in kept)


def test_a_misspelt_term_raises() -> None:
    """A term that does not exist is an error, not a new term."""
    assert PROVRDF_TERMS.pathHash == PROVRDF.BASE + "pathHash"
    with pytest.raises(AttributeError, match="pathhash"):
        _ = PROVRDF_TERMS.pathhash


def test_vocab_has_every_declared_term(ontology: Graph) -> None:
    """The classes of vocab.py and the ontology have the same terms."""
    for base, terms in ((PROVRDF.BASE, PROVRDF_TERMS), (VOPROV.BASE, VOPROV_TERMS)):
        declared = {str(term) for term in ontology.subjects(RDF.type) if str(term).startswith(base)}
        assert {getattr(terms, name) for name in terms.__annotations__ if name != "BASE"} == declared


def test_generated_files_are_up_to_date() -> None:
    """vocab.py, the JSON-LD context, shapes and README are what .ci/generate makes of their sources."""
    command = [sys.executable, str(ROOT / ".ci" / "generate"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("name", "terms"), [("PROVRDF", PROVRDF), ("VOPROV", VOPROV)])
def test_every_term_in_the_code_is_declared(code: str, ontology: Graph, name: str, terms: object) -> None:
    """No term is written anywhere that the ontology does not know, in Python or in SPARQL."""
    base = terms.BASE  # type: ignore[attr-defined]
    found = set(re.findall(rf"\b{name}\.(\w+)", code)) | set(re.findall(rf"\b{name.lower()}:(\w+)", code))
    declared = {str(term).removeprefix(base) for term in ontology.subjects(RDF.type)}
    assert found - declared - {"BASE"} == set()


def test_every_prov_term_in_the_code_is_in_prov_o(code: str) -> None:
    """No prov: property or class is made up."""
    known = {line.split()[1] for line in (ROOT / "tests/data/prov-o.txt").read_text().splitlines()[1:]}
    assert set(re.findall(r"\bPROV\.(\w+)", code)) - known - {"BASE"} == set()


def test_every_declared_term_is_used_or_reserved(code: str, ontology: Graph) -> None:
    """A term that nothing writes says that it is reserved."""
    moments = {
        rule.predicate for rules in MAPPING.values() for rule in rules.values() if isinstance(rule, Moment)
    }
    unread = {re.split("[#/]", predicate)[-1] for predicate in moments}  # times that could not be read
    for name, terms in (("PROVRDF", PROVRDF), ("VOPROV", VOPROV)):
        for term in ontology.subjects(VS.term_status, Literal("stable")):
            local = str(term).removeprefix(terms.BASE)
            if local != str(term) and not (name == "PROVRDF" and local in unread):
                # Attributes of descriptions are written by their name, as keyword arguments.
                assert re.search(rf"\b(?:{name}\.{local}\b|{name.lower()}:{local}\b|{local}=)", code), term


def test_every_time_has_a_term_for_text(ontology: Graph) -> None:
    """A time that cannot be read is kept under its name in provrdf, which is declared."""
    for rules in MAPPING.values():
        for rule in rules.values():
            if isinstance(rule, Moment):
                local = re.split("[#/]", rule.predicate)[-1]
                assert (URIRef(PROVRDF.BASE + local), RDF.type, OWL.DatatypeProperty) in ontology


def test_prov_terms_are_borrowed(code: str, ontology: Graph) -> None:
    """The JSON-LD context knows each PROV term that is written, so that it has a compact name there."""
    written = (ROOT / "provrdf/mapping.py").read_text() + (ROOT / "provrdf/graph.py").read_text()
    for local in set(re.findall(r"\bPROV\.(\w+)", written)) - {"BASE"}:
        assert (URIRef(PROV.BASE + local), RDF.type, None) in ontology, local
