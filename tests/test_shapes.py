"""Shapes from a model file: complete, deterministic, plain SHACL Core, in words and with lines."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, SH

from mutations import MODEL
from provrdf.config import Config
from provrdf.errors import FormatError
from provrdf.iris import PROVRDF
from provrdf.model import Model, load_model
from provrdf.report import Severity
from provrdf.shapes import FORMATS, catalogue, patterns, shapes_of, write_shapes
from provrdf.shapes.checks import CHECKS
from provrdf.shapes.ivoa import ivoa_shapes
from provrdf.shapes.shacl import to_graph
from provrdf.shapes.words import STRICT

CHECK = rdflib.URIRef(PROVRDF + "check")


def model_of(source: str, folder: Path) -> Model:
    """Load a model from text."""
    path = folder / "definition.yaml"
    path.write_text(source, "utf-8")
    return load_model(path)


@pytest.fixture
def model(tmp_path: Path) -> Model:
    """Load the model file of the clean pipeline."""
    return model_of(MODEL, tmp_path)


def reported(graph: rdflib.Graph) -> set[rdflib.term.Node]:
    """Shapes that results come from: those with a severity."""
    return set(graph.subjects(SH.severity, None))


def test_every_shape_says_what_it_is(model: Model) -> None:
    """Every shape has an IRI, a check id, a severity and a message; those of the model name its line."""
    graph = shapes_of(model)
    shapes = reported(graph)
    assert len(shapes) == len(catalogue(model)) + len(list(ivoa_shapes()))
    for shape in shapes:
        assert isinstance(shape, rdflib.URIRef)
        (check,) = graph.objects(shape, CHECK)
        (message,) = graph.objects(shape, SH.message)
        assert len(list(graph.objects(shape, SH.severity))) == 1
        if str(check).startswith("model/"):
            assert re.match(r"definition\.yaml(:\d+)?: ", message), message


def test_shacl_core_only(model: Model) -> None:
    """Nothing of SHACL-SPARQL, -JS or -AF is used, and pySHACL finds the shapes well formed."""
    import pyshacl

    terms = {str(p) for p in shapes_of(model).predicates() if str(p).startswith(str(SH))}
    assert not [term for term in terms if re.search("sparql|select|js|rule|expression", term)]
    # Checking the shapes against the shapes of SHACL is slow: one of each form will do.
    forms = {
        re.sub(r"'[^']*'|\d+", "", repr((shape.path, shape.constraint))): shape for shape in catalogue(model)
    }
    some = to_graph(list(forms.values())[::2], base=Config().base)
    conforms, _, words = pyshacl.validate(rdflib.Graph(), shacl_graph=some, meta_shacl=True)
    assert conforms, words


def test_every_check_is_described(model: Model) -> None:
    """The list of checks and the catalogue name the same ids; rules in SPARQL are in the list too."""
    from provrdf.validate.rules import rules

    made = {shape.check for shape in catalogue(model)} | {rule.check for rule in rules()}
    assert made == {check.id for check in CHECKS}


def test_shapes_have_different_names(model: Model) -> None:
    """No two shapes share an IRI, so results can be told apart."""
    shapes = catalogue(model)
    assert len({shape.iri for shape in shapes}) == len(shapes)


@pytest.mark.parametrize("format_", FORMATS)
def test_output_is_the_same_twice(model: Model, format_: str) -> None:
    """The same model file gives the same bytes, in every syntax."""
    first, second = io.BytesIO(), io.BytesIO()
    write_shapes(model, first, format_)
    write_shapes(model, second, format_)
    assert first.getvalue() == second.getvalue()
    assert first.getvalue()


def test_output_does_not_name_the_folder(tmp_path: Path) -> None:
    """Shapes made of the same file in two places are the same."""
    texts = []
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        stream = io.BytesIO()
        write_shapes(model_of(MODEL, tmp_path / name), stream)
        texts.append(stream.getvalue())
    assert texts[0] == texts[1]


def test_unknown_format(model: Model) -> None:
    """An unknown format is refused with the known ones."""
    with pytest.raises(FormatError, match="unknown format 'xml' for shapes: one of turtle"):
        write_shapes(model, io.BytesIO(), "xml")


def test_strict_raises_what_the_model_lacks(model: Model) -> None:
    """Under strict, missing inputs and undeclared names are violations, other warnings stay."""
    plain = {shape.iri: shape for shape in catalogue(model)}
    for shape in catalogue(model, strict=True):
        expected = Severity.VIOLATION if shape.check in STRICT else plain[shape.iri].severity
        assert shape.severity is expected
    assert {shape.check for shape in plain.values()} >= STRICT


def test_without_model() -> None:
    """Without a model file only the general checks are left."""
    assert {shape.check.partition("/")[0] for shape in catalogue(None)} == {"data"}


def test_role_given_twice(tmp_path: Path) -> None:
    """A role that the model file declares twice is one role that takes both kinds."""
    source = """
