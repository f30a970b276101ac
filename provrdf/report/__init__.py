"""Report: what a validation found, and the formats it can be written in.

A rule that data breaks is a `Result`, never an exception. A `Report` holds results of all rule sets
(model, prov, ivoa, model-file) in one deterministic order, counts them, groups them
("`Pedestal file` missing in 3 of 80 `r0_to_dl1`") and gives the exit code of a CI job.

One module per format stands beside this file; its name is the name of the format and it has
``write(report, stream, *, color=None)``, where `stream` takes bytes. Adding a format = adding a file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import chain
from typing import IO, Any

from provrdf.errors import FormatError
from provrdf.report._results import Check, Checked, Group, Place, Result, Severity

__all__ = [
    "UNSEEN",
    "Check",
    "Checked",
    "Group",
    "Place",
    "Report",
    "Result",
    "Severity",
    "formats",
    "matches",
    "write",
]

UNSEEN = "report/nothing-seen"
"""Check id of the result that says: this check found nothing to look at."""


@dataclass(frozen=True)
class Report:
    """All findings of one validation. Build it with `Report.of`.

    Attributes
    ----------
    results : tuple of Result
        In the order of `Result.sort_key`.
    checked : tuple of Checked
        What was looked at.
    inputs, rules : tuple of str
        Names of what was validated and of the rule sets used.
    checks : tuple of Check
        Descriptions of rules; rules without findings may be left out.
    max_per_check : int or None
        How many results of a check the formats write; counts and exit code are of all.
    fail_on : Severity
        What makes a report fail: this severity or a worse one.
    duration : float or None
        Seconds. Only `text` writes it: the other formats must be the same twice.
    """

    results: tuple[Result, ...] = ()
    checked: tuple[Checked, ...] = ()
    inputs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    max_per_check: int | None = None
    fail_on: Severity = Severity.VIOLATION
    duration: float | None = None

    @classmethod
    def of(
        cls,
        results: Iterable[Result],
        *,
        checked: Iterable[Checked] = (),
        inputs: Sequence[str] = (),
        rules: Sequence[str] = (),
        checks: Iterable[Check] = (),
        max_per_check: int | None = None,
        fail_on: Severity = Severity.VIOLATION,
        duration: float | None = None,
    ) -> Report:
        """Put results in order, and add one for each check that saw nothing.

        Identical results (a node in two graphs) count once.
        """
        seen = _add_up(checked)
        unique = {_identity(result): result for result in chain(results, _unseen(seen))}
        return cls(
            results=tuple(sorted(unique.values(), key=Result.sort_key)),
            checked=seen,
            inputs=tuple(inputs),
            rules=tuple(rules),
            checks=tuple(sorted(checks, key=lambda check: check.id)),
            max_per_check=max_per_check,
            fail_on=fail_on,
            duration=duration,
        )

    @property
    def conforms(self) -> bool:
        """True when there is no violation. SHACL's own rule is stricter: see `clean`."""
        return self.worst is not Severity.VIOLATION

    @property
    def clean(self) -> bool:
        """True when nothing at all was found: what SHACL calls ``sh:conforms``."""
        return not self.results

    @property
    def worst(self) -> Severity | None:
        """The worst severity found, None when nothing was found."""
        return max((result.severity for result in self.results), default=None)

    def count(self, severity: Severity | None = None) -> int:
        """How many results there are, of one severity or of all."""
        if severity is None:
            return len(self.results)
        return self._counts[severity]

    def exit_code(self, fail_on: Severity | str | None = None) -> int:
        """1 when a result is as bad as `fail_on` (the report's own when not given) or worse, else 0."""
        limit = Severity.parse(fail_on) if isinstance(fail_on, str) else fail_on
        return int(any(self.fails(result.severity, limit) for result in self.results))

    def fails(self, severity: Severity, fail_on: Severity | None = None) -> bool:
        """Whether a finding of this severity makes the report fail."""
        return severity >= (self.fail_on if fail_on is None else fail_on)

    def select(self, *, only: Sequence[str] = (), skip: Sequence[str] = ()) -> Report:
        """Keep the checks that match `only` (all when empty) and none of `skip`.

        A pattern is a check id (``prov/c36``), a rule set (``prov``) or a glob (``model/role-*``).
        """

        def wanted(check: str) -> bool:
            return (not only or matches(check, only)) and not matches(check, skip)

        return replace(
            self,
            results=tuple(result for result in self.results if any(map(wanted, _speaks_of(result)))),
            checked=tuple(seen for seen in self.checked if wanted(seen.check)),
            checks=tuple(check for check in self.checks if wanted(check.id)),
        )

    def limited(self, max_per_check: int | None) -> Report:
        """Limit how many results per check the formats write; counts and exit code stay as they are."""
        return replace(self, max_per_check=max_per_check)

    def shown(self) -> tuple[Result, ...]:
        """List the results to be written: at most `max_per_check` of each check, of each group some."""
        if self.max_per_check is None:
            return self.results
        ranked = [(rank, result) for group in self.grouped() for rank, result in enumerate(group.results)]
        taken: Counter[str] = Counter()
        kept: set[int] = set()
        for _, result in sorted(ranked, key=lambda pair: pair[0]):
            taken[result.check] += 1
            if taken[result.check] <= self.max_per_check:
                kept.add(id(result))
        return tuple(result for result in self.results if id(result) in kept)

    def omitted(self) -> dict[str, int]:
        """How many results of each check `shown` leaves out."""
        if self.max_per_check is None:
            return {}
        numbers = Counter(result.check for result in self.results)
        return {
            check: n - self.max_per_check for check, n in sorted(numbers.items()) if n > self.max_per_check
        }

    def grouped(self) -> tuple[Group, ...]:
        """Results that say the same of several nodes, worst first, then the most frequent."""
        totals = {(seen.check, seen.kind): seen.count for seen in self.checked}
        found: dict[tuple[str, Severity, str, str], list[Result]] = {}
        for result in self.results:
            key = (result.check, result.severity, result.kind, result.summary or result.message)
            found.setdefault(key, []).append(result)
        groups = (
            Group(
                check=check,
                severity=severity,
                kind=kind,
                summary=summary,
                results=tuple(results),
                total=totals.get((check, kind)),
            )
            for (check, severity, kind, summary), results in found.items()
        )
        return tuple(
            sorted(groups, key=lambda group: (-group.severity, -group.count, group.check, group.kind))
        )

    @cached_property
    def _counts(self) -> Counter[Severity]:
        return Counter(result.severity for result in self.results)


