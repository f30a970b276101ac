"""The vocabularies in ontology/: they parse, use PROV-O rightly, and cite where terms come from."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef

from provrdf.graph import write_nquads
from provrdf.mapping import own_term
from provrdf.model import load_model
from provrdf.sources import read
from provrdf.vocab import PROV as PROV_TERMS
from provrdf.vocab import PROVRDF, VOPROV

ONTOLOGY = Path(__file__).parent.parent / "ontology"
VS = Namespace("http://www.w3.org/2003/06/sw-vocab-status/ns#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
PROV = PROV_TERMS.BASE


def prov_o() -> dict[URIRef, URIRef]:
    """Each PROV-O term with its kind; rdflib's own PROV namespace also holds terms of other notes."""
    lines = (Path(__file__).parent / "data" / "prov-o.txt").read_text().splitlines()
    return {URIRef(PROV + name): OWL[kind] for kind, name in map(str.split, lines[1:])}


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Both vocabularies in one graph."""
    both = Graph()
    for name in ("provrdf.ttl", "voprov.ttl"):
        both.parse(ONTOLOGY / name)
    return both


def _own(graph: Graph) -> set[URIRef]:
    spaces = (PROVRDF.BASE, VOPROV.BASE)
    return {s for s in graph.subjects(RDF.type) if isinstance(s, URIRef) and str(s).startswith(spaces)}


def test_every_prov_term_is_in_prov_o(graph: Graph) -> None:
    """No prov: term is made up."""
    mentioned = {term for triple in graph for term in triple if str(term).startswith(PROV)}
    assert mentioned - set(prov_o()) == set()


def test_prov_terms_have_the_kind_of_prov_o(graph: Graph) -> None:
    """What provrdf calls a class, link or value is one in PROV-O."""
    for term, kind in prov_o().items():
        assert set(graph.objects(term, RDF.type)) <= {kind}, term


def test_no_literal_on_an_object_property(graph: Graph) -> None:
    """Object properties point at IRIs, in the vocabularies themselves too."""
    links = set(graph.subjects(RDF.type, OWL.ObjectProperty))
    wrong = [triple for triple in graph if triple[1] in links and isinstance(triple[2], Literal)]
    assert wrong == []


def test_own_terms_are_complete(graph: Graph) -> None:
    """Every term has one kind, a label, a definition, a status and the ontology that defines it."""
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, URIRef(PROV + "Role")}
    for term in _own(graph):
        assert len(kinds & set(graph.objects(term, RDF.type))) == 1, term
        assert graph.value(term, RDFS.label), term
        assert str(graph.value(term, RDFS.comment)).endswith("."), term
        assert str(graph.value(term, VS.term_status)) in ("stable", "reserved"), term
        assert graph.value(term, RDFS.isDefinedBy) in (
            URIRef(PROVRDF.BASE.rstrip("#")),
            URIRef(VOPROV.BASE.rstrip("#")),
        )


def test_superterms_fit(graph: Graph) -> None:
    """A subclass has a class above it; a link is never below a value."""
    for lower, upper in graph.subject_objects(RDFS.subClassOf):
        assert (lower, RDF.type, OWL.Class) in graph
        assert (upper, RDF.type, OWL.Class) in graph
    for lower, upper in graph.subject_objects(RDFS.subPropertyOf):
        assert graph.value(lower, RDF.type) == graph.value(upper, RDF.type), (lower, upper)


def test_voprov_terms_cite_the_recommendation(graph: Graph) -> None:
    """Each IVOA term names the line and element of the recommendation's VO-DML file, none forgotten."""
    cited: set[str] = set()
    for term in _own(graph):
        if not term.startswith(VOPROV.BASE):
            continue
        sources = [str(source) for source in graph.objects(term, DCTERMS.source)]
        assert sources, term
        for source in sources:
            found = re.fullmatch(r"VO-DML line (\d+), ([A-Za-z]+(?:\.[A-Za-z]+)?)", source)
            assert found, source
            cited.add(found[2])
    assert len({element for element in cited if "." not in element}) == 21, (
        "object types of the recommendation"
    )
    assert len({element for element in cited if "." in element}) == 95, "their attributes and references"


def test_nothing_is_minted_under_ivoa(graph: Graph) -> None:
    """Only the recommendation's names, or those of its known RDF form, are under ivoa.net."""
    extra = {
        "ConfigurationRelation", "isDescribedBy", "isRelatedTo", "qualifiedWasConfiguredBy", "configurator",
        "hadReference", "hadMember",
    }  # fmt: skip
    for term in _own(graph):
        name = str(term).removeprefix(VOPROV.BASE)
        if name != str(term) and name not in extra:
            sources = " ".join(str(source) for source in graph.objects(term, DCTERMS.source))
            assert re.search(rf"\b{name}\b", sources), term


def test_blank_nodes_only_in_property_chains(graph: Graph) -> None:
    """The vocabularies have no nameless node but the lists that OWL asks for."""
    for node in {s for s in graph.subjects() if isinstance(s, BNode)}:
        assert set(graph.predicates(node)) == {RDF.first, RDF.rest}


def _misuses(graph: Graph, data: bytes, unknown: set[str]) -> set[str]:
    """Find terms that are not declared, texts where links should be, and links where texts should be."""
    found = set()
    for quad in pyoxigraph.parse(data, pyoxigraph.RdfFormat.N_QUADS):
        term = URIRef(quad.predicate.value)
        if quad.predicate.value == str(RDF.type):
            kind = quad.object.value
            ours = kind.startswith((PROV, PROVRDF.BASE, VOPROV.BASE))
            if ours and (URIRef(kind), RDF.type, OWL.Class) not in graph:
                found.add(f"class {kind}")
        elif str(term) not in unknown:
            wanted = (
                OWL.DatatypeProperty if isinstance(quad.object, pyoxigraph.Literal) else OWL.ObjectProperty
            )
            if (term, RDF.type, wanted) not in graph:
                found.add(f"{term} as {wanted}")
    return found


@pytest.mark.parametrize("name", ["lst", "gammapy"])
def test_the_examples_use_the_terms_as_declared(graph: Graph, name: str) -> None:
    """Mapped with its model, an example has only declared terms, links where links belong, texts else."""
    folder = ONTOLOGY.parent / "examples" / name
    out = io.BytesIO()
    write_nquads(read(folder / "prov.log"), out, model=load_model(folder / "definition.yaml"))
    assert _misuses(graph, out.getvalue(), set()) == set()


def test_real_logs_use_the_terms_as_declared(graph: Graph, corpus: Path) -> None:
    """The same for real logs; a key that has no row of its own is an open term, and reported."""
    for log in sorted(corpus.glob("*/*.log")):
        out = io.BytesIO()
        summary = write_nquads(read(log, rejects=[]), out)
        unknown = {own_term(key) for _, key in summary.unknown}
        assert _misuses(graph, out.getvalue(), unknown) == set(), log.name