activities:
  fit:
    usage:
      - {role: model, entityName: Model, multiplicity: 1}
      - {role: model, entityName: SkyModel, multiplicity: 0..2}
entities:
  Model: {type: PythonObject}
"""
    shapes = [shape for shape in catalogue(model_of(source, tmp_path)) if shape.check == "model/role-kind"]
    (shape,) = shapes
    assert shape.expected == "a `Model` or `SkyModel`"
    counts = {
        shape.check: shape.expected
        for shape in catalogue(model_of(source, tmp_path))
        if shape.check in ("model/role-missing", "model/role-repeated")
    }
    assert counts == {
        "model/role-missing": "`model` used at least once",
        "model/role-repeated": "`model` used at most 3 times",
    }


def test_roles_with_odd_names(tmp_path: Path) -> None:
    """Roles that differ in blanks, hyphens or case get shapes and IRIs of their own."""
    source = """
activities:
  step-one:
    usage:
      - {role: "a b"}
      - {role: "a-b"}
      - {role: "a_b"}
      - {role: "A b"}
      - {role: "a  b"}
      - {role: 'quote " and \\ back'}
entities: {}
"""
    shapes = catalogue(model_of(source, tmp_path))
    assert len({shape.iri for shape in shapes}) == len(shapes)
    roles = [shape for shape in shapes if shape.check == "model/role-missing"]
    assert len(roles) == 6
    assert len(shapes_of(model_of(source, tmp_path))) > 0


@pytest.mark.parametrize(
    ("name", "activities"),
    [
        ("lstosa/definition_v0.10.18.yaml", 6),
        ("gammapy/definition.yaml", 6),
        ("logprov/definition.yaml", 5),
        ("seed/definition_gammapy_5dbacf57e_2019-11-14.yaml", None),
        ("seed/definition_lstosa_c3097d93_2020-05-14.yaml", None),
    ],
)
def test_real_model_files(corpus: Path, name: str, activities: int | None) -> None:
    """Real model files of all dialects give shapes that can be read back."""
    graph = shapes_of(load_model(corpus / name))
    steps = {str(o) for o in graph.objects(None, SH.targetClass) if "#Step_" in str(o)}
    assert steps
    if activities is not None:
        assert len(steps) == activities
    again = rdflib.Graph().parse(data=graph.serialize(format="turtle"), format="turtle")
    assert len(again) == len(graph)
    assert set(graph.subjects(RDF.type, SH.NodeShape)) - reported(graph)


@pytest.mark.parametrize(
    ("unit", "right"),
    [
        ("TeV", True),
        ("km/s", True),
        ("10**-12 erg.cm**-2.s**-1", True),
        ("log(Hz)", True),
        ("sqrt(m)/s", True),
        ("m**(3/2)", True),
        ("", True),
        ("%", True),
        ("mas", True),
        ("kpc", True),
        ("m s-1", False),
        ("furlongs", False),
        ("km/s/", False),
        ("erg cm-2", False),
    ],
)
def test_units(unit: str, right: bool) -> None:
    """Units are those of VOUnits."""
    assert bool(re.search(patterns.UNIT, unit)) is right


@pytest.mark.parametrize(
    ("pattern", "text", "right"),
    [
        (patterns.UCD, "pos.eq.ra;meta.main", True),
        (patterns.UCD, "phys.energy", True),
        (patterns.UCD, "energy", False),
        (patterns.UCD, "pos eq", False),
        (patterns.UTYPE, "voprov:Activity.startTime", True),
        (patterns.UTYPE, "not one", False),
        (patterns.ORCID, "https://orcid.org/0000-0002-1825-0097", True),
        (patterns.ORCID, "0000-0002-1825-0097", False),
        (patterns.EMAIL, "a.b@example.org", True),
        (patterns.EMAIL, "a.b", False),
        (patterns.ZONE, "2026-01-01T00:00:00Z", True),
        (patterns.ZONE, "2026-01-01T00:00:00+01:00", True),
        (patterns.ZONE, "2026-01-01T00:00:00", False),
    ],
)
def test_patterns(pattern: str, text: str, right: bool) -> None:
    """UCDs, utypes, ORCIDs, addresses and zones are told from what is none."""
    assert bool(re.search(pattern, text)) is right
