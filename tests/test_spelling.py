"""Finding the word that was meant."""

from provrdf.spelling import closest, did_you_mean


def test_misspelt_words_are_found():
    """Swapped, missing and additional letters, and another way to join words."""
    known = ["role", "entityName", "has_members", "multiplicity"]
    assert closest("rolle", known) == "role"
    assert closest("entity_name", known) == "entityName"
    assert closest("has-member", known) == "has_members"
    assert closest("multiplicty", known) == "multiplicity"


def test_other_words_are_not():
    """A word that is like none gives nothing, or the words that are known."""
    assert closest("filters", ["parameters", "usage"]) is None
    assert did_you_mean("zzz", ["a", "b"]) == "one of: a, b"
    assert did_you_mean("usages", ["usage"]) == "did you mean 'usage'?"


def test_of_two_spellings_of_one_word_the_first_is_named():
    """The preferred key comes first in the lists of keys."""
    assert closest("contenttyp", ["contentType", "content_type"]) == "contentType"
