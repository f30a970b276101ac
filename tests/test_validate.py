"""Validation: every mistake is found, with its line in the log and in the model file, and nothing else is."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pyoxigraph
import pyshacl
import pytest
import rdflib
from rdflib.namespace import SH

from mutations import MODEL, MUTATIONS, Case, Mutation, build, clean_records, time
from provrdf.config import Config
from provrdf.errors import ConfigError, UsageError
from provrdf.graph import to_dataset, write_nquads
from provrdf.iris import PROVRDF
from provrdf.model import load_model
from provrdf.records import Record
from provrdf.report import Place, Report, Severity
from provrdf.shapes import catalogue, shapes_of, write_shapes
from provrdf.shapes.checks import CHECKS
from provrdf.shapes.ivoa import ivoa_shapes
from provrdf.shapes.rdf import from_oxigraph, from_rdflib, lexical, to_rdflib
from provrdf.sources import read
from provrdf.validate import ForeignShapes, StoreGraphs, TextGraphs, validate
from provrdf.validate.baseline import read_baseline, write_baseline
from provrdf.validate.graphs import base_of, graphs_of, shared_kind, union
from provrdf.validate.native import COUNTING

ALL = ("model", "prov", "ivoa")
REAL = (
    ("lstosa/night_small.log", "lstosa/definition_v0.10.18.yaml"),
    ("lstosa/night_small.log", "lstosa/definition_main_d63b5adb.yaml"),
    ("gammapy/read.log", "gammapy/definition.yaml"),
    ("gammapy/second_session_crashes.log", "gammapy/definition.yaml"),
    ("logprov/notebook_full.log", "logprov/definition.yaml"),
    ("logprov/tests_asis.log", "logprov/definition.yaml"),
)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Build the pipeline in perfect order."""
    return build(tmp_path_factory.mktemp("clean"))


def real(corpus: Path, log: str, model: str) -> tuple[Case, Report]:
    """Validate a real log."""
    loaded = load_model(corpus / model)
    text = TextGraphs()
    lines: dict[str, tuple[str, int]] = {}
    write_nquads(read(corpus / log, rejects=[]), text, model=loaded, lines=lines)
    case = Case([], "", loaded, text, lines)
    return case, case.report(rules=ALL)


# -- every mistake is found ------------------------------------------------------------------------


def test_clean_pipeline(clean: Case) -> None:
    """Nothing is found where nothing is wrong, by any rule set."""
    report = clean.report(rules=ALL)
    assert [result.message for result in report.results] == []
    assert all(seen.count for seen in report.checked if seen.unseen)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_mutation_is_found(mutation: Mutation, tmp_path: Path) -> None:
    """A mistake is found by its check, with its severity, log line and model line."""
    case = build(tmp_path, mutation)
    found = [result for result in case.report().results if result.check == mutation.check]
    wanted = (mutation.severity, mutation.log_line(case.records), mutation.model_line(case.source))
    places = [(str(result.severity), _line(result.log), _line(result.model)) for result in found]
    assert wanted in places


def _line(place: Place | None) -> int | None:
    return place.line or None if place else None


def test_mutations_cover_the_catalogue() -> None:
    """There is a mutation for every check."""
    assert {mutation.check for mutation in MUTATIONS} == {check.id for check in CHECKS}
    assert len(MUTATIONS) >= 58


@pytest.mark.parametrize(("log", "model"), REAL)
def test_real_logs_have_no_violation(corpus: Path, log: str, model: str) -> None:
    """Real logs of healthy pipelines break no rule."""
    _, report = real(corpus, log, model)
    assert [str(result.message) for result in report.results if result.severity is Severity.VIOLATION] == []
    assert report.exit_code() == 0


def test_real_log_with_mistakes(corpus: Path) -> None:
    """Deleting one usage and one start from a real log gives exactly two kinds of new findings."""
    loaded = load_model(corpus / "lstosa/definition_v0.10.18.yaml")
    records = list(read(corpus / "lstosa/night_small.log"))
    spoiled = [
        record
        for record in records
        if not (
            record.data.get("activity_id") == "6d32a8" and record.data.get("used_role") == "Pedestal file"
        )
    ]
    reports = []
    for each in (records, spoiled):
        text = TextGraphs()
        lines: dict[str, tuple[str, int]] = {}
        write_nquads(each, text, model=loaded, lines=lines)
        reports.append(validate(text, model=loaded, lines=lines, rules=ALL))
    before = {result.fingerprint for result in reports[0].results}
    (new,) = [result for result in reports[1].results if result.fingerprint not in before]
    assert (new.check, new.summary, new.focus_name) == (
        "model/role-missing",
        "`Pedestal file` is missing",
        "r0_to_dl1 of run 01615",
    )
    (group,) = [group for group in reports[1].grouped() if group.check == "model/role-missing"]
    assert group.heading == "`Pedestal file` is missing in 1 of 3 `r0_to_dl1`"


