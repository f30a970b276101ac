"""Log to RDF, whole processes: ``python tests/bench/bench_convert.py [RECORDS ...]``.

Compares, in one run on the same made-up LST-like log,

- ``provrdf convert`` to N-Quads and ``provrdf ingest`` into a new local store, with
- *field*: what the readers of the field do, `yaml.safe_load` of each payload, a document of the package
  `prov`, and its RDF;
- *naive*: `ast.literal_eval`, an rdflib Graph with a plain PROV-O mapping (direct and qualified relations),
  and its N-Triples.

Seconds are processor time (user and system) of the whole process, start-up included; memory is its peak.
The ratios that must hold: at least 50 to *field* and 10 to *naive* for N-Quads, at least 15 to *field* for
the store; the exit code is 1 when one does not. In short logs start-up is most of it, so they fall short; a
night of LST has 5,000 records and more. The field's way takes minutes beyond 20,000 records.
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARKER = "__PROV__"
BASE = "http://example.org/"
REQUIRED = {("provrdf", "field"): 50, ("provrdf", "naive"): 10, ("provrdf, store", "field"): 15}
HERE = Path(__file__).resolve()
MODEL = HERE.parents[2] / "examples/lst/definition.yaml"


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of processor time, peak memory in MB."""

    seconds: float
    memory: float


def cost(command: list[str]) -> Cost:
    """Run a command to its end; it must succeed."""
    pid = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(pid, 0)
    if status:
        message = f"exit code {os.waitstatus_to_exitcode(status)} from {' '.join(command)}"
        raise SystemExit(message)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def commands(log: str, folder: str) -> dict[str, list[str]]:
    """Return the commands to compare, by name."""
    provrdf = [sys.executable, "-m", "provrdf"]
    return {
        "provrdf": [*provrdf, "convert", log, "-q", "-f", "nquads", "-o", f"{folder}/ours.nq"],
        "provrdf, with model": [*provrdf, "convert", log, "-q", "-m", str(MODEL), "-o", f"{folder}/model.nq"],
        "provrdf, store": [
            *provrdf,
            "ingest",
            log,
            "-q",
            "--store",
            f"{folder}/store-{os.path.basename(log)}",
        ],
        "naive": [sys.executable, str(HERE), "--way", "naive", log, f"{folder}/naive.nt"],
        "field": [sys.executable, str(HERE), "--way", "field", log, f"{folder}/field.nq"],
    }


