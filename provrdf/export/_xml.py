"""What XML cannot hold is refused with the place, instead of written as a file that nobody can read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyoxigraph import Literal, Quad

from provrdf.errors import FormatError

_ELEMENT = re.compile(r"[^\W\d][\w.\-]*\Z")  # RDF/XML makes an element's name of the end of a property's IRI
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def require_xml(quads: Iterable[Quad]) -> None:
    """Check that all values can stand in XML.

    Raises
    ------
    FormatError
        A value has a control character.
    """
    for quad in quads:
        found = _FORBIDDEN.search(quad.object.value) if isinstance(quad.object, Literal) else None
        if found:
            message = (
                f"XML cannot hold the character U+{ord(found[0]):04X} in a value of {quad.subject}; "
                "choose a format that is not XML, such as trig or provjson"
            )
            raise FormatError(message)


def require_elements(quads: Iterable[Quad]) -> None:
    """Check that all properties can be names of elements.

    Raises
    ------
    FormatError
        A property ends in something that is no name in XML.
    """
    for iri in sorted({quad.predicate.value for quad in quads}):
        if not _ELEMENT.search(iri):
            message = (
                f"RDF/XML has no name for the property <{iri}>; choose another RDF format, such as turtle"
            )
            raise FormatError(message)