# -- the same verdicts as plain pySHACL ------------------------------------------------------------


def verdicts(report: Report) -> set[tuple[str, str, str | None]]:
    """Collect check, focus and value of all results that come from shapes."""
    return {
        (result.check, result.focus, result.details.get("value"))
        for result in report.results
        if "shape" in result.details
    }


def plain_verdicts(case: Case) -> set[tuple[str, str, str | None]]:
    """Run plain pySHACL on the SHACL of the model file and the union of all graphs."""
    data = rdflib.Graph()
    for name in case.graphs.names():
        for statement in case.graphs.statements(name):
            data.add(tuple(map(to_rdflib, statement.split(" ", 2))))  # type: ignore[arg-type]
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes_of(case.model))
    assert isinstance(results, rdflib.Graph)
    ours = {shape.iri: shape for shape in catalogue(case.model)}
    found = set()
    for result in results.objects(None, SH.result):
        shape = ours.get(str(results.value(result, SH.sourceShape)))
        value = results.value(result, SH.value)
        if shape is not None:  # the IVOA's shapes are compared by themselves
            told = None if value is None or isinstance(shape.constraint, COUNTING) else from_rdflib(value)
            focus = lexical(from_rdflib(results.value(result, SH.focusNode)))
            found.add((shape.check, focus, told))
    return found


def combined(number: int, of: int) -> Mutation:
    """Spoil several things at once: every `of`-th mutation."""
    chosen = MUTATIONS[number::of]

    def spoil(part: str) -> Any:
        return [getattr(each, part) for each in chosen if getattr(each, part) is not None]

    def on_records(records: Any) -> None:
        for change in spoil("records"):
            before = copy.deepcopy(records)
            try:
                change(records)
            except StopIteration:  # another mutation took away what this one wants to change
                records[:] = before

    def on_statements(statements: Any) -> None:
        for change in spoil("statements"):
            before = list(statements.lines)
            try:
                change(statements)
            except (StopIteration, AssertionError):
                statements.lines = before

    return Mutation(
        "several",
        "",
        records=on_records,
        statements=on_statements,
        model=lambda source: source + "\n# spoiled\n",
    )


@pytest.mark.parametrize("number", range(5))
def test_same_verdicts_as_pyshacl_on_mutations(number: int, tmp_path: Path) -> None:
    """On spoiled data, auto says of each node and value what plain pySHACL says."""
    case = build(tmp_path, combined(number, 5))
    found = verdicts(case.report())
    assert found
    assert found == plain_verdicts(case)


@pytest.mark.parametrize(("log", "model"), [REAL[0], REAL[2], REAL[4]])
def test_same_verdicts_as_pyshacl_on_real_logs(corpus: Path, log: str, model: str) -> None:
    """On real logs, auto (graph by graph) says what plain pySHACL says of all graphs together."""
    case, report = real(corpus, log, model)
    assert verdicts(report) == plain_verdicts(case)


@pytest.mark.parametrize("number", range(5))
def test_same_verdicts_as_another_engine(number: int, tmp_path: Path) -> None:
    """The shapes we write mean the same to an engine that is no relative of pySHACL."""
    engine = pytest.importorskip("shacl", reason="the SHACL engine `shacl` is not installed")
    case = build(tmp_path, combined(number, 5))
    with (tmp_path / "shapes.ttl").open("wb") as stream:
        write_shapes(case.model, stream)
    statements = [line for name in case.graphs.names() for line in case.graphs.statements(name)]
    (tmp_path / "data.nt").write_text("".join(f"{line} .\n" for line in statements), "utf-8")
    ours = {shape.iri: shape.check for shape in catalogue(case.model)}
    found = {
        (ours[result.source_shape.strip("<>")], re.sub("_:.*", "_:", result.focus_node.strip("<>")))
        for result in engine.validate(str(tmp_path / "data.nt"), str(tmp_path / "shapes.ttl")).results
        if result.source_shape.strip("<>") in ours
    }
    assert found == {(check, re.sub("_:.*", "_:", focus)) for check, focus, _ in verdicts(case.report())}