def payloads(path: str, read: Any) -> Iterator[dict[str, Any]]:
    """Read the payload of each line."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield read(line.split(MARKER, 2)[2])


def naive(log: str, output: str) -> None:
    """Map a log with rdflib, as one would at first: one node per relation, direct links beside it."""
    import rdflib

    graph = rdflib.Graph()
    for data in payloads(log, ast.literal_eval):
        if "session_id" in data:
            naive_session(graph, data)
        elif "activity_id" in data:
            naive_activity(graph, data)
        else:
            naive_entity(graph, data)
    graph.serialize(output, format="nt", encoding="utf-8")


def naive_session(graph: Any, data: dict[str, Any]) -> None:
    """Add a session, with every fact in it as text."""
    from rdflib import RDF, RDFS, XSD, Literal, Namespace, URIRef
    from rdflib.namespace import PROV

    site = Namespace(BASE)
    node = URIRef(f"{BASE}session/{data['session_id']}")
    graph.add((node, RDF.type, PROV.Entity))
    graph.add((node, RDFS.label, Literal(data["name"])))
    graph.add((node, PROV.generatedAtTime, Literal(data["startTime"] + "Z", datatype=XSD.dateTime)))
    for key in data.keys() - {"session_id", "name", "startTime"}:
        graph.add((node, site[key], Literal(str(data[key]))))


def naive_activity(graph: Any, data: dict[str, Any]) -> None:
    """Add what one record says of an activity."""
    from rdflib import RDF, RDFS, XSD, Literal, Namespace, URIRef
    from rdflib.namespace import PROV

    site, name = Namespace(BASE), data["activity_id"]
    node = URIRef(f"{BASE}activity/{name}")
    if "startTime" in data:
        graph.add((node, RDF.type, PROV.Activity))
        graph.add((node, RDFS.label, Literal(data["name"])))
        graph.add((node, site.script, Literal(data["script"])))
        graph.add((node, PROV.startedAtTime, Literal(data["startTime"] + "Z", datatype=XSD.dateTime)))
        graph.add((node, PROV.wasInfluencedBy, URIRef(f"{BASE}session/{data['in_session']}")))
        agent, association = URIRef(f"{BASE}agent/{data['agent_name']}"), URIRef(f"{BASE}association/{name}")
        graph.add((agent, RDF.type, PROV.Agent))
        graph.add((node, PROV.wasAssociatedWith, agent))
        graph.add((node, PROV.qualifiedAssociation, association))
        graph.add((association, RDF.type, PROV.Association))
        graph.add((association, PROV.agent, agent))
        graph.add((association, PROV.hadRole, URIRef(f"{BASE}role/Operator")))
    if "endTime" in data:
        graph.add((node, PROV.endedAtTime, Literal(data["endTime"] + "Z", datatype=XSD.dateTime)))
    for key, value in data.get("parameters", {}).items():
        parameter = URIRef(f"{BASE}parameter/{name}.{key}")
        graph.add((parameter, RDF.type, PROV.Entity))
        graph.add((parameter, RDFS.label, Literal(key)))
        graph.add((parameter, PROV.value, Literal(value)))
        graph.add((node, PROV.used, parameter))
    for relation in {"used_id", "generated_id"} & data.keys():
        naive_relation(graph, node, data, relation)


def naive_relation(graph: Any, node: Any, data: dict[str, Any], relation: str) -> None:
    """Add a usage or generation: the direct link and a node with the role."""
    from rdflib import RDF, Literal, URIRef
    from rdflib.namespace import PROV

    used = relation == "used_id"
    entity = URIRef(f"{BASE}entity/{data[relation]}")
    link = URIRef(f"{BASE}{relation[:-3]}/{data['activity_id']}.{data[relation]}")
    role = data[relation.replace("_id", "_role")]
    subject, other = (node, entity) if used else (entity, node)
    graph.add((subject, PROV.used if used else PROV.wasGeneratedBy, other))
    graph.add((subject, PROV.qualifiedUsage if used else PROV.qualifiedGeneration, link))
    graph.add((link, RDF.type, PROV.Usage if used else PROV.Generation))
    graph.add((link, PROV.entity if used else PROV.activity, other))
    graph.add((link, PROV.hadRole, URIRef(f"{BASE}role/{role.replace(' ', '_')}")))
    graph.add((link, URIRef(f"{BASE}role"), Literal(role)))


def naive_entity(graph: Any, data: dict[str, Any]) -> None:
    """Add a file."""
    from rdflib import DCTERMS, RDF, RDFS, Literal, Namespace, URIRef
    from rdflib.namespace import PROV

    site = Namespace(BASE)
    node = URIRef(f"{BASE}entity/{data['entity_id']}")
    graph.add((node, RDF.type, PROV.Entity))
    graph.add((node, RDFS.label, Literal(data["name"])))
    graph.add((node, DCTERMS.identifier, Literal(data["entity_id"])))
    graph.add((node, DCTERMS.type, Literal(data["type"])))
    graph.add((node, DCTERMS.format, Literal(data["contentType"])))
    graph.add((node, PROV.atLocation, URIRef(f"file://{data['filepath']}")))
    graph.add((node, site.hash, Literal(data["hash"])))


def field(log: str, output: str) -> None:
    """Map a log as the field's readers do: YAML, a `prov` document, its RDF."""
    import yaml
    from prov.model import ProvDocument

    document = ProvDocument()
    document.set_default_namespace(BASE)
    for prefix in ("session", "activity", "entity", "agent", "parameters", "system"):
        document.add_namespace(prefix, f"{BASE}{prefix}/")
    records: dict[str, Any] = {}
    for data in payloads(log, yaml.safe_load):
        if "session_id" in data:
            field_session(document, records, data)
        elif "activity_id" in data:
            field_activity(document, records, data)
        else:
            field_entity(document, records, data)
    document.serialize(output, format="rdf", rdf_format="nquads")


def field_session(document: Any, records: dict[str, Any], data: dict[str, Any]) -> None:
    """Add a session once, with the platform and the Python it ran on."""
    name = f"session:{data['session_id']}"
    if name in records:
        return
    facts = {
        "prov:label": data["name"],
        "prov:type": "ExecutionSession",
        "prov:generatedAtTime": data["startTime"],
    }
    records[name] = document.entity(name, facts)
    system = data["system"]
    facts = {f"system:{key}": str(value) for key, value in system["platform"].items()}
    facts |= {f"system:{key}": str(value)[:50] for key, value in system["environment"].items()}
    document.entity(f"system:{data['session_id']}", facts)
    document.influence(name, f"system:{data['session_id']}")


