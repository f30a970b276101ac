"""What a base IRI, a URL and a time zone must be. Each check returns the value or raises ValueError."""

from __future__ import annotations

import re

LOCAL_BASE = "http://provrdf.localhost/"
"""Base IRI when none is configured. It is nobody's: publishing refuses it."""

_BAD = r"[\s<>\"{}|\\^`\x00-\x1f\x7f]|%(?![0-9A-Fa-f]{2})"


def base_iri(text: str) -> str:
    """Check a base IRI: everything minted begins with it.

    >>> base_iri("https://provenance.example.org/lst/")
    'https://provenance.example.org/lst/'
    """
    if text == LOCAL_BASE:  # the usual one
        return text
    url(text)
    if "#" in text or "?" in text:
        message = f"{text!r} has a '#' or '?' in it: end it with '/'"
        raise ValueError(message)
    if not text.endswith("/"):
        message = f"{text!r} must end with '/': {text + '/'!r}"
        raise ValueError(message)
    return text


def url(text: str) -> str:
    """Check an absolute http(s) address without credentials."""
    if not text.startswith(("http://", "https://")):
        message = f"{text!r} must begin with http:// or https://"
        raise ValueError(message)
    bad = re.search(_BAD, text)
    if bad:
        message = f"{text!r} has {bad.group()!r} in it, which no address can have"
        raise ValueError(message)
    host = re.split(r"[/?#]", text.split("://", 1)[1], maxsplit=1)[0]
    if "@" in host:
        # not shown: it is probably a password
        raise ValueError("a user name or password has no place in an address: give credentials otherwise")
    if not re.fullmatch(r"(?:\[[0-9A-Fa-f:.]+\]|[^\[\]:@/]+)(?::\d{1,5})?", host):
        message = f"{text!r} has no host name"
        raise ValueError(message)
    return text


def time_zone(text: str) -> str:
    """Check the IANA name of a time zone."""
    if text == "UTC":  # needs no database
        return text
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        names = available_timezones()
        if not names:
            raise ValueError("this computer has no time zone database: pip install tzdata") from None
        message = f"{text!r} is no time zone: {_zone_hint(text, names)}"
        raise ValueError(message) from None
    return text


def _zone_hint(text: str, names: set[str]) -> str:
    from provrdf.spelling import closest

    ends = {name.rpartition("/")[2].lower(): name for name in sorted(names, reverse=True)}
    guess = ends.get(text.lower().replace(" ", "_")) or closest(text, sorted(names))
    return f"did you mean {guess!r}?" if guess else "write an IANA name such as 'Atlantic/Canary' or 'UTC'"