def test_engine_pyshacl_gives_the_same_report(tmp_path: Path) -> None:
    """The whole report is the same with either engine."""
    case = build(tmp_path, combined(1, 4))
    fast, reference = (case.report(rules=ALL, engine=engine) for engine in ("auto", "pyshacl"))
    assert fast.results == reference.results
    assert fast.checked == reference.checked


def test_ivoa_shapes_agree_with_ivoa_rules(tmp_path: Path) -> None:
    """The IVOA rules as SHACL find what the rule set ivoa finds, where SHACL Core can say it."""
    case = build(tmp_path, combined(2, 4))
    from provrdf.shapes.shacl import to_graph
    from provrdf.validate.engines import run_pyshacl, to_rdflib_graph
    from provrdf.validate.facts import Facts

    shapes = {shape.iri: shape.check for shape in ivoa_shapes()}
    statements = [line for name in case.graphs.names() for line in case.graphs.statements(name)]
    graph = to_graph(ivoa_shapes(), base=Config().base)
    by_shapes = {
        (shapes[str(found.shape)], found.focus.strip("<>"))
        for found in run_pyshacl(to_rdflib_graph(Facts(statements)), graph)
    }
    by_rules = {
        (r.check, r.focus) for r in case.report(rules=("ivoa",)).results if r.check in shapes.values()
    }
    assert by_shapes == by_rules


# -- words ----------------------------------------------------------------------------------------

PLANTED = (
    "unknown activity",
    "undeclared usage role",
    "missing role with multiplicity",
    "wrong kind used",
    "wrong datatype (text for a number)",
    "above max",
    "not an option",
    "wrong content type",
    "end before start",
    "used without a record",
)
JARGON = re.compile(
    r"https?:|urn:|_:|<[^>]*>|\b(IRI|URI|SHACL|RDF|triple|quad|focus|node|shape|blank|predicate|literal|"
    r"constraint|prov:|voprov:|xsd:|sh:|Violation)\b"
)


@pytest.mark.parametrize("name", PLANTED)
def test_text_needs_no_rdf(name: str, tmp_path: Path) -> None:
    """The text report of a mistake names the thing, both lines and a way out, without a word of RDF."""
    import io

    from provrdf.report import write

    mutation = next(each for each in MUTATIONS if each.name == name)
    case = build(tmp_path, mutation)
    report = case.report(rules=ALL)
    stream = io.BytesIO()
    write(report, stream, "text", color=False)
    text = stream.getvalue().decode().replace(str(tmp_path), "")
    assert not JARGON.search(text), JARGON.search(text)
    assert "--" not in text
    assert f"prov.log:{mutation.log_line(case.records)}" in text
    if mutation.text:
        assert f"definition.yaml:{mutation.model_line(case.source)}" in text
    for result in report.results:
        assert result.focus_name
        assert result.expected
        assert result.suggestion


def test_misspelt_names_are_recognised(tmp_path: Path) -> None:
    """Whoever misspells a name is told which one was meant."""
    wanted = {
        "unknown activity": "calibrate",
        "undeclared usage role": "Dark file",
        "undeclared parameter": "gain",
        "unknown entity": "FlatFile",
    }
    for name, meant in wanted.items():
        mutation = next(each for each in MUTATIONS if each.name == name)
        results = build(tmp_path, mutation).report().results
        (result,) = [result for result in results if result.check == mutation.check]
        assert result.suggestion.startswith(f"did you mean `{meant}`?")


def test_found_says_what_is_there(tmp_path: Path) -> None:
    """A finding says what is there: the value, the file with its kind, the files that are too many."""
    wanted = {
        "above max": "3",
        "wrong kind used": "`Raw file`, run01701.fits (`DarkFile`)",
        "wrong content type": "image/png",
        "two starts": "2026-03-01T02:00:00Z, 2026-03-01T02:01:00Z",
    }
    for name, words in wanted.items():
        mutation = next(each for each in MUTATIONS if each.name == name)
        results = build(tmp_path, mutation).report().results
        assert words in [result.found for result in results if result.check == mutation.check]


def test_other_lines(tmp_path: Path) -> None:
    """Where two records disagree, both lines are given."""
    mutation = next(each for each in MUTATIONS if each.name == "wrong kind used")
    case = build(tmp_path, mutation)
    (result,) = [result for result in case.report().results if result.check == mutation.check]
    assert (result.log, result.other) == (Place("prov.log", 5), (Place("prov.log", 4),))


