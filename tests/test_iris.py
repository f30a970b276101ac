"""Keys and parts of IRIs."""

from urllib.parse import quote, unquote

from hypothesis import given
from hypothesis import strategies as st

from provrdf.iris import key, part, percent

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
IN_PATHS = "/~!$&'()*+,;=:@"


@given(st.text(max_size=20))
def test_percent_is_that_of_urls(text):
    """Escaping agrees with Python's own; what is no Unicode text becomes ``?``."""
    assert percent(text, safe=IN_PATHS) == quote(text, safe=IN_PATHS, errors="replace")
    assert percent(text, safe="~") == quote(text, safe="", errors="replace")


@given(TEXTS)
def test_parts_can_be_read_back(text):
    """A part keeps all of a text that is not too long, and never holds what separates parts."""
    found = part(text)
    assert "--" not in found
    if not found.startswith("sha256-"):
        assert unquote(found) == text


@given(st.lists(TEXTS, min_size=1, max_size=3), st.lists(TEXTS, min_size=1, max_size=3))
def test_different_parts_give_different_keys(one, other):
    """Two keys are the same only when all their parts are."""
    assert (key(*one) == key(*other)) == (one == other)
