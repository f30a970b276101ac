"""Write the small graphs that sessions share: environments and the model. Each is named by its content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from provrdf import iris
from provrdf._compile import Graph
from provrdf._names import Tails, iri_tail, literal_tail
from provrdf.iris import graph_iri, key
from provrdf.mapping import TYPES
from provrdf.nquads import literal, string
from provrdf.vocab import PROV, PROVRDF, RDF, RDFS, VOPROV

if TYPE_CHECKING:
    from provrdf.model import ActivityDescription, EntityDescription, Model, ParameterDescription, Port


def write_environment(
    digest: str, content: Mapping[str, Any], base: str, write: Callable[[str], object]
) -> None:
    """Write one environment: its whole content as JSON, and what people ask for as terms of its own."""
    iri = f"{base}environment/{digest}"
    graph = Graph(graph_iri(f"environment-{digest}", base), write, None)
    graph.tell(graph_iri(f"environment-{digest}", base), [iri_tail(RDF.type, PROV.Bundle)])
    tails = [iri_tail(RDF.type, kind) for kind in TYPES["environment"]]
    tails.append(literal_tail(PROV.value, literal(dict(content))))
    tails += [literal_tail(predicate, literal(value)) for predicate, value in _headlines(content)]
    for name, version in sorted(_packages(content)):
        package, described = _package(name, version, base)
        tails.append(iri_tail(PROVRDF.package, package))
        graph.tell(package, described)
    graph.tell(iri, tails)


@lru_cache(maxsize=4096)
def _package(name: str, version: str, base: str) -> tuple[str, Tails]:
    """Name and describe a package; most environments have most of them in common."""
    return f"{base}package/{key(name, version)}", (
        iri_tail(RDF.type, PROV.Entity),
        iri_tail(RDF.type, PROVRDF.Package),
        literal_tail(VOPROV.name, string(name)),
        literal_tail(VOPROV.version, string(version)),
        literal_tail(RDFS.label, string(f"{name} {version}")),
    )


def _headlines(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the few facts that are asked for by name: executable, Python version, host."""
    python, platform = content.get("python"), content.get("platform")
    found = {
        PROVRDF.executable: content.get("executable"),
        PROVRDF.pythonVersion: python.get("version") if isinstance(python, dict) else None,
        PROVRDF.host: platform.get("node") if isinstance(platform, dict) else None,
    }
    for predicate, value in found.items():
        if isinstance(value, str) and value:
            yield predicate, value


def _packages(content: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Collect installed packages, from a list of {name, version} or a dictionary name -> version."""
    python = content.get("python")
    listed = python.get("packages") if isinstance(python, dict) else None
    found = set()
    for package in listed if isinstance(listed, list) else ():
        if isinstance(package, dict) and package.get("name") and package.get("version"):
            found.add((str(package["name"]), str(package["version"])))
    for source in (listed, content.get("dependencies")):
        if isinstance(source, dict):
            found |= {
                (str(name), str(version)) for name, version in source.items() if version != "not installed"
            }
    return found


def write_model(model: Model, base: str, write: Callable[[str], object]) -> None:
    """Write what the model file declares, in the words of the IVOA model (section "Activity description")."""
    iri = graph_iri(f"model-{model.sha256[:12]}", base)
    graph = Graph(iri, write, None)
    graph.tell(iri, [iri_tail(RDF.type, PROV.Bundle)])
    for activity in model.activities.values():
        _activity(activity, model, base, graph)
    for entity in model.entities.values():
        _entity(entity, model, base, graph)


def _types(types: Iterable[str], label: str) -> list[str]:
    """Say what something is, and how to call it."""
    return [*(iri_tail(RDF.type, name) for name in types), literal_tail(RDFS.label, string(label))]


def _texts(graph: Graph, subject: str, **values: Any) -> None:
    """Write the attributes that are given; their names are the IVOA's."""
    for name, value in values.items():
        if value is not None:
            graph.tell(subject, [literal_tail(getattr(VOPROV, name), literal(value))])


def _activity(activity: ActivityDescription, model: Model, base: str, graph: Graph) -> None:
    iri = iris.model_activity(base, model.sha256, activity.name)
    types = (PROV.Entity, PROV.Plan, VOPROV.ActivityDescription)
    graph.tell(iri, _types(types, activity.name))
    _texts(
        graph,
        iri,
        name=activity.name,
        description=activity.description,
        type=activity.type,
        subtype=activity.subtype,
        version=activity.version,
        docurl=activity.docurl,
    )
    if activity.contact:
        graph.tell(iri, [literal_tail(PROVRDF.contact, string(activity.contact))])
    step = iris.model_step(base, model.sha256, activity.name)
    graph.tell(
        step, [iri_tail(RDFS.subClassOf, PROV.Activity), literal_tail(RDFS.label, string(activity.name))]
    )
    for port in activity.ports:
        _port(port, activity, model, base, graph)
    for parameter in activity.parameters:
        _parameter(parameter, activity, model, base, graph)


def _port(port: Port, activity: ActivityDescription, model: Model, base: str, graph: Graph) -> None:
    mint, kind = (
        (iris.model_usage, VOPROV.UsageDescription)
        if port.kind == "usage"
        else (iris.model_generation, VOPROV.GenerationDescription)
    )
    iri = mint(base, model.sha256, activity.name, port.role)
    graph.tell(
        iri,
        [
            *_types((PROV.Role, PROV.Entity, kind), port.role),
            iri_tail(VOPROV.isRelatedTo, iris.model_activity(base, model.sha256, activity.name)),
        ],
    )
    if port.entity:
        graph.tell(iri, [iri_tail(VOPROV.isRelatedTo, iris.model_entity(base, model.sha256, port.entity))])
    multiplicity = None if port.multiplicity is None else str(port.multiplicity)
    _texts(
        graph, iri, role=port.role, description=port.description, type=port.type, multiplicity=multiplicity
    )


def _parameter(
    parameter: ParameterDescription, activity: ActivityDescription, model: Model, base: str, graph: Graph
) -> None:
    iri = iris.model_parameter(base, model.sha256, activity.name, parameter.name)
    graph.tell(
        iri,
        [
            *_types((PROV.Entity, VOPROV.ParameterDescription), parameter.name),
            iri_tail(VOPROV.isRelatedTo, iris.model_activity(base, model.sha256, activity.name)),
        ],
    )
    _texts(
        graph,
        iri,
        name=parameter.name,
        description=parameter.description,
        valueType=parameter.value_type,
        unit=parameter.unit,
        ucd=parameter.ucd,
        utype=parameter.utype,
        min=parameter.min,
        max=parameter.max,
        default=list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default,
    )
    for option in parameter.options:
        _texts(graph, iri, options=option)


def _entity(entity: EntityDescription, model: Model, base: str, graph: Graph) -> None:
    iri = iris.model_entity(base, model.sha256, entity.name)
    types = [PROV.Entity, VOPROV.EntityDescription]
    if entity.content_type:
        types.append(VOPROV.DatasetDescription)
    graph.tell(iri, _types(types, entity.name))
    _texts(
        graph,
        iri,
        name=entity.name,
        description=entity.description,
        type=entity.type,
        docurl=entity.docurl,
        contentType=entity.content_type,
    )
    kind = iris.model_kind(base, model.sha256, entity.name)
    graph.tell(kind, [iri_tail(RDFS.subClassOf, PROV.Entity), literal_tail(RDFS.label, string(entity.name))])
