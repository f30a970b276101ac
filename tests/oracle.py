"""The mapping table read slowly and obviously, as the judge of the compiled one.

Works on what `provrdf.identity` resolved and follows the table row by row. It shares no code with the
compiler but the minting of keys; terms are pyoxigraph objects, so that escaping is not ours either.
"""

import hashlib
import json
import math
import posixpath
from datetime import UTC

import pyoxigraph as ox

from provrdf import mapping
from provrdf.identity.lines import thaw
from provrdf.iris import key, part
from provrdf.times import to_utc

PROV = "http://www.w3.org/ns/prov#"
VOPROV = "http://www.ivoa.net/documents/ProvenanceDM/index.html#"
OWN = "https://w3id.org/provrdf/ns#"
DCTERMS = "http://purl.org/dc/terms/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SPDX = "http://spdx.org/rdf/terms#"
XSD = "http://www.w3.org/2001/XMLSchema#"
JSON = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"


def term(value):
    """Turn a Python value into a literal."""
    if isinstance(value, bool):
        return ox.Literal(str(value).lower(), datatype=ox.NamedNode(XSD + "boolean"))
    if isinstance(value, int):
        return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))
    if isinstance(value, float) and math.isfinite(value):
        return ox.Literal(
            repr(value).replace("e+", "E").replace("e", "E"), datatype=ox.NamedNode(XSD + "double")
        )
    if isinstance(value, str):
        return ox.Literal(value)
    return ox.Literal(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")), datatype=ox.NamedNode(JSON)
    )


