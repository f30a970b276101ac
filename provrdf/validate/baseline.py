"""Known findings: a file of what is accepted for now, so that only new findings fail."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from provrdf.errors import ConfigError, FormatError
from provrdf.report import Report, Result

_KEYS = ("check", "kind", "summary")


def write_baseline(report: Report, path: str | Path) -> None:
    """Write all findings of a report as known.

    An entry holds check, kind, summary, and the fingerprint of the very finding. Whoever deletes the
    fingerprint of an entry by hand accepts all findings that read the same.
    """
    entries = [
        {
            **{key: getattr(result, key) for key in _KEYS},
            "name": result.name,
            "fingerprint": result.fingerprint,
        }
        for result in report.results
    ]
    text = json.dumps({"provrdf-baseline": 1, "findings": entries}, indent=1, ensure_ascii=False)
    try:
        Path(path).write_text(text + "\n", "utf-8")
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise FormatError(message, file=str(path)) from error


def read_baseline(path: str | Path) -> Baseline:
    """Read a baseline.

    Raises
    ------
    ConfigError
        When it cannot be read or is none.
    """
    try:
        content = json.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise _unusable(path, f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise _unusable(path, f"is no baseline: {error}") from error
    entries = content.get("findings") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _unusable(path, "is no baseline: it has no list of findings")
    return Baseline(entries)


def _unusable(path: str | Path, reason: str) -> ConfigError:
    return ConfigError(f"{reason}; make one with --write-baseline", file=str(path))


class Baseline:
    """Known findings."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        self._exact = {entry["fingerprint"] for entry in entries if "fingerprint" in entry}
        self._alike = {
            tuple(entry.get(key, "") for key in _KEYS) for entry in entries if "fingerprint" not in entry
        }

    def knows(self, result: Result) -> bool:
        """Whether a finding is known."""
        return (
            result.fingerprint in self._exact or tuple(getattr(result, key) for key in _KEYS) in self._alike
        )

    def apply(self, report: Report) -> tuple[Report, int]:
        """Take the known findings out of a report; the number of those taken out comes with it."""
        fresh = tuple(result for result in report.results if not self.knows(result))
        return replace(report, results=fresh), len(report.results) - len(fresh)
