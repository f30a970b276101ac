"""Terms of vocabularies as plain strings: ``PROV.used``. Loads no RDF library."""

from __future__ import annotations

from provrdf.iris import VOCABULARY_PREFIXES


class Terms:
    """The terms of a vocabulary as attributes. Tests check that every term the mapping uses is declared."""

    def __init__(self, base: str) -> None:
        self.base = base

    def __getattr__(self, term: str) -> str:
        if term.startswith("__"):
            raise AttributeError(term)
        iri = self.base + term
        setattr(self, term, iri)  # found directly from now on
        return iri


PROV = Terms(VOCABULARY_PREFIXES["prov"])
VOPROV = Terms(VOCABULARY_PREFIXES["voprov"])
PROVRDF = Terms(VOCABULARY_PREFIXES["provrdf"])
DCTERMS = Terms(VOCABULARY_PREFIXES["dcterms"])
RDF = Terms(VOCABULARY_PREFIXES["rdf"])
RDFS = Terms(VOCABULARY_PREFIXES["rdfs"])
SPDX = Terms(VOCABULARY_PREFIXES["spdx"])
XSD = Terms(VOCABULARY_PREFIXES["xsd"])
