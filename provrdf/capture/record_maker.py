"""The records of a capture: typed makers, so that no record can lack the key that says what it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from provrdf.capture.bind import Scope, Within
from provrdf.capture.entities import MAX_MEMBERS, Data, Describer, Found, counted
from provrdf.capture.plain import Plainer
from provrdf.capture.plan import Item, Plan
from provrdf.capture.redact import Redactor
from provrdf.capture.resolve import MISSING, Names, Path
from provrdf.capture.troubles import CAUGHT

_VALUE = Path("value", "value", ())


class Maker:
    """Makes the records of activities.

    Parameters
    ----------
    describer : Describer
        Finds and describes entities.
    redactor : Redactor
        Masks secrets.
    """

    def __init__(self, describer: Describer, redactor: Redactor) -> None:
        self.describer = describer
        self._redactor = redactor

    def parameters(self, activity: str, plan: Plan, scope: Scope, more: Mapping[str, object]) -> Data | None:
        """Give the parameters of an activity in one record; None when it has none."""
        plainer = Plainer(self._redactor)
        values: dict[str, Any] = {}
        for name, path in plan.parameters:
            value = self.describer.at(path, scope)
            if value is not MISSING and value is not None:
                values[name] = plainer.named(name, value)
        for name, value in more.items():
            values[name] = plainer.named(name.rpartition(".")[2], value)
        if not values:
            return None
        return counted({"activity_id": activity, "parameters": values}, plainer.redacted)

    def usages(self, activity: str, plan: Plan, scope: Scope) -> list[Data]:
        """Give the entities that an activity uses, each followed by its usage."""
        records: list[Data] = []
        for item in plan.usages:
            found = self.describer.entity(item, scope)
            if found is not None:
                records.append(found.record)
                used = {"activity_id": activity, "used_id": found.record["entity_id"]}
                if item.role is not None:
                    used["used_role"] = item.role
                records.append(used)
                if found.before is not None:
                    records.append({"entity_id": found.record["entity_id"], "progenitor_id": found.before})
                _add_members(records, found)
        return records

    def generations(self, activity: str, plan: Plan, scope: Scope) -> list[Data]:
        """Give the entities that an activity generates, with their members and progenitors."""
        records: list[Data] = []
        for item in plan.generations:
            found = self.describer.entity(item, scope, generated=True)
            if found is not None:
                records.append(found.record)
                made = {"activity_id": activity, "generated_id": found.record["entity_id"]}
                if item.role is not None:
                    made["generated_role"] = item.role
                records.append(made)
                self._add_related(records, found, item, scope)
        return records

    def argument(self, activity: str, name: str, value: object, known: Collection[object]) -> list[Data]:
        """Give an argument as a used entity, as logprov does, unless the model names it."""
        found = self.describer.entity(_plain_item(name), _Given(value))
        if found is None or found.record["entity_id"] in known:
            return []
        identity = found.record["entity_id"]
        return [found.record, {"activity_id": activity, "used_id": identity, "used_role": name}]

    def result(self, activity: str, value: object, known: Collection[object]) -> list[Data]:
        """Give the result as a generated entity, as logprov does, unless the model names it."""
        name = "result"
        found = self.describer.entity(_plain_item(name), _Given(value))
        if found is None or found.record["entity_id"] in known:
            return []
        found = self.describer.entity(_plain_item(name), _Given(value), generated=True) or found
        identity = found.record["entity_id"]
        return [found.record, {"activity_id": activity, "generated_id": identity, "generated_role": name}]

    def plain(self, table: Mapping[str, Any]) -> Data:
        """Make a table fit for the log."""
        plainer = Plainer(self._redactor)
        return {name: plainer.named(name, value) for name, value in table.items()}

    def failure(self, error: BaseException) -> Data:
        """Tell how an activity failed."""
        plainer = Plainer(self._redactor)
        kind = type(error)
        name = kind.__qualname__
        if kind.__module__ != "builtins":
            name = f"{kind.__module__}.{name}"
        message = plainer.text(_message(error))
        return counted({"exception_type": name, "exception_message": message}, plainer.redacted)

    def _add_related(self, records: list[Data], found: Found, item: Item, scope: Scope) -> None:
        identity = found.record["entity_id"]
        if found.before is not None:
            records.append({"entity_id": identity, "progenitor_id": found.before})
        _add_members(records, found)
        for related, key in ((item.members, "member_id"), (item.progenitors, "progenitor_id")):
            if related is not None:
                for element in self._elements(related, scope):
                    records.append(element.record)
                    records.append({"entity_id": identity, key: element.record["entity_id"]})
                    if element.before is not None:
                        known = {"entity_id": element.record["entity_id"], "progenitor_id": element.before}
                        records.append(known)

    def _elements(self, item: Item, scope: Scope) -> Iterable[Found]:
        """Give the members or progenitors of an entity."""
        describe = self.describer.entity
        if item.list is None:
            single = describe(item, scope)
            return () if single is None else (single,)
        elements = self._listed(item, scope)
        if item.id is None and item.location is None and item.value is None:
            found = (self.describer.element(item, element) for element in elements)
        else:
            found = (describe(item, _within(element)) for element in elements)
        return (element for element in found if element is not None)

    def _listed(self, item: Item, scope: Scope) -> list[Any]:
        try:
            return _listed(self.describer.at(item.list, scope))
        except CAUGHT as error:
            self.describer.troubles.note(f"list of {item.name}", error)
            return []


class _Given:
    """A value by hand, found under any name."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def find(self, name: str) -> object:
        """Return the value."""
        return self._value


def _within(element: object) -> Names:
    return Within(element)


def _add_members(records: list[Data], found: Found) -> None:
    for member in found.members:
        records.append(member)
        records.append({"entity_id": found.record["entity_id"], "member_id": member["entity_id"]})


def _plain_item(name: str) -> Item:
    return Item(None, name, None, None, {}, None, None, _VALUE, None)


def _listed(value: object) -> list[Any]:
    """List the elements of a container; an iterator would be used up, so it is left alone."""
    if isinstance(value, dict):
        return list(value.values())[:MAX_MEMBERS]
    kind = type(value)
    if isinstance(value, str | bytes) or not hasattr(kind, "__len__") or not hasattr(kind, "__iter__"):
        return []
    container: Any = value
    return [element for _, element in zip(range(MAX_MEMBERS), container, strict=False)]


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except CAUGHT:
        return "(its message cannot be read)"
