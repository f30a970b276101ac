"""Identifiers of people: ORCID and e-mail addresses."""

from __future__ import annotations

import re

_ORCID = r"(?:(?:https?://)?orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\Z"
_EMAIL = r"[^@\s<>()]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}\Z"


def orcid(text: str) -> str:
    """Return an ORCID as its full IRI; the checksum is verified (ISO 7064 11-2).

    >>> orcid("0000-0002-1825-0097")
    'https://orcid.org/0000-0002-1825-0097'

    Raises
    ------
    ValueError
        When it is none.
    """
    match = re.match(_ORCID, text.strip())
    if match is None:
        message = f"{text!r} is no ORCID: write https://orcid.org/0000-0000-0000-0000 with its own digits"
        raise ValueError(message)
    digits = match[1].replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[-1] != ("X" if check == 10 else str(check)):
        message = f"{text!r} is no ORCID: its last digit does not fit, a digit is wrong or two are exchanged"
        raise ValueError(message)
    return f"https://orcid.org/{match[1]}"


def email(text: str) -> str:
    """Return an e-mail address.

    Raises
    ------
    ValueError
        When it is none.
    """
    if re.match(_EMAIL, text.strip()) is None:
        message = f"{text!r} is no e-mail address: write name@example.org"
        raise ValueError(message)
    return text.strip()