# -- what is seen ---------------------------------------------------------------------------------


def test_unseen_activity_is_a_warning(tmp_path: Path) -> None:
    """An activity of the model file that never occurs is said once, with its line."""
    case = build(tmp_path)
    records = [record for record in clean_records() if record.get("activity_id") != "bbbbb2"]
    text = TextGraphs()
    write_nquads((Record(None, data, "x", 1) for data in records), text, model=case.model)
    report = validate(text, model=case.model, rules=("model",))
    unseen = [result for result in report.results if result.check == "report/nothing-seen"]
    assert [(result.focus_name, result.model and result.model.line) for result in unseen] == [
        ("select", MODEL.split("\n").index("  select:") + 1)
    ]
    part = validate(text, model=case.model, rules=("model",), whole=False)
    assert "report/nothing-seen" not in {result.check for result in part.results}


def test_counts(tmp_path: Path) -> None:
    """Every check says how many things it looked at."""
    counts = {(seen.check, seen.kind): seen.count for seen in build(tmp_path).report().checked}
    assert counts["model/role-missing", "calibrate"] == 1
    assert counts["data/start-missing", "activity"] == 2
    assert counts["model/content-type", "EventFile"] == 2
    assert counts["model/entity-unknown", "entity"] == 8


# -- what can be validated ------------------------------------------------------------------------


def test_all_kinds_of_datasets_give_the_same(tmp_path: Path) -> None:
    """Text, an Oxigraph store and an rdflib dataset are the same to validation."""
    case = build(tmp_path, combined(0, 6))
    store = pyoxigraph.Store()
    dataset = rdflib.Dataset()
    for name in case.graphs.names():
        for statement in case.graphs.statements(name):
            line = f"{statement} <{name}> .\n"
            store.load(line.encode(), pyoxigraph.RdfFormat.N_QUADS)
            triple = tuple(map(to_rdflib, statement.split(" ", 2)))
            dataset.graph(rdflib.URIRef(name)).add(triple)  # type: ignore[arg-type]
    expected = case.report(rules=ALL).results
    for other in (store, StoreGraphs(store), dataset):
        assert validate(other, model=case.model, lines=case.lines, rules=ALL).results == expected


def test_api_with_to_dataset(tmp_path: Path) -> None:
    """The functions of the package fit together."""
    case = build(tmp_path)
    lines: dict[str, tuple[str, int]] = {}
    records = [Record(None, data, "prov.log", n) for n, data in enumerate(clean_records(), 1)]
    dataset = to_dataset(records, model=case.model, lines=lines)
    assert validate(dataset, model=case.model, lines=lines).clean


def test_one_graph_without_a_name(tmp_path: Path) -> None:
    """Turtle knows no named graphs: everything in one graph is checked all the same."""
    mutation = next(each for each in MUTATIONS if each.name == "unit")
    case = build(tmp_path, mutation)
    graph = rdflib.Graph()
    for name in case.graphs.names():
        for statement in case.graphs.statements(name):
            graph.add(tuple(map(to_rdflib, statement.split(" ", 2))))  # type: ignore[arg-type]
    report = validate(graph, model=case.model, rules=("model",))
    assert [result.check for result in report.results] == ["model/parameter-unit"]


def test_several_processes_give_the_same(corpus: Path) -> None:
    """Two processes find what one finds."""
    case, report = real(corpus, *REAL[0])
    assert case.report(rules=ALL, jobs=2).results == report.results


def test_graphs_wait_on_disk(corpus: Path) -> None:
    """With little memory the graphs go to files, and nothing is lost."""
    case, report = real(corpus, *REAL[0])
    small = TextGraphs(limit=100)
    write_nquads(read(corpus / REAL[0][0]), small, model=case.model)
    assert list(small.names()) == list(case.graphs.names())
    assert validate(small, model=case.model, lines=case.lines, rules=ALL).results == report.results


def test_text_in_pieces() -> None:
    """Text may come cut anywhere."""
    text = TextGraphs()
    for piece in (
        b'<http://a> <http://b> "c',
        b" \xc3",
        b'\xa9" <http://g> .\n<http://a> <http://b> <http://d',
        b"> <http://g> .\n",
    ):
        text.write(piece)
    assert text.statements("http://g") == ['<http://a> <http://b> "c é"', "<http://a> <http://b> <http://d>"]


