"""Read YAML that someone else wrote: every value knows its line, and nothing in the file can hurt.

Plain words are read as YAML 1.2 reads them, so that `no` stays a word, `1:30` is no number and `00123` keeps
its zeros. Tags that build objects, keys given twice, endless nesting and aliases that grow without end are
mistakes with a line, like every other mistake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from provrdf.errors import Problem

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000
"""Limits of one file; a model file of a big pipeline has 1,500 nodes and is 6 deep."""

Scalar = str | int | float | bool | None

_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_SPECIAL_FLOAT = re.compile(r"(?:([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map")
)
_MAX_DIGITS = 400
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")
_QUOTED = ("'", '"', "|", ">")

_HINTS = {
    "while scanning an alias": "put a star in quotes: '*'",
    "cannot start any token": "indent with spaces, not tabs, and put text with special characters in quotes",
    "mapping values are not allowed": "a colon inside a text needs quotes around the text",
    "expected <block end>": "check that the lines of one block begin in the same column",
    "could not find expected ':'": "check for a missing colon, or a quote that is not closed",
    "while scanning a quoted scalar": "a quote is not closed",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a YAML file with its place.

    Attributes
    ----------
    value : scalar, tuple of Node, or mapping of str to Node
        What is there.
    line : int or None
        Line of the value, from 1; None when it came from no file.
    key_line : int or None
        Line of the key that the value belongs to.
    text : str or None
        A scalar exactly as written (``1.10`` where the value is 1.1); None for lists and tables.
    """

    value: Scalar | tuple[Node, ...] | Mapping[str, Node]
    line: int | None = None
    key_line: int | None = None
    text: str | None = None

    @property
    def place(self) -> int | None:
        """Line of the key, or of the value where there is no key."""
        return self.line if self.key_line is None else self.key_line

    @property
    def is_null(self) -> bool:
        """True for an empty value."""
        return self.value is None


def compose(data: bytes | str, *, file: str) -> tuple[Node, tuple[Problem, ...]]:
    """Read one YAML document.

    Returns
    -------
    Node, tuple of Problem
        What could be read, and every mistake found. After broken syntax the node is an empty value.
    """
    text, problems = _decoded(data, file)
    if problems:
        return Node(None), problems
    composer = _Composer(file)
    root = composer.run(text)
    return root, tuple(composer.problems)


