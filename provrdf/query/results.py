"""Answers to queries: iterate over them, or write them as table, CSV, TSV, JSON, XML or RDF."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Literal

from provrdf.errors import UsageError
from provrdf.graphsource import shorten

if TYPE_CHECKING:
    import pyoxigraph

    from provrdf.graphsource import Answer, Term

ROW_FORMATS = ("table", "csv", "tsv", "json", "xml")
"""Formats of answers with rows, and of yes or no."""

GRAPH_FORMATS = ("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml")
"""Formats of answers that are RDF (CONSTRUCT, DESCRIBE)."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_XSD = "http://www.w3.org/2001/XMLSchema#"


class Results:
    """The answer to a query. It is read once: iterate or write, not both.

    Iterating gives one dictionary per row, with Python values: IRIs as text, numbers, booleans, aware times.
    For CONSTRUCT and DESCRIBE a row is a triple with ``subject``, ``predicate``, ``object``.

    Attributes
    ----------
    kind : {'rows', 'truth', 'graph'}
        What the query asked for: SELECT, ASK, or CONSTRUCT and DESCRIBE.
    variables : tuple of str
        Names of the columns, in order.
    """

    def __init__(self, answer: Answer, *, prefixes: Mapping[str, str]) -> None:
        import pyoxigraph

        self._answer: Any = answer
        self._prefixes = dict(prefixes)
        self.kind: Literal["rows", "truth", "graph"] = "rows"
        self.variables: tuple[str, ...] = ()
        if isinstance(answer, pyoxigraph.QueryBoolean):
            self.kind = "truth"
        elif isinstance(answer, pyoxigraph.QueryTriples):
            self.kind, self.variables = "graph", ("subject", "predicate", "object")
        else:
            self.variables = tuple(variable.value for variable in answer.variables)

    @property
    def truth(self) -> bool:
        """The answer to ASK."""
        if self.kind != "truth":
            raise UsageError("only an ASK query answers yes or no")
        return bool(self._answer)

    def terms(self) -> Iterator[tuple[Term | None, ...]]:
        """Iterate over rows of RDF terms, in the order of `variables`; None where nothing is bound."""
        if self.kind == "truth":
            raise UsageError("an ASK query has no rows, use .truth")
        width = len(self.variables)
        for row in self._answer:
            yield tuple(row[index] for index in range(width)) if self.kind == "rows" else _parts(row)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self.terms():
            yield {name: python(term) for name, term in zip(self.variables, row, strict=True)}

    def is_empty(self) -> bool:
        """Tell whether nothing was found, or the answer is no; the rows can still be read afterwards."""
        import pyoxigraph

        if self.kind == "truth":
            return not self.truth
        if self.kind == "graph":
            self._answer = list(self._answer)
            return not self._answer
        text = self._answer.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
        first = pyoxigraph.parse_query_results(text, format=pyoxigraph.QueryResultsFormat.JSON)
        self._answer = pyoxigraph.parse_query_results(text, format=pyoxigraph.QueryResultsFormat.JSON)
        return next(iter(first), None) is None  # type: ignore[arg-type]

    def write(self, stream: IO[bytes], format: str | None = None, *, width: int | None = None) -> None:  # noqa: A002
        """Write the answer to a binary stream.

        Parameters
        ----------
        stream : binary file
            Where to.
        format : str, optional
            One of `ROW_FORMATS`, or of `GRAPH_FORMATS` for CONSTRUCT and DESCRIBE. Default: table, or turtle.
        width : int, optional
            Fold the cells of a table so that it fits that many columns. Nothing is ever cut off.
        """
        chosen = format or ("turtle" if self.kind == "graph" else "table")
        allowed = GRAPH_FORMATS if self.kind == "graph" else ROW_FORMATS
        if chosen not in allowed:
            what = {"graph": "RDF", "rows": "rows", "truth": "yes or no"}[self.kind]
            message = (
                f"this query gives {what}, which cannot be written as {chosen}; use {', '.join(allowed)}"
            )
            raise UsageError(message)
        if self.kind == "graph":
            self._write_graph(stream, chosen)
        elif chosen == "table" or (self.kind == "truth" and chosen in ("csv", "tsv")):
            stream.write(self.table(width=width).encode("utf-8", "replace"))
        else:
            self._answer.serialize(stream, _results_format(chosen))
            if chosen in ("json", "xml"):
                stream.write(b"\n")

    def to_bytes(self, format: str | None = None) -> bytes:  # noqa: A002
        """Return what `write` would write."""
        buffer = io.BytesIO()
        self.write(buffer, format)
        return buffer.getvalue()

    def _write_graph(self, stream: IO[bytes], chosen: str) -> None:
        import pyoxigraph

        from provrdf.rdfinput import rdf_format

        # Sorted, because the writer groups neighbours only; and the same graph is then the same file.
        triples = sorted(self._answer, key=str)
        used = {
            name: iri for name, iri in self._prefixes.items() if any(iri in str(triple) for triple in triples)
        }
        pyoxigraph.serialize(triples, stream, rdf_format(chosen), prefixes=used)

    def table(self, *, width: int | None = None) -> str:
        """Write the answer as text for people: IRIs with prefixes, control characters made visible."""
        if self.kind == "truth":
            return "true\n" if self.truth else "false\n"
        cells = [[self._cell(term) for term in row] for row in self.terms()]
        if width is not None and _is_hard_to_read(self.variables, cells, width):
            return format_blocks(self.variables, cells)
        return format_table(self.variables, cells, width=width)

    def _cell(self, term: Term | None) -> str:
        if term is None:
            return ""
        text = getattr(term, "value", None)
        if text is None or type(term).__name__ == "BlankNode":
            return str(term)
        return visible(shorten(text, self._prefixes) if type(term).__name__ == "NamedNode" else text)


