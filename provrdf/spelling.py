"""Find the word that was meant."""

from __future__ import annotations

from collections.abc import Iterable


def closest(word: str, known: Iterable[str], *, cutoff: float = 0.7) -> str | None:
    """Return the known word that `word` is most likely a misspelling of, or None.

    Case, ``-`` and ``_`` make no difference.

    >>> closest("entityNmae", ["role", "entityName"]), closest("fail-on", ["fail_on"])
    ('entityName', 'fail_on')
    >>> closest("size", ["role"])
    """
    import difflib  # only needed after a mistake

    words: dict[str, str] = {}
    for candidate in known:
        words.setdefault(_plain(candidate), candidate)
    found = difflib.get_close_matches(_plain(word), words, n=1, cutoff=cutoff)
    return words[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown word: a question, or the words that are known."""
    candidates = list(known)
    guess = closest(word, candidates)
    return f"did you mean {guess!r}?" if guess else f"one of: {', '.join(candidates)}"


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")