def field_activity(document: Any, records: dict[str, Any], data: dict[str, Any]) -> None:
    """Add what one record says of an activity."""
    name = f"activity:{data['activity_id']}"
    if name not in records:
        records[name] = document.activity(name)
    activity = records[name]
    if "startTime" in data:
        activity.set_time(startTime=moment(data["startTime"]))
        activity.add_attributes({"prov:label": data["name"], "script": data["script"]})
        document.influence(name, f"session:{data['in_session']}")
        agent = f"agent:{data['agent_name']}"
        if agent not in records:
            records[agent] = document.agent(agent)
        activity.wasAssociatedWith(records[agent], attributes={"prov:role": "Operator"})
    if "endTime" in data:
        activity.set_time(endTime=moment(data["endTime"]))
    if "parameters" in data:
        facts = {f"parameters:{key}": str(value)[:50] for key, value in data["parameters"].items()}
        parameters = document.entity(
            f"parameters:{data['activity_id']}", {"prov:type": "Parameters", **facts}
        )
        activity.used(parameters, attributes={"prov:type": "Setup"})
    if "used_id" in data:
        used = field_known(document, records, data["used_id"])
        activity.used(used, attributes={"prov:role": data["used_role"]})
    if "generated_id" in data:
        generated = field_known(document, records, data["generated_id"])
        generated.wasGeneratedBy(activity, attributes={"prov:role": data["generated_role"]})


def field_known(document: Any, records: dict[str, Any], logged: str) -> Any:
    """Return the entity of a logged id."""
    name = f"entity:{logged}"
    if name not in records:
        records[name] = document.entity(name)
    return records[name]


def field_entity(document: Any, records: dict[str, Any], data: dict[str, Any]) -> None:
    """Add a file."""
    entity = field_known(document, records, data["entity_id"])
    entity.add_attributes(
        {"prov:label": data["name"], "prov:type": data["type"], "prov:location": data["filepath"]}
    )
    entity.add_attributes({"contentType": data["contentType"], "hash": data["hash"]})


def moment(text: str | dt.datetime) -> dt.datetime:
    """Read a time, which YAML may have read already."""
    return text if isinstance(text, dt.datetime) else dt.datetime.fromisoformat(text)


def compare(records: int) -> bool:
    """Make a log, run every way on it, print a table; return whether the ratios hold."""
    with tempfile.TemporaryDirectory() as folder:
        log = f"{folder}/{records}.log"
        cost([sys.executable, str(HERE.with_name("make_lst_log.py")), str(records), "-o", log])
        costs = {name: cost(command) for name, command in commands(log, folder).items()}
    print(f"\n{records} records")
    print(f"{'':22}{'s':>8}{'records/s':>11}{'MB':>6}{'x field':>9}{'x naive':>9}")
    for name, each in costs.items():
        ratios = [costs[other].seconds / each.seconds for other in ("field", "naive")]
        told = "".join(f"{ratio:9.1f}" for ratio in ratios)
        print(f"{name:22}{each.seconds:8.2f}{records / each.seconds:11.0f}{each.memory:6.0f}{told}")
    held = [holds(costs, *pair, least) for pair, least in REQUIRED.items()]
    return all(held)


def holds(costs: dict[str, Cost], ours: str, other: str, least: int) -> bool:
    """Say whether one ratio is as large as it must be."""
    ratio = costs[other].seconds / costs[ours].seconds
    word = "holds" if ratio >= least else "DOES NOT HOLD"
    print(f"{ours} is {ratio:.1f} times as fast as {other}, at least {least} asked for: {word}")
    return ratio >= least


def main() -> int:
    """Compare at each size."""
    parser = argparse.ArgumentParser(description="log to RDF against the ways of the field, in one run")
    parser.add_argument("records", type=int, nargs="*", default=[20_000])
    parser.add_argument("--way", nargs=3, metavar=("WAY", "LOG", "OUTPUT"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.way:
        way, log, output = args.way
        {"naive": naive, "field": field}[way](log, output)
        return 0
    held = [compare(records) for records in args.records]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