def test_union_of_sources() -> None:
    """Sources are put together by the names of their graphs."""
    first, second = TextGraphs(), TextGraphs()
    first.add_statement("http://g", "<http://a> <http://b> <http://c>")
    second.add_statement("http://g", "<http://a> <http://b> <http://d>")
    second.add_statement("", "<http://x> <http://y> <http://z>")
    both = union([first, second])
    assert list(both.names()) == ["http://g", ""]
    assert len(both.statements("http://g")) == 2
    assert union([first]) is first


def test_no_dataset() -> None:
    """What is no dataset is refused."""
    with pytest.raises(UsageError, match="cannot validate a list"):
        graphs_of([])  # type: ignore[arg-type]


def test_base_is_found_in_the_data(tmp_path: Path) -> None:
    """Data under another base IRI still meet the shapes of their model file."""
    case = build(tmp_path)
    text = TextGraphs()
    config = Config(base="https://example.org/prov/")
    write_nquads(
        (Record(None, data, "x", 1) for data in clean_records()), text, config=config, model=case.model
    )
    assert base_of(text, case.model) == "https://example.org/prov/"
    assert base_of(TextGraphs(), case.model) is None
    assert validate(text, model=case.model, config=config, rules=("model",)).clean
    assert not validate(text, model=case.model, rules=("model",)).clean


def test_shared_graphs() -> None:
    """Graphs of environments and models are told from those of sessions."""
    assert shared_kind("http://x/graph/environment-0123") == "environment"
    assert shared_kind("http://x/graph/environment--weird") == "environment"
    assert shared_kind("http://x/graph/20260101") is None


def test_terms_go_there_and_back() -> None:
    """Terms keep their text through rdflib and Oxigraph."""
    for term in (
        '"a \\"b\\" \\n \\\\ é"',
        '"01"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"ja"@de',
        time("2026-03-01T02:00:00Z"),
        "<http://x.org/a%20b>",
        "_:b0",
    ):
        assert from_rdflib(to_rdflib(term)) == term
        if not term.startswith("_:"):
            (quad,) = pyoxigraph.parse(
                f"<http://s> <http://p> {term} .".encode(), pyoxigraph.RdfFormat.N_TRIPLES
            )
            assert from_oxigraph(quad.object) == term


# -- choices --------------------------------------------------------------------------------------


def test_only_and_skip(tmp_path: Path) -> None:
    """Checks can be chosen; those left out are not run and not counted."""
    case = build(tmp_path, combined(0, 3))
    everything = {result.check for result in case.report(rules=ALL).results}
    some = case.report(rules=ALL, only=["model/role-*", "data"])
    assert {result.check for result in some.results} == {
        check for check in everything if check.startswith(("model/role-", "data/"))
    }
    assert all(seen.check.startswith(("model/role-", "data/")) for seen in some.checked)
    without = case.report(rules=ALL, skip=["model"])
    assert {result.check for result in without.results} == {
        check for check in everything if not check.startswith(("model/", "report/"))
    }


def test_rules(tmp_path: Path) -> None:
    """Rule sets can be chosen; an unknown one is refused with a guess."""
    case = build(tmp_path, combined(0, 3))
    assert {result.check.partition("/")[0] for result in case.report(rules=("prov",)).results} <= {"prov"}
    with pytest.raises(UsageError, match="unknown rule set 'modle': did you mean 'model'"):
        case.report(rules=("modle",))


def test_unknown_engine(tmp_path: Path) -> None:
    """An unknown engine is refused."""
    with pytest.raises(UsageError, match="unknown engine 'fast': one of auto, native, pyshacl"):
        build(tmp_path).report(engine="fast")


def test_foreign_data_need_not_be_ours(tmp_path: Path) -> None:
    """Without a model, data of any origin are not asked for what only provrdf writes."""
    graph = rdflib.Graph().parse(
        data="""@prefix prov: <http://www.w3.org/ns/prov#> .
        [] a prov:Activity ; prov:used [ a prov:Entity ] .""",
        format="turtle",
    )
    report = validate(graph)
    assert report.rules == ("prov", "ivoa")
    assert not [result for result in report.results if result.check.startswith("data/")]
    general = validate(graph, general=True)
    assert {"data/start-missing", "data/nameless"} <= {result.check for result in general.results}


def test_strict(tmp_path: Path) -> None:
    """Under strict an undeclared role is a violation."""
    mutation = next(each for each in MUTATIONS if each.name == "undeclared usage role")
    case = build(tmp_path, mutation)
    assert case.report().exit_code() == 0
    assert case.report(strict=True).exit_code() == 1