class Oracle:
    """Collects the quads that a resolution means, without a model."""

    def __init__(self, resolution, base):
        self.base = base
        self.quads = set()
        self._by_id = resolution.activities
        for session in resolution.sessions:
            self.graph = ox.NamedNode(f"{base}graph/{session.key}")
            self.say(self.graph.value, RDF_TYPE, ox.NamedNode(PROV + "Bundle"))
            self.session(session)

    def say(self, subject, predicate, target):
        """Add a quad to the current graph."""
        target = ox.NamedNode(target) if isinstance(target, str) else target
        self.quads.add(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), target, self.graph))

    def types(self, kind, subject):
        """Say what a subject of a kind is."""
        for name in mapping.TYPES[kind]:
            self.say(subject, RDF_TYPE, name)

    def time(self, moment):
        """Write a UTC time as a literal."""
        text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".") + "Z"
        return ox.Literal(text, datatype=ox.NamedNode(XSD + "dateTime"))

    def session(self, session):
        """Follow the table for a session and all that is in it."""
        if session.iri:
            self.say(session.iri, DCTERMS + "identifier", ox.Literal(session.id))
            if session.facts is None:
                self.say(session.iri, RDF_TYPE, PROV + "Entity")
                self.say(session.iri, LABEL, ox.Literal(session.id))
            else:
                self.types("session", session.iri)
                if session.start:
                    self.say(session.iri, PROV + "generatedAtTime", self.time(session.start))
                for digest in session.facts.environments:
                    self.say(session.iri, OWN + "environment", f"{self.base}environment/{digest}")
                facts = [(name, thaw(value)) for name, value in session.facts.facts]
                for name, value in facts:
                    self.row("session", session, name, value, facts)
        for activity in session.activities:
            self.activity(activity, session)
        for entity in session.entities.values():
            self.entity(entity, session)
        for whole, member, _ in session.memberships:
            self.say(whole.iri, RDF_TYPE, PROV + "Collection")
            self.link("entity", "member_id", whole, member.iri, "")
        for made, source, when, _ in session.derivations:
            self.link("entity", "progenitor_id", made, source.iri, f"{made.key}--{source.key}")
            if when is not None:
                self.row("entity", made, "generated_time", when, [])

    def activity(self, activity, session):
        """Follow the table for an activity."""
        self.types("activity", activity.iri)
        self.say(activity.iri, DCTERMS + "identifier", ox.Literal(activity.id))
        for name, value, _ in activity.facts:
            self.row("activity", activity, name, value, [])
            if name == "agent_name" and value is not None:
                agent = f"{self.base}agent/{part(str(value))}"
                self.types("agent", agent)
                for predicate in (LABEL, VOPROV + "name", DCTERMS + "identifier"):
                    self.say(agent, predicate, ox.Literal(str(value)))
                self.link("activity", name, activity, agent, f"{activity.key}--{part(str(value))}")
        if session.iri:
            self.link("activity", "in_session", activity, session.iri, f"{activity.key}--session")
        for entity, role, _ in activity.used:
            self.role(
                self.link(
                    "activity", "used_id", activity, entity.iri, self.usage_key(activity, entity, role)
                ),
                role,
            )
        for entity, role, _ in activity.generated:
            self.role(
                self.link("activity", "generated_id", entity, activity.iri, f"{entity.key}--{activity.key}"),
                role,
            )

    def usage_key(self, activity, entity, role):
        """Key a usage by activity, entity and role."""
        return f"{activity.key}--{entity.key}" + ("" if role is None else f"--{part(str(role))}")

    def role(self, node, role):
        """Say the role, as text and as IRI."""
        if role is not None:
            self.say(node, VOPROV + "role", ox.Literal(str(role)))
            self.say(node, PROV + "hadRole", f"{self.base}role/{part(str(role))}")

    def link(self, kind, name, subject, target, node_key):
        """Follow a Link row: the direct relations and the qualified one; give back its node."""
        rule = mapping.MAPPING[kind][name]
        for predicate in (rule.predicate, *rule.also):
            self.say(subject.iri, predicate, target)
        if rule.via is None:
            return None
        return self.qualified(rule.via, subject.iri, target, node_key)

    def qualified(self, via, subject, target, node_key):
        """Follow a Qualified."""
        node = f"{self.base}{via.kind}/{node_key}"
        self.say(subject, via.predicate, node)
        self.say(node, via.pointer, target)
        for kind in via.types:
            self.say(node, RDF_TYPE, kind)
        for predicate, text in via.fixed.items():
            self.say(node, predicate, text[1:-1] if text.startswith("<") else ox.Literal(text))
        return node

    def entity(self, entity, session):
        """Follow the table for an entity."""
        self.types("entity", entity.iri)
        self.say(entity.iri, DCTERMS + "identifier", ox.Literal(entity.id))
        if entity.is_file:
            self.say(entity.iri, RDF_TYPE, VOPROV + "DatasetEntity")
        if entity.version:
            self.say(entity.iri, PROV + "specializationOf", session.nodes[entity.id].iri)
            if entity.version.previous:
                self.say(
                    entity.iri, PROV + "wasRevisionOf", f"{self.base}entity/{entity.version.previous.key}"
                )
        facts = [(name, thaw(value)) for name, value in entity.facts]
        for name, value in facts:
            self.row("entity", entity, name, value, facts)
            if name == "type" and value in ("FileCollection", "SetCollection"):
                self.say(entity.iri, RDF_TYPE, PROV + "Collection")

    def row(self, kind, subject, name, value, facts):
        """Follow one row that is no link."""
        rule = mapping.MAPPING[kind].get(name)
        if rule is None:
            self.say(subject.iri, OWN + part(name), term(value))
        elif value is not None:
            follow = getattr(self, f"row_{type(rule).__name__.lower()}", None)
            if follow:
                follow(rule, kind, subject, name, value, facts)
        elif name == "parameters":
            self.say(subject.iri, OWN + "parameters", term(value))

    def row_value(self, rule, kind, subject, name, value, facts):
        """A literal."""
        self.say(subject.iri, rule.predicate, term(value))
        if rule.predicate == PROV + "value":
            self.say(subject.iri, RDF_TYPE, VOPROV + "ValueEntity")

    def row_moment(self, rule, kind, subject, name, value, facts):
        """A time, or text that is none."""
        moment = to_utc(value, UTC)
        if moment:
            self.say(subject.iri, rule.predicate, self.time(moment))
        else:
            self.say(subject.iri, OWN + part(name), term(value))

    def row_name(self, rule, kind, subject, name, value, facts):
        """A name, which is the label of what has no path."""
        self.say(subject.iri, rule.predicate, term(value))
        has_path = any(key_ in ("filepath", "location") and path is not None for key_, path in facts)
        if not (kind == "entity" and subject.is_file and has_path):
            self.say(subject.iri, LABEL, term(value))

    def row_parameters(self, rule, kind, subject, name, value, facts):
        """A parameter each."""
        if not isinstance(value, dict):
            self.say(subject.iri, OWN + "parameters", term(value))
            return
        for parameter, setting in value.items():
            node_key = f"{subject.key}--{key(str(parameter))}"
            iri = f"{self.base}parameter/{node_key}"
            self.say(subject.iri, rule.predicate, iri)
            self.qualified(rule.via, subject.iri, iri, node_key)
            for kind_ in (PROV + "Entity", VOPROV + "Parameter"):
                self.say(iri, RDF_TYPE, kind_)
            self.say(iri, VOPROV + "name", ox.Literal(str(parameter)))
            self.say(iri, LABEL, ox.Literal(str(parameter)))
            self.say(iri, PROV + "value", term(setting))

    def row_location(self, rule, kind, subject, name, value, facts):
        """A path: as logged, and for a file as a location of its own."""
        self.say(subject.iri, rule.predicate, ox.Literal(str(value)))
        if subject.is_file:
            self.place(subject.iri, str(value))
            self.say(subject.iri, LABEL, ox.Literal(posixpath.basename(str(value)) or str(value)))

    def place(self, subject, path):
        """Say where; the IRI of a location is tested by itself."""
        from provrdf._locations import location_iri

        iri = location_iri(path, self.base)
        self.say(subject, PROV + "atLocation", iri)
        self.say(iri, RDF_TYPE, PROV + "Location")
        self.say(iri, LABEL, ox.Literal(path))

    def row_digest(self, rule, kind, subject, name, value, facts):
        """A hash: of the path if it is one of it, else a checksum."""
        algorithm = next((str(found) for key_, found in facts if key_ == "hash_type" and found), "unknown")
        paths = [str(path) for key_, path in facts if key_ in ("filepath", "location")]
        self.digest(subject.iri, str(value), algorithm, paths)

    def digest(self, subject, value, algorithm, paths):
        """Say a hash."""
        try:
            of_path = any(hashlib.new(algorithm, path.encode()).hexdigest() == value for path in paths)
        except ValueError:
            of_path = False
        if of_path:
            self.say(subject, OWN + "pathHash", ox.Literal(f"{algorithm}:{value}"))
            return
        node = f"{self.base}checksum/{key(algorithm, value)}"
        self.say(subject, SPDX + "checksum", node)
        self.say(node, RDF_TYPE, SPDX + "Checksum")
        self.say(node, SPDX + "algorithm", f"{SPDX}checksumAlgorithm_{algorithm}")
        is_hex = len(value) % 2 == 0 and all(digit in "0123456789abcdefABCDEF" for digit in value)
        self.say(
            node,
            SPDX + "checksumValue",
            ox.Literal(value, datatype=ox.NamedNode(XSD + ("hexBinary" if is_hex else "string"))),
        )

    def row_configfile(self, rule, kind, subject, name, value, facts):
        """The configuration file of a session."""
        hashes = [str(found) for key_, found in facts if key_ == f"{name}_hash"]
        iri = f"{self.base}entity/{part(hashes[0] if hashes else str(value))}"
        self.say(subject.iri, rule.predicate, iri)
        for kind_ in (PROV + "Entity", VOPROV + "ConfigFile"):
            self.say(iri, RDF_TYPE, kind_)
        self.say(iri, VOPROV + "name", ox.Literal(posixpath.basename(str(value)) or str(value)))
        self.say(iri, VOPROV + "location", ox.Literal(str(value)))
        self.place(iri, str(value))
        algorithm = next((str(found) for key_, found in facts if key_ == f"{name}_hash_type"), "unknown")
        for found in hashes:
            self.digest(iri, found, algorithm, [str(value)])
