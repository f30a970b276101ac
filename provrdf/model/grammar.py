"""The grammar of a model file: from YAML nodes to descriptions, with every mistake on the way.

What is a mistake (the file cannot be used) and what is only a finding of the lint: a mistake is where a
reader would have to guess, such as a value of the wrong type, a misspelt key, a missing role, a multiplicity
that is none. Everything that can be read in one way only is accepted, and left to the lint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from provrdf.model import values
from provrdf.model.descriptions import (
    ActivityDescription,
    AgentDescription,
    EntityDescription,
    ParameterDescription,
    Port,
    Related,
    Value,
)
from provrdf.model.table import Keys, Notes, Table
from provrdf.spelling import did_you_mean
from provrdf.yamlmarks import Node

_ENTITY_KEYS = ("entityName", "entity_description", "entityType")


def _keys(*names: str, **others: Sequence[str]) -> Keys:
    return {**{name: (name,) for name in names}, **others}


ROOT = _keys(
    "agents",
    "namespaces",
    activities=("activities", "activity_descriptions", "activity_description"),
    entities=("entities", "entity_descriptions", "entity_description", "entityTypes"),
)
ACTIVITY = _keys(
    *("description", "contact", "type", "subtype", "version", "parameters", "usage", "generation"),
    *("granularity", "collection"),
    docurl=("docurl", "url"),
)
PARAMETER = _keys(
    *("name", "description", "datatype", "arraysize", "xtype", "valueType", "unit", "ucd", "utype"),
    *("min", "max", "options", "default", "multiplicity"),
    value=("value", "location"),
)
PORT = _keys(
    *(
        "role",
        "description",
        "type",
        "multiplicity",
        "value",
        "location",
        "id",
        "namespace",
        "filepath",
        "size",
    ),
    *("overwrite", "has_members"),
    entity=_ENTITY_KEYS,
    has_progenitors=("has_progenitors", "is_derived_from"),
)
RELATED = _keys("description", "list", "id", "location", "value", "namespace", entity=_ENTITY_KEYS)
ENTITY = _keys(
    *("description", "type", "index", "granularity", "collection"),
    docurl=("docurl", "url"),
    content_type=("contentType", "content_type"),
)
AGENT = _keys(
    *("name", "description", "type", "email", "orcid", "affiliation", "phone", "address", "url", "comment")
)

AGENT_TYPES = ("Person", "Organization", "SoftwareAgent")

_PREFIX = re.compile(r"[A-Za-z_][\w.-]*\Z")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")


class Grammar:
    """Reads descriptions, and notes mistakes and oddities."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def root(self, node: Node) -> dict[str, Any]:
        """Read the whole file; returns the fields of a Model."""
        table = Table(self.notes, node, ROOT, "the model file")
        if not {"activities", "entities"} & table.fields.keys():
            if not self.notes.problems:
                self.notes.problem("no 'activities:' and no 'entities:': is this a model file?", node.line)
            return {}
        return {
            "activities": table.named("activities", self.activity),
            "entities": table.named("entities", self.entity),
            "agents": table.named("agents", self.agent),
            "namespaces": self.namespaces(table),
            "remarks": tuple(self.notes.remarks),
        }

    def activity(self, name: str, node: Node) -> ActivityDescription:
        """Read one activity description."""
        table = Table(self.notes, node, ACTIVITY, f"activity {name!r}")
        texts = table.texts("contact", "type", "subtype", "version", "docurl", "granularity", "collection")
        return ActivityDescription(
            name=name,
            parameters=table.items("parameters", "parameter", self.parameter),
            usages=table.items("usage", "usage", self.usage),
            generations=table.items("generation", "generation", self.generation),
            **texts,
            **table.place(),
        )

    def usage(self, where: str, node: Node) -> Port | None:
        """Read one usage."""
        return self.port("usage", where, node)

    def generation(self, where: str, node: Node) -> Port | None:
        """Read one generation."""
        return self.port("generation", where, node)

    def port(self, kind: str, where: str, node: Node) -> Port | None:
        """Read one usage or generation; None when it has no role."""
        table = Table(self.notes, node, PORT, where)
        role = table.text("role")
        port = Port(
            kind=kind,
            role=role or "",
            multiplicity=table.value("multiplicity", values.multiplicity),
            overwrite=table.flag("overwrite"),
            size=table.value("size", _size),
            has_members=self.related(table, "has_members"),
            has_progenitors=self.related(table, "has_progenitors"),
            **table.texts("entity", "type", "value", "location", "id", "namespace", "filepath"),
            **table.place(),
        )
        if role is None and table.usable:
            self.notes.problem(
                f"{where} has no role: write 'role: ...', the name it has in the log", node.line
            )
        return port if role else None

    def related(self, table: Table, key: str) -> Related | None:
        """Read the members or progenitors of a generated entity."""
        node = table.given(key)
        if node is None:
            return None
        inner = Table(self.notes, node, RELATED, f"{key} of {table.where}")
        return Related(
            **inner.texts("list", "entity", "id", "location", "value", "namespace"), **inner.place()
        )

    def parameter(self, where: str, node: Node) -> ParameterDescription | None:
        """Read one parameter; None when it has neither name nor value."""
        table = Table(self.notes, node, PARAMETER, where)
        path = table.text("value")
        name = table.text("name") or path
        if name is None:
            if table.usable:
                self.notes.problem(
                    f"{where} has no name: write 'name: ...', the name it has in the log", node.line
                )
            return None
        table.where = f"parameter {name!r} of {where.partition(' of ')[2]}"
        datatype, arraysize, xtype = table.value_type()
        parameter = ParameterDescription(
            name=name,
            value=path,
            datatype=datatype,
            arraysize=arraysize,
            xtype=xtype,
            multiplicity=table.value("multiplicity", values.multiplicity),
            min=table.node("min", lambda node: values.bound(node, datatype, xtype=xtype)),
            max=table.node("max", lambda node: values.bound(node, datatype, xtype=xtype)),
            options=table.listed("options", lambda node: values.value(node, datatype)),
            default=table.default(datatype),
            **table.texts("unit", "ucd", "utype"),
            **table.place(),
        )
        self.limits(table, parameter)
        return parameter

    def limits(self, table: Table, parameter: ParameterDescription) -> None:
        """Check that bounds, options and default agree."""
        low, high = parameter.min, parameter.max
        if low is not None and high is not None and values.outside(low, low=None, high=high, options=()):
            table.problem("max", f"min ({low!r}) is more than max ({high!r}): exchange them")
        for option in parameter.options:
            self.within(table, "options", option, low=low, high=high, options=())
        default = parameter.default
        if default is not None:
            for one in default if isinstance(default, tuple) else (default,):
                self.within(table, "default", one, low=low, high=high, options=parameter.options)

    def within(
        self,
        table: Table,
        key: str,
        found: Value,
        *,
        low: Value | None,
        high: Value | None,
        options: tuple[Value, ...],
    ) -> None:
        """Check one value against bounds and options."""
        wrong = values.outside(found, low=low, high=high, options=options)
        if wrong:
            table.problem(key, f"{key}: {wrong}")

    def entity(self, name: str, node: Node) -> EntityDescription:
        """Read one entity description."""
        table = Table(self.notes, node, ENTITY, f"entity {name!r}")
        texts = table.texts("docurl", "content_type", "type", "index", "granularity", "collection")
        return EntityDescription(name=name, **texts, **table.place())

    def agent(self, name: str, node: Node) -> AgentDescription:
        """Read one agent."""
        table = Table(self.notes, node, AGENT, f"agent {name!r}")
        kind = table.text("type")
        if kind is not None and kind not in AGENT_TYPES:
            table.problem("type", f"{kind!r} is no type of agent: {did_you_mean(kind, AGENT_TYPES)}")
        texts = table.texts("email", "orcid", "affiliation", "phone", "address", "url", "comment")
        return AgentDescription(name=table.text("name") or name, type=kind, **texts, **table.place())

    def namespaces(self, root: Table) -> dict[str, str]:
        """Read the prefixes of ids."""
        found: dict[str, str] = {}
        node = root.given("namespaces")
        if node is None or not isinstance(node.value, Mapping):
            root.expected(node, "a table 'prefix: IRI'", "namespaces")
            return found
        for prefix, item in node.value.items():
            if not _PREFIX.match(prefix):
                self.notes.problem(
                    f"{prefix!r} is no prefix: use letters, digits, '_', '-' and '.'", item.place
                )
            elif not isinstance(item.value, str) or not _IRI.match(item.value):
                message = f"namespace {prefix!r} needs an IRI such as http://example.org/{prefix}/"
                self.notes.problem(f"{message}, not {item.text!r}", item.place)
            else:
                found[prefix] = item.value
        return found


def _size(text: str) -> int:
    if not text.isdigit():
        message = f"{text!r} is no number of members"
        raise ValueError(message)
    return int(text)
