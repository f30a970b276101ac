"""Short names for the IRIs in the data: which prefixes an export binds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from provrdf.iris import prefixes
from provrdf.vocab import RDF, XSD

_PLAIN = {XSD.string, RDF.langString}  # every syntax writes these without their name


def namespaces(quads: Sequence[Quad], base: str) -> dict[str, str]:
    """Choose the prefixes that the data needs: ours, one per model file.

    The terms of a model file are below ``{base}model/SHA#``; with one model its prefix is ``model``, with
    more they are ``model1``, ``model2``, ...
    """
    used = {namespace(iri) for iri in iris(quads)}
    pattern = re.compile(re.escape(base) + r"model/[^/#]+#\Z")
    models = sorted(filter(pattern.match, used))
    names = ["model"] if len(models) == 1 else [f"model{number + 1}" for number in range(len(models))]
    ours = {
        name: iri for name, iri in prefixes(base).items() if iri in used and not (models and name == "model")
    }
    return ours | dict(zip(names, models, strict=True))


def namespace(iri: str) -> str:
    """Cut an IRI after its last ``#`` or ``/``, or ``:`` when it has none.

    >>> namespace("http://x.org/model/0123#Step_a"), namespace("http://x.org/agent/lst")
    ('http://x.org/model/0123#', 'http://x.org/agent/')
    """
    end = max(iri.rfind("#"), iri.rfind("/"))
    return iri[: (iri.rfind(":") if end < 0 else end) + 1]


def iris(quads: Iterable[Quad]) -> Iterator[str]:
    """Go through all IRIs in the data, those of graphs and written datatypes too."""
    for quad in quads:
        yield quad.predicate.value
        for term in (quad.subject, quad.object, quad.graph_name):
            if isinstance(term, NamedNode):
                yield term.value
            elif isinstance(term, Literal) and term.datatype.value not in _PLAIN:
                yield term.datatype.value