def matches(check: str, patterns: Iterable[str]) -> bool:
    """Whether a check id matches one of the patterns: an id, a rule set, or a glob.

    >>> matches("prov/c36", ["prov"]), matches("prov/c36", ["prov/c3*"]), matches("prov/c36", ["pro"])
    (True, True, False)
    """
    return any(
        check == pattern or check.startswith(f"{pattern.rstrip('/')}/") or fnmatchcase(check, pattern)
        for pattern in patterns
    )


def formats() -> tuple[str, ...]:
    """Names of the formats a report can be written in: the modules of this package."""
    return tuple(
        sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_"))
    )


def write(report: Report, stream: IO[bytes], format: str = "text", *, color: bool | None = None) -> None:  # noqa: A002
    """Write a report.

    Parameters
    ----------
    report : Report
        What to write.
    stream : binary stream
        Where to.
    format : str
        One of `formats`.
    color : bool, optional
        Colours in text and table; None: only on a terminal, and not when ``NO_COLOR`` is set.

    Raises
    ------
    FormatError
        When there is no such format.
    """
    if format not in formats():
        message = f"unknown report format {format!r}: one of {', '.join(formats())}"
        raise FormatError(message)
    importlib.import_module(f"{__name__}.{format}").write(report, stream, color=color)


def _add_up(checked: Iterable[Checked]) -> tuple[Checked, ...]:
    """One Checked per check, kind and place: graphs are validated one by one."""
    sums: dict[tuple[str, str, Place], Checked] = {}
    for seen in checked:
        key = (seen.check, seen.kind, seen.model or Place(""))
        before = sums.get(key)
        sums[key] = seen if before is None else replace(seen, count=seen.count + before.count)
    return tuple(sums[key] for key in sorted(sums))


def _unseen(checked: Iterable[Checked]) -> Iterator[Result]:
    """Make one result per kind of thing that was looked for and not there."""
    missing: dict[str, list[Checked]] = {}
    for seen in checked:
        if seen.count == 0 and seen.unseen is not None:
            missing.setdefault(seen.kind, []).append(seen)
    for kind, group in missing.items():
        checks = sorted({seen.check for seen in group})
        yield Result(
            check=UNSEEN,
            severity=max(seen.unseen or Severity.INFO for seen in group),
            message=f"there is no `{kind}` in the input: nothing was checked by {', '.join(checks)}",
            focus_name=kind,
            summary="nothing there to check",
            expected="at least one of what the model describes",
            found="none",
            suggestion="is this the right model file for this input, and is the input complete?",
            model=min((seen.model for seen in group if seen.model), default=None),
            details={"checks": checks, "kind": kind},
        )


def _speaks_of(result: Result) -> Sequence[str]:
    """List the checks a result speaks of: skipping a check also skips the news that it saw nothing."""
    return result.details.get("checks", ()) if result.check == UNSEEN else (result.check,)


def _identity(result: Result) -> tuple[Any, ...]:
    return (*result.sort_key(), result.other, result.found, result.expected)