def from_data(value: object, *, depth: int = 0) -> Node:
    """Wrap data that is already in memory (dict, list, scalar) in nodes without lines.

    Raises
    ------
    ValueError
        When it is nested deeper than a file may be.
    """
    if depth > MAX_DEPTH:
        message = f"nested more than {MAX_DEPTH} deep"
        raise ValueError(message)
    if isinstance(value, Mapping):
        return Node({str(key): from_data(item, depth=depth + 1) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return Node(tuple(from_data(item, depth=depth + 1) for item in value))
    if value is None or isinstance(value, str | int | float | bool):
        return Node(value, text=None if value is None else str(value))
    return Node(str(value), text=str(value))


def plain(node: Node) -> Any:
    """Turn a node into plain Python data (dict, list, scalar)."""
    if isinstance(node.value, Mapping):
        return {key: plain(item) for key, item in node.value.items()}
    if isinstance(node.value, tuple):
        return [plain(item) for item in node.value]
    return node.value


def scalar(text: str) -> Scalar:
    """Read a plain word as YAML 1.2 does, but keep a number with leading zeros as text.

    >>> scalar("true"), scalar("no"), scalar("12"), scalar("01618"), scalar("1e5"), scalar("~")
    (True, 'no', 12, '01618', 100000.0, None)
    """
    if _NULL.match(text):
        return None
    if _BOOL.match(text):
        return text.lower() == "true"
    if _INT.match(text):
        return int(text) if len(text) <= _MAX_DIGITS else text
    if _FLOAT.match(text) and not _LEADING_ZERO.match(text):
        return float(text)
    special = _SPECIAL_FLOAT.match(text)
    return float(text.replace(".", "")) if special else text


def _decoded(data: bytes | str, file: str) -> tuple[str, tuple[Problem, ...]]:
    """Check size, encoding and characters."""
    if len(data) > MAX_BYTES:
        return "", (Problem(f"the file is larger than {MAX_BYTES // 1_000_000} MB", file),)
    if isinstance(data, bytes):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            return "", (Problem("not UTF-8 text: save the file as UTF-8", file, line),)
    else:
        text = data
    bad = _UNPRINTABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        message = f"character {ord(bad.group()):#04x} is not allowed in YAML: is this a text file?"
        return "", (Problem(message, file, line),)
    return text, ()


@dataclass(slots=True)
class _Frame:
    """A list or table that is being read."""

    line: int
    anchor: str | None
    table: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    key: tuple[str, int] | None = None
    size: int = 1


class _Composer:
    """Builds nodes from PyYAML's events with a stack of its own, so that depth and size are under control."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.stack: list[_Frame] = []
        self.root: Node | None = None
        self.size = 0

    def run(self, text: str) -> Node:
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            if not all(map(self.take, yaml.parse(text, Loader=loader))):
                return Node(None)
        except yaml.MarkedYAMLError as error:
            self.broken(error)
            return Node(None)
        return self.root or Node(None, line=1)

    def take(self, event: yaml.Event) -> bool:
        """Take one event; False stops reading."""
        import yaml

        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):
            return self.add(self.scalar(event, line), event.anchor, 1)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor or "", line)
        if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            return self.open(event, line)
        if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            return self.close()
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            return self.stop("a second document begins here: one file holds one document", line)
        return True

    def scalar(self, event: yaml.ScalarEvent, line: int) -> Node:
        self.check_tag(event.tag, line)
        is_text = event.tag in _TEXT_TAGS or (event.tag is None and event.style in _QUOTED)
        return Node(event.value if is_text else scalar(event.value), line=line, text=event.value)

    def check_tag(self, tag: str | None, line: int) -> None:
        if tag is not None and tag != "!" and tag not in _PLAIN_TAGS:
            self.problem(
                f"the tag {tag!r} is not read here: write plain text, numbers, lists and tables", line
            )

    def open(self, event: yaml.CollectionStartEvent, line: int) -> bool:
        import yaml

        self.check_tag(event.tag, line)
        if len(self.stack) >= MAX_DEPTH:
            return self.stop(f"nested more than {MAX_DEPTH} deep", line)
        self.stack.append(_Frame(line, event.anchor, isinstance(event, yaml.MappingStartEvent)))
        return True

    def close(self) -> bool:
        frame = self.stack.pop()
        value: Mapping[str, Node] | tuple[Node, ...] = frame.entries if frame.table else tuple(frame.items)
        return self.add(Node(value, line=frame.line), frame.anchor, frame.size)

    def alias(self, anchor: str, line: int) -> bool:
        known = self.anchors.get(anchor)
        if known is None:
            return self.stop(
                f"*{anchor} refers to nothing above it: put it in quotes, or write &{anchor} there", line
            )
        return self.add(known[0], None, known[1])

    def add(self, node: Node, anchor: str | None, size: int) -> bool:
        """Put a finished node where it belongs: into the list or table around it, or at the top."""
        if anchor:
            self.anchors[anchor] = (node, size)
        if not self.stack:
            self.root = node
            return True
        frame = self.stack[-1]
        frame.size += size
        if frame.size > MAX_NODES:
            return self.stop(f"more than {MAX_NODES} values", node.line or frame.line)
        if not frame.table:
            frame.items.append(node)
        elif frame.key is None:
            frame.key = self.key(node, frame)
        else:
            self.entry(frame, frame.key, node)
        return True

    def key(self, node: Node, frame: _Frame) -> tuple[str, int]:
        line = node.line or frame.line
        if node.text is None:
            self.problem("a key must be one word, not a list or table: a text with { or [ needs quotes", line)
        elif node.text == "<<":
            self.problem("merging with << is not read here: write the keys out", line)
        return (node.text or "", line)

    def entry(self, frame: _Frame, key: tuple[str, int], node: Node) -> None:
        name, line = key
        first = frame.entries.get(name)
        if first is not None:
            self.problem(f"key {name!r} is given twice (before in line {first.key_line}): keep one", line)
        else:
            frame.entries[name] = Node(node.value, node.line, line, node.text)
        frame.key = None

    def problem(self, message: str, line: int) -> None:
        self.problems.append(Problem(message, self.file, line))

    def stop(self, message: str, line: int) -> bool:
        self.problem(message, line)
        return False

    def broken(self, error: yaml.MarkedYAMLError) -> None:
        """Turn a syntax error into a problem with a hint."""
        said = " ".join(str(part) for part in (error.context, error.problem) if part)
        quoted = "quoted scalar" in said  # then the end of the file is no help: say where the quote begins
        mark = (quoted and error.context_mark) or error.problem_mark or error.context_mark
        hint = next((hint for sign, hint in _HINTS.items() if sign in said), "")
        message = f"not YAML: {said}" + (f"; {hint}" if hint else "")
        self.problem(message, mark.line + 1 if mark else 1)
