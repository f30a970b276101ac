"""One table of a model file: typed access to its keys, with mistakes and oddities noted on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from provrdf.errors import Problem
from provrdf.model import values
from provrdf.model.descriptions import Remark, Value
from provrdf.spelling import closest
from provrdf.yamlmarks import Node

T = TypeVar("T")

Keys = Mapping[str, Sequence[str]]
"""Name of a field -> the keys that mean it, the preferred one first."""

_MISNOMERS = {"file": "location", "path": "value", "variable": "value", "required": "multiplicity"}


class Notes:
    """Mistakes (the file cannot be used) and remarks (for the lint) about one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.remarks: list[Remark] = []

    def problem(self, message: str, line: int | None) -> None:
        """Note a mistake."""
        self.problems.append(Problem(message, self.file, line))

    def remark(self, check: str, message: str, line: int | None) -> None:
        """Note something odd that does no harm."""
        self.remarks.append(Remark(check, message, line))


class Table:
    """One table of the file, read by the keys that are known in it."""

    def __init__(self, notes: Notes, node: Node, keys: Keys, where: str) -> None:
        self.notes = notes
        self.line = node.place
        self.where = where
        self.fields: dict[str, Node] = {}
        self.lines: dict[str, int] = {}
        self.usable = isinstance(node.value, Mapping) or node.is_null
        self.expected(None if self.usable else node, "a table of 'key: value' lines", where)
        if isinstance(node.value, Mapping):
            self.fill(node.value, {key: name for name, known in keys.items() for key in known})

    def fill(self, entries: Mapping[str, Node], names: Mapping[str, str]) -> None:
        """Take the entries whose keys are known; report the others."""
        for key, node in entries.items():
            name = names.get(key)
            if name is None:
                self.unknown(key, node, names)
            elif name in self.fields:
                other = next(other for other in entries if names.get(other) == name)
                self.notes.problem(f"{self.where} has both {other!r} and {key!r}: keep one", node.place)
            else:
                self.fields[name] = node
                self.lines[name] = self.lines[key] = node.place or 0
        if not self.line:
            self.lines = {}

    def unknown(self, key: str, node: Node, names: Mapping[str, str]) -> None:
        """Report a key that is not known: misspelt ones are mistakes, foreign ones are noted."""
        if "/" in key and all(part in names for part in key.split("/")):
            parts = " and ".join(f"'{part}: ...'" for part in key.split("/"))
            self.notes.problem(f"{key!r} in {self.where} names several keys: write {parts}", node.place)
            return
        guess = closest(key, names)
        misnomer = _MISNOMERS.get(key)
        if guess is None and misnomer in names:
            guess = misnomer
        if guess is not None:
            self.notes.problem(f"unknown key {key!r} in {self.where}: did you mean {guess!r}?", node.place)
        elif not key.startswith("x-"):
            self.notes.remark("foreign-key", f"{key!r} in {self.where} is no key of a model file", node.place)

    def place(self) -> dict[str, Any]:
        """Fields of every description: words for people, line and lines."""
        return {"description": self.text("description"), "line": self.line, "lines": self.lines}

    def given(self, name: str) -> Node | None:
        """Return the node of a field; None when it is absent or empty."""
        node = self.fields.get(name)
        return None if node is None or node.is_null else node

    def problem(self, name: str, message: str) -> None:
        """Note a mistake in a field."""
        node = self.fields.get(name)
        self.notes.problem(f"{self.where}: {message}", node.place if node else self.line)

    def expected(self, node: Node | None, right: str, what: str) -> None:
        """Note that something else should be there, if there is something."""
        if node is not None:
            self.notes.problem(f"{what} must be {right}, not {_kind(node)}", node.place)

    def text(self, name: str) -> str | None:
        """Read a text; numbers and such are taken as written."""
        node = self.given(name)
        if node is None:
            return None
        if node.text is None:
            self.expected(node, "a text", f"{name} of {self.where}")
            return None
        return node.text.strip() or None

    def texts(self, *names: str) -> dict[str, Any]:
        """Read several texts, as the fields of a description."""
        return {name: self.text(name) for name in names}

    def flag(self, name: str) -> bool:
        """Read true or false."""
        node = self.given(name)
        if node is not None and not isinstance(node.value, bool):
            self.expected(node, "true or false", f"{name} of {self.where}")
        return node is not None and node.value is True

    def value(self, name: str, read: Callable[[str], T]) -> T | None:
        """Read a text with a reader that raises ValueError."""
        found = self.text(name)
        return None if found is None else self.tried(name, lambda: read(found))

    def node(self, name: str, read: Callable[[Node], T]) -> T | None:
        """Read a node with a reader that raises ValueError."""
        node = self.given(name)
        return None if node is None else self.tried(name, lambda: read(node))

    def tried(self, name: str, read: Callable[[], T]) -> T | None:
        """Turn the ValueError of a reader into a problem."""
        try:
            return read()
        except ValueError as error:
            self.problem(name, f"{name}: {error}")
            return None

    def listed(self, name: str, read: Callable[[Node], T]) -> tuple[T, ...]:
        """Read a list of single values."""
        node = self.given(name)
        if node is None:
            return ()
        if not isinstance(node.value, tuple):
            self.expected(node, "a list, such as [a, b]", f"{name} of {self.where}")
            return ()
        found = (self.tried(name, lambda item=item: read(item)) for item in node.value)  # type: ignore[misc]
        return tuple(item for item in found if item is not None)

    def default(self, datatype: str | None) -> Value | tuple[Value, ...] | None:
        """Read a default: one value, or a list for an array."""
        node = self.given("default")
        if node is not None and isinstance(node.value, tuple):
            return self.listed("default", lambda item: values.value(item, datatype))
        return self.node("default", lambda item: values.value(item, datatype))

    def value_type(self) -> tuple[str | None, str | None, str | None]:
        """Read datatype, arraysize and xtype, each by its own key or all from valueType."""
        whole = self.value("valueType", values.value_type)
        datatype = self.value("datatype", values.datatype)
        arraysize = self.value("arraysize", values.arraysize)
        xtype = self.text("xtype")
        if whole is None:
            if datatype is None and (arraysize or xtype) and not self.given("datatype"):
                key = "arraysize" if arraysize else "xtype"
                self.problem(key, f"{key} without datatype: add 'datatype: ...'")
            return datatype, arraysize, xtype
        if datatype or arraysize or xtype:
            self.problem("valueType", "valueType and datatype, arraysize or xtype: keep one way")
        return whole

    def named(self, name: str, read: Callable[[str, Node], T]) -> dict[str, T]:
        """Read a table of named descriptions."""
        node = self.given(name)
        if node is None:
            return {}
        if not isinstance(node.value, Mapping):
            self.expected(node, "a table 'name: description'", name)
            return {}
        if "" in node.value:
            self.notes.problem(f"a name is missing in {name}", node.value[""].place)
        return {key: read(key, item) for key, item in node.value.items() if key}

    def items(self, name: str, word: str, read: Callable[[str, Node], T | None]) -> tuple[T, ...]:
        """Read a list of descriptions."""
        node = self.given(name)
        if node is None:
            return ()
        if not isinstance(node.value, tuple):
            self.expected(node, "a list: begin each item with '- '", f"{name} of {self.where}")
            return ()
        found = []
        for number, item in enumerate(node.value, 1):
            where = f"{word} {number} of {self.where}"
            if item.is_null:
                self.notes.remark("empty-item", f"{where} is empty", item.line)
            else:
                found.append(read(where, item))
        return tuple(item for item in found if item is not None)


def _kind(node: Node) -> str:
    if isinstance(node.value, Mapping):
        return "a table"
    if isinstance(node.value, tuple):
        return "a list"
    return "nothing" if node.is_null else repr(node.text)
