"""What a model file declares: activities with their parameters and ports, entities, agents.

The names follow the IVOA Provenance data model, section "activity and entity descriptions".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Value = str | int | float | bool
"""A value of a parameter, typed by its datatype."""

Lines = Mapping[str, int]
"""Key -> line where it is given."""


class Multiplicity(NamedTuple):
    """How many times something may occur; `max` None means any number.

    >>> [str(Multiplicity(*pair)) for pair in ((1, 1), (0, None), (3, None), (0, 1))]
    ['1', '*', '3..*', '0..1']
    """

    min: int
    max: int | None

    def __str__(self) -> str:
        if self.max is None:
            return "*" if self.min == 0 else f"{self.min}..*"
        return str(self.min) if self.min == self.max else f"{self.min}..{self.max}"


class Remark(NamedTuple):
    """Something odd that was seen while reading and does no harm; the lint reports it."""

    check: str
    message: str
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What all descriptions have: a text, and their place in the model file.

    Attributes
    ----------
    description : str or None
        Words for people.
    line : int or None
        Line of the model file, from 1; None when the model came from a log.
    lines : mapping
        Key as in the file -> its line.
    """

    description: str | None = None
    line: int | None = None
    lines: Lines = field(default_factory=dict, compare=False, repr=False)

    def line_of(self, key: str) -> int | None:
        """Line where a key is given; the line of the whole when it is not."""
        return self.lines.get(key, self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterDescription(Described):
    """A parameter of an activity.

    Attributes
    ----------
    name : str
        Its name in the log; logprov's files leave it out, then it is the value path.
    value : str or None
        Python path that gives the value while the activity runs.
    datatype, arraysize, xtype : str or None
        VOTable type, such as ``char``, ``*``, ``timestamp``.
    unit, ucd, utype : str or None
        Meaning of the value, in the words of the VO.
    min, max : value or None
        Bounds, typed by `datatype`; both are inside.
    options : tuple of values
        Allowed values; empty means any.
    default : value, tuple of values, or None
        Value when none is given.
    multiplicity : Multiplicity or None
        None: not declared.
    """

    name: str
    value: str | None = None
    datatype: str | None = None
    arraysize: str | None = None
    xtype: str | None = None
    unit: str | None = None
    ucd: str | None = None
    utype: str | None = None
    min: Value | None = None
    max: Value | None = None
    options: tuple[Value, ...] = ()
    default: Value | tuple[Value, ...] | None = None
    multiplicity: Multiplicity | None = None

    @property
    def value_type(self) -> str | None:
        """IVOA's valueType: ``datatype[/arraysize[/xtype]]``."""
        if self.datatype is None:
            return None
        parts = (self.datatype, self.arraysize or "", self.xtype or "")
        return "/".join(parts).rstrip("/")

    @property
    def is_array(self) -> bool:
        """True when a value is a list; a text of many characters is one value."""
        text = self.datatype in ("char", "unicodeChar")
        return self.arraysize not in (None, "1") and (not text or "x" in (self.arraysize or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Related(Described):
    """Members or progenitors of a generated entity: where to find them and what they are.

    Attributes
    ----------
    list : str or None
        Python path of the list; None means a single one.
    entity : str or None
        Name of their entity description.
    id, location, value : str or None
        Python paths, from each element of the list.
    namespace : str or None
        Prefix of their ids.
    """

    list: str | None = None
    entity: str | None = None
    id: str | None = None
    location: str | None = None
    value: str | None = None
    namespace: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Port(Described):
    """One usage or generation of an activity.

    Attributes
    ----------
    kind : str
        ``usage`` or ``generation``.
    role : str
        What the entity is to the activity; compared literally with the role in the log.
    entity : str or None
        Name of its entity description.
    type : str or None
        IVOA: Main, Calibration, Preview, Setup, Quality, Log, Context.
    multiplicity : Multiplicity or None
        None: not declared, so its absence is no violation.
    value, location, id : str or None
        Python paths that give them while the activity runs.
    namespace : str or None
        Prefix of the id.
    filepath : str or None
        Example path, in some files of lstosa.
    size : int or None
        Declared number of members.
    overwrite : bool
        The activity changes an entity in place: a new version of it.
    has_members, has_progenitors : Related or None
        What a generated entity holds, and what it was made from.
    """

    kind: str
    role: str
    entity: str | None = None
    type: str | None = None
    multiplicity: Multiplicity | None = None
    value: str | None = None
    location: str | None = None
    id: str | None = None
    namespace: str | None = None
    filepath: str | None = None
    size: int | None = None
    overwrite: bool = False
    has_members: Related | None = None
    has_progenitors: Related | None = None

    @property
    def related(self) -> tuple[Related, ...]:
        """Members and progenitors, those that are declared."""
        return tuple(related for related in (self.has_members, self.has_progenitors) if related)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityDescription(Described):
    """A step of the pipeline: what it needs and what it makes.

    Attributes
    ----------
    name : str
        The name in the log; that of the traced function.
    contact, type, subtype, version, docurl : str or None
        As in the IVOA model.
    parameters, usages, generations : tuple
        In the order of the file.
    granularity : str or None
        What one execution is about: ``subrun``, ``run``, ``night``; our extension, for the roll-up.
    collection : str or None
        Our extension, for the roll-up.
    """

    name: str
    contact: str | None = None
    type: str | None = None
    subtype: str | None = None
    version: str | None = None
    docurl: str | None = None
    parameters: tuple[ParameterDescription, ...] = ()
    usages: tuple[Port, ...] = ()
    generations: tuple[Port, ...] = ()
    granularity: str | None = None
    collection: str | None = None

    @property
    def ports(self) -> tuple[Port, ...]:
        """Usages, then generations."""
        return self.usages + self.generations

    def usage(self, role: str) -> Port | None:
        """Return the first usage with this role."""
        return next((port for port in self.usages if port.role == role), None)

    def generation(self, role: str) -> Port | None:
        """Return the first generation with this role."""
        return next((port for port in self.generations if port.role == role), None)

    def parameter(self, name: str) -> ParameterDescription | None:
        """Return the first parameter of this name."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityDescription(Described):
    """A kind of data: a file, a set of files, an object in memory.

    Attributes
    ----------
    name : str
        The name in the log.
    docurl, content_type : str or None
        Documentation, and MIME type.
    type : str or None
        PythonObject, File, FileCollection, SetCollection.
    index : str or None
        Index file of a FileCollection.
    granularity : str or None
        ``subrun``, ``run``, ``night``; our extension, for the roll-up.
    collection : str or None
        Name of the entity description of the set that its members form; our extension, for the roll-up.
    """

    name: str
    docurl: str | None = None
    content_type: str | None = None
    type: str | None = None
    index: str | None = None
    granularity: str | None = None
    collection: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDescription(Described):
    """Who runs the pipeline or answers for it.

    Attributes
    ----------
    name : str
        The name in the log.
    type : str or None
        Person, Organization, SoftwareAgent.
    email, orcid, affiliation, phone, address, url, comment : str or None
        As in the IVOA model, and the ORCID.
    """

    name: str
    type: str | None = None
    email: str | None = None
    orcid: str | None = None
    affiliation: str | None = None
    phone: str | None = None
    address: str | None = None
    url: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model file (definition.yaml): what a pipeline does, declared.

    Attributes
    ----------
    file : str
        Its name, for messages.
    sha256 : str
        Digest of the bytes of the file.
    activities, entities, agents : mapping
        Name -> description, in the order of the file.
    namespaces : mapping
        Prefix -> IRI, for ids such as ``gamma-events:23523``.
    remarks : tuple of Remark
        Oddities seen while reading, such as keys that are none of the grammar.
    """

    file: str
    sha256: str
    activities: Mapping[str, ActivityDescription] = field(default_factory=dict, hash=False)
    entities: Mapping[str, EntityDescription] = field(default_factory=dict, hash=False)
    agents: Mapping[str, AgentDescription] = field(default_factory=dict, hash=False)
    namespaces: Mapping[str, str] = field(default_factory=dict, hash=False)
    remarks: tuple[Remark, ...] = ()

    def ports(self) -> Iterator[tuple[ActivityDescription, Port]]:
        """Every usage and generation with its activity."""
        for activity in self.activities.values():
            for port in activity.ports:
                yield activity, port