def _parts(triple: pyoxigraph.Triple) -> tuple[Term, ...]:
    return (triple.subject, triple.predicate, triple.object)


def _results_format(name: str) -> pyoxigraph.QueryResultsFormat:
    import pyoxigraph

    formats = pyoxigraph.QueryResultsFormat
    return {"csv": formats.CSV, "tsv": formats.TSV, "json": formats.JSON, "xml": formats.XML}[name]


def visible(text: str) -> str:
    r"""Make control characters visible, so that data can neither break a table nor steer a terminal.

    >>> visible("a\nb")
    'a\\nb'
    """
    return _CONTROL.sub(lambda match: repr(match[0])[1:-1], text)


def format_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, width: int | None = None) -> str:
    """Lay out rows of text in aligned columns; with `width`, long cells are folded into several lines."""
    widths = _widths(header, rows)
    if width is not None:
        widths = _fit(widths, width)
    lines = [*_layout(header, widths), "  ".join("-" * one for one in widths)]
    for row in rows:
        lines.extend(_layout(row, widths))
    return "".join(line.rstrip(" ") + "\n" for line in lines)


def format_blocks(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out each row as a block of ``name  value`` lines, for rows that are too wide for a table."""
    width = max(map(len, header))
    blocks = [
        "".join(f"{name:<{width}}  {cell}\n" for name, cell in zip(header, row, strict=True) if cell)
        for row in rows
    ]
    return "\n".join(blocks)


def _is_hard_to_read(header: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Tell whether folding would leave a column with less than half of its width."""
    widths = _widths(header, rows)
    return bool(rows) and any(
        2 * fitted < wide for fitted, wide in zip(_fit(widths, width), widths, strict=True)
    )


def _widths(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(header, *rows, strict=True)]


def _layout(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Write one row, as many lines as its most folded cell needs."""
    folded = [_fold(cell, one) for cell, one in zip(cells, widths, strict=True)]
    for number in range(max(map(len, folded), default=0)):
        parts = [lines[number] if number < len(lines) else "" for lines in folded]
        yield "  ".join(part.ljust(one) for part, one in zip(parts, widths, strict=True))


def _fold(cell: str, width: int) -> list[str]:
    """Break a cell into lines, after a space where there is one; indentation goes on."""
    indent = min(len(cell) - len(cell.lstrip()), width // 2)
    lines = []
    while len(cell) > width:
        end = cell.rfind(" ", indent + 1, width + 1) + 1 or width
        lines.append(cell[:end].rstrip())
        cell = " " * indent + cell[end:]
    return [*lines, cell]


def _fit(widths: list[int], total: int) -> list[int]:
    """Make the widest columns narrower until all fit; no column gets narrower than 8."""
    room = total - 2 * (len(widths) - 1)
    fitted = list(widths)
    while sum(fitted) > room and max(fitted) > 8:
        widest = fitted.index(max(fitted))
        second = max([one for one in fitted if one < fitted[widest]], default=8)
        fitted[widest] = max(second, fitted[widest] - (sum(fitted) - room), 8)
        if fitted[widest] == widths[widest] or second == fitted[widest] == max(fitted):
            fitted[widest] = max(8, fitted[widest] - 1)
    return fitted


def python(term: Term | None) -> Any:
    """Turn an RDF term into a Python value; what has no good Python type becomes text."""
    if term is None:
        return None
    text = getattr(term, "value", None)
    if text is None:
        return str(term)
    if type(term).__name__ != "Literal":
        return text
    return _literal(text, term.datatype.value)  # type: ignore[union-attr]


def _literal(text: str, datatype: str) -> Any:
    read = _READERS.get(datatype.removeprefix(_XSD))
    try:
        return read(text) if read else text
    except (ValueError, ArithmeticError):
        return text


_READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("integer", "int", "long", "short", "nonNegativeInteger"), int),
    **dict.fromkeys(("double", "float"), float),
    "decimal": Decimal,
    "boolean": lambda text: text in ("true", "1"),
    "dateTime": datetime.fromisoformat,
}