FOREIGN = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix voprov: <http://www.ivoa.net/documents/ProvenanceDM/index.html#> .
@prefix provrdf: <{PROVRDF}> .
@prefix ex: <http://example.org/shapes/> .
ex:Script a sh:NodeShape ; sh:targetClass prov:Activity ;
  sh:property ex:has-script , [ sh:path voprov:name ; sh:pattern "^c" ; sh:severity sh:Warning ] .
ex:has-script sh:path provrdf:script ; sh:minCount 1 ; sh:message "no script is recorded" .
"""


def test_foreign_shapes(tmp_path: Path) -> None:
    """Shapes of somebody else are run besides ours, and reported with names and lines."""
    file = tmp_path / "own.ttl"
    file.write_text(FOREIGN)
    case = build(tmp_path)
    report = case.report(shapes=ForeignShapes.read([file]))
    found = {(r.check, str(r.severity), r.focus_name, r.log and r.log.line) for r in report.results}
    assert found == {
        ("shapes/has-script", "violation", "calibrate of run 01701", 2),
        ("shapes/has-script", "violation", "select of run 01701", 15),
        ("shapes/Pattern", "warning", "select of run 01701", 15),
    }
    for shapes in (file, str(file), rdflib.Graph().parse(file), ForeignShapes.of(rdflib.Graph().parse(file))):
        again = case.report(shapes=shapes)
        assert {result.check for result in again.results} == {"shapes/has-script", "shapes/Pattern"}


@pytest.mark.parametrize(
    "shapes",
    [
        "sh:property [ sh:minCount 1 ]",
        "sh:property [ sh:path prov:used ; sh:minCount 1 , 2 ]",
        "sh:property [ sh:path prov:used ; sh:pattern '(' ]",
        "sh:or 5",
    ],
)
def test_shapes_that_are_none(tmp_path: Path, shapes: str) -> None:
    """Shapes with mistakes are refused, not blamed on the data."""
    text = f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix prov: <http://www.w3.org/ns/prov#> .
        <http://x.org/S> a sh:NodeShape ; sh:targetClass prov:Activity ; {shapes} ."""
    with pytest.raises(UsageError, match="the shapes cannot be used"):
        build(tmp_path).report(shapes=rdflib.Graph().parse(data=text, format="turtle"))


def test_own_shapes_read_back(tmp_path: Path) -> None:
    """The shapes we write, used as somebody else's, keep their check ids."""
    mutation = next(each for each in MUTATIONS if each.name == "above max")
    case = build(tmp_path, mutation)
    report = validate(
        case.graphs, lines=case.lines, shapes=ForeignShapes.of(shapes_of(case.model)), rules=("model",)
    )
    assert "model/parameter-range" in {result.check for result in report.results}


# -- known findings -------------------------------------------------------------------------------


def test_baseline(tmp_path: Path) -> None:
    """Findings of a baseline do not count; an entry without fingerprint stands for all that read the same."""
    import json

    case = build(tmp_path, combined(0, 3))
    report = case.report()
    file = tmp_path / "known.json"
    write_baseline(report, file)
    fresh, known = read_baseline(file).apply(report)
    assert (fresh.count(), known) == (0, report.count())
    content = json.loads(file.read_text())
    content["findings"] = [
        {key: entry[key] for key in ("check", "kind", "summary")} for entry in content["findings"][:1]
    ]
    file.write_text(json.dumps(content))
    fresh, known = read_baseline(file).apply(report)
    first = report.results[0]
    alike = [
        r for r in report.results if (r.check, r.kind, r.summary) == (first.check, first.kind, first.summary)
    ]
    assert known == len(alike)
    assert fresh.count() == report.count() - known


@pytest.mark.parametrize(
    ("content", "reason"),
    [("no json", "is no baseline"), ("[]", "has no list of findings"), (None, "cannot be read")],
)
def test_bad_baseline(tmp_path: Path, content: str | None, reason: str) -> None:
    """What is no baseline is refused, with the way to make one."""
    file = tmp_path / "known.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ConfigError, match=f"{reason}.*--write-baseline"):
        read_baseline(file)


@pytest.mark.parametrize(
    "name",
    ["shapes.rdf", "shapes.words", "validate.graphs", "validate.names", "iris"],
)
def test_examples_in_docstrings(name: str) -> None:
    """The examples in docstrings are true."""
    import doctest
    import importlib

    assert doctest.testmod(importlib.import_module(f"provrdf.{name}")).failed == 0
