"""Regular expressions for what is written by the rules of others: VOUnits, UCD1+, utypes, ORCID, e-mail.

They are searched, so each is anchored, and they use only what Python and XPath regular expressions share.
"""

from __future__ import annotations

_PREFIXABLE = (
    "A|a|adu|arcsec|as|B|b|barn|Ba|bin|bit|byte|C|cd|chan|count|ct|D|deg|erg|eV|F|G|g|H|Hz|J|Jy|K|lm|lx|lyr|"
    "m|mag|mol|N|Ohm|Pa|pc|ph|photon|pix|pixel|R|rad|Ry|S|s|sr|T|u|V|vox|voxel|W|Wb|yr"
)
_BARE = (
    "%|angstrom|Angstrom|arcmin|AU|au|beam|cy|d|dB|electron|h|min|Sun|sol(?:Lum|Mass|Rad)|mas|unknown|'[^']+'"
)
_PREFIX = "(?:da|Ki|Mi|Gi|Ti|Pi|Ei|[yzafpnumcdhkMGTPEZY])?"
_POWER = r"(?:\*\*(?:[+-]?[0-9]+|\([+-]?[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?\)))?"
_SYMBOL = f"(?:{_PREFIX}(?:{_PREFIXABLE})|{_BARE}){_POWER}"
_INNER = rf"\({_SYMBOL}(?:[./]{_SYMBOL})*\)"
_FACTOR = rf"(?:{_SYMBOL}|(?:log|ln|exp|sqrt){_INNER}|{_INNER}{_POWER})"
_SCALE = r"(?:10(?:\*\*[+-]?[0-9]+)?|[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)"

UNIT = rf"^(?:{_SCALE} ?)?(?:{_FACTOR}(?:[./]{_FACTOR})*)?$"
"""VOUnits 1.0: known symbols with SI prefixes, ``.`` to multiply, ``/`` to divide, ``**`` for powers."""

_UCD_WORD = (
    r"(?:[A-Za-z][A-Za-z0-9_-]*:[A-Za-z0-9][A-Za-z0-9_.-]*"
    r"|(?:arith|em|instr|meta|obs|phot|phys|pos|spect|src|stat|time)(?:\.[A-Za-z0-9_-]+)*)"
)
UCD = rf"^{_UCD_WORD}(?:;{_UCD_WORD})*$"
"""UCD1+: words of the controlled vocabulary's twelve trees, or words with a namespace."""

UTYPE = r"^(?:[A-Za-z_][A-Za-z0-9_-]*:)?[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*$"
"""utype: ``model:Class.attribute``."""

ORCID = r"^https://orcid\.org/[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$"
"""ORCID as an IRI."""

EMAIL = r"^[^@ ]+@[^@ ]+\.[^@ .]+$"
"""E-mail address."""

ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})$"
"""A time that says its zone."""

SCHEME_OF_OURS = "^(?:id|param):"
"""Made-up schemes that old converters used instead of IRIs."""
