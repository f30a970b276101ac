"""Results, and what stands around them: severities, places, checks, groups of results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Any, NamedTuple

from provrdf.errors import UsageError


class Severity(IntEnum):
    """How bad a finding is; ordered, so that ``max`` gives the worst."""

    INFO = 1
    WARNING = 2
    VIOLATION = 3

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def parse(cls, text: str) -> Severity:
        """Read ``violation``, ``warning`` or ``info``."""
        try:
            return cls[text.strip().upper()]
        except KeyError:
            message = f"unknown severity {text!r}: violation, warning or info"
            raise UsageError(message) from None


class Place(NamedTuple):
    """A line in a file."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule of a rule set, for the formats that list their rules (sarif, html).

    Attributes
    ----------
    id : str
        Stable id, ``prov/c36``.
    title : str
        What the rule asks, in one short line.
    help : str
        More words, and what to do about a finding.
    url : str
        The text of the standard.
    severity : Severity
        Usual severity of its findings.
    """

    id: str
    title: str
    help: str = ""
    url: str = ""
    severity: Severity = Severity.VIOLATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How many things one check looked at.

    Attributes
    ----------
    check : str
        Id of the check.
    kind : str
        What it looks at, by name: ``r0_to_dl1``. Same word as `Result.kind`.
    count : int
        How many of them there were.
    model : Place or None
        Where the model file asks for it.
    unseen : Severity or None
        Severity of the result that says there were none; None says nothing.
    """

    check: str
    kind: str
    count: int
    model: Place | None = None
    unseen: Severity | None = Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One finding: a node that breaks a rule.

    Attributes
    ----------
    check : str
        Stable id of the rule: ``model/role-missing``, ``prov/c36``, ``ivoa/agent-name``, ``model-file/...``.
    severity : Severity
        violation, warning or info.
    message : str
        What was found, in plain words; no IRI, no file name or line (they have their own fields).
    focus, focus_name : str
        IRI of the node, and its name for people: ``r0_to_dl1 of run 01615``, a file name.
    kind : str
        What kind of thing the focus is (activity name, entity name); findings are counted per kind.
    summary : str
        The finding without its node, for grouping: ```Pedestal file` missing``. Empty: the message.
    expected, found, suggestion : str
        What would be right, what is there, what to do.
    log : Place or None
        Log line that made the node.
    other : tuple of Place
        The other log lines of the finding: "these two lines disagree".
    model : Place or None
        Line of the model file that asks for it.
    details : mapping
        Everything else a program may want (IRIs, the cycle, constraint number); JSON types only.
    """

    check: str
    severity: Severity
    message: str
    focus: str = ""
    focus_name: str = ""
    kind: str = ""
    summary: str = ""
    expected: str = ""
    found: str = ""
    suggestion: str = ""
    log: Place | None = None
    other: tuple[Place, ...] = ()
    model: Place | None = None
    details: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def name(self) -> str:
        """Name of the focus for people; the IRI only when there is no name."""
        return self.focus_name or self.focus

    @property
    def fingerprint(self) -> str:
        """Digest of what was found where, without line numbers: the same finding after the log has grown."""
        text = "\0".join((self.check, self.focus or self.focus_name, self.summary, self.message))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def sort_key(self) -> tuple[Any, ...]:
        """Order of results: worst first, then by check, kind, place and node."""
        return (
            -self.severity,
            self.check,
            self.kind,
            self.summary,
            self.log or Place(""),
            self.model or Place(""),
            self.focus,
            self.focus_name,
            self.message,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Findings of one check that say the same of several nodes of one kind.

    Attributes
    ----------
    total : int or None
        How many nodes of the kind the check saw; None when it did not count.
    """

    check: str
    severity: Severity
    kind: str
    summary: str
    results: tuple[Result, ...]
    total: int | None = None

    @property
    def count(self) -> int:
        """How many nodes have the finding."""
        return len({result.focus or result.focus_name or index for index, result in enumerate(self.results)})

    @property
    def heading(self) -> str:
        """The finding with its numbers: "`Pedestal file` missing in 3 of 80 `r0_to_dl1`"."""
        text = self.summary or self.results[0].message
        if self.total is not None and self.kind:
            return f"{text} in {self.count} of {self.total} `{self.kind}`"
        if self.count == 1:
            return text
        return f"{text} ({self.count} `{self.kind}`)" if self.kind else f"{text} ({self.count} times)"
