"""What to record of an activity: its description in the model, with every value path read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from provrdf.capture.resolve import Path, PathError, read_path

if TYPE_CHECKING:
    from provrdf.model import ActivityDescription, EntityDescription, Model, Port, Related


class Item(NamedTuple):
    """An entity to record: what it is, and where to find it.

    Attributes
    ----------
    role : str or None
        Its role in the activity.
    name, type, index_file : str or None
        From its entity description.
    facts : dict
        The keys of its record that are known beforehand.
    id, location, value : Path or None
        Where to find its id, place and value.
    list : Path or None
        Where to find the list of such entities; None means a single one.
    namespace : str or None
        Prefix of its id.
    members, progenitors : Item or None
        What a generated entity holds, and what it was made from.
    """

    role: str | None
    name: str | None
    type: str | None
    index_file: str | None
    facts: dict[str, str]
    id: Path | None
    location: Path | None
    value: Path | None
    namespace: str | None
    list: Path | None = None
    members: Item | None = None
    progenitors: Item | None = None


class Plan(NamedTuple):
    """What to record of an activity.

    Attributes
    ----------
    name : str
        Name of the activity.
    parameters : tuple
        Name and path of each parameter.
    usages, generations : tuple of Item
        Entities that are looked up before, and after the call.
    """

    name: str
    parameters: tuple[tuple[str, Path], ...] = ()
    usages: tuple[Item, ...] = ()
    generations: tuple[Item, ...] = ()


def plans(model: Model, *, warn: Callable[[str], object]) -> dict[str, Plan]:
    """Make the plans of all activities of a model.

    Parameters
    ----------
    model : Model
        The model file.
    warn : callable
        Told of each value path that cannot be read; what it would give is not recorded.
    """
    return {name: _Planner(model, name, warn).plan(step) for name, step in model.activities.items()}


class _Planner:
    """Makes the plan of one activity."""

    def __init__(self, model: Model, name: str, warn: Callable[[str], object]) -> None:
        self.file = model.file
        self.entities: Mapping[str, EntityDescription] = model.entities
        self.name = name
        self.warn = warn

    def plan(self, step: ActivityDescription) -> Plan:
        parameters = (
            (parameter.name, path)
            for parameter in step.parameters
            if (path := self.path(parameter.value, parameter.line)) is not None
        )
        return Plan(
            step.name,
            tuple(parameters),
            tuple(self.port(port) for port in step.usages),
            tuple(self.port(port) for port in step.generations),
        )

    def port(self, port: Port) -> Item:
        return self.item(port, role=port.role)._replace(
            members=self.related(port.has_members), progenitors=self.related(port.has_progenitors)
        )

    def related(self, related: Related | None) -> Item | None:
        if related is None:
            return None
        return self.item(related)._replace(list=self.path(related.list, related.line))

    def item(self, source: Port | Related, *, role: str | None = None) -> Item:
        entity = self.entities.get(source.entity or "")
        return Item(
            role=role,
            name=source.entity,
            type=entity.type if entity else None,
            index_file=entity.index if entity else None,
            facts=_facts(entity),
            id=self.path(source.id, source.line),
            location=self.path(source.location, source.line),
            value=self.path(source.value, source.line),
            namespace=source.namespace,
        )

    def path(self, text: str | None, line: int | None) -> Path | None:
        if text is None:
            return None
        try:
            return read_path(text)
        except PathError as error:
            place = self.file if line is None else f"{self.file}:{line}"
            self.warn(f"{place}: {self.name}: {error}; nothing is recorded for it")
            return None


def _facts(entity: EntityDescription | None) -> dict[str, str]:
    if entity is None:
        return {}
    known = {"type": entity.type, "contentType": entity.content_type}
    return {key: text for key, text in known.items() if text is not None}
