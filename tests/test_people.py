"""ORCIDs and e-mail addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provrdf.people import email, orcid


@pytest.mark.parametrize(
    "text",
    ["0000-0002-1825-0097", "orcid.org/0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"],
)
def test_an_orcid_becomes_its_address(text):
    """However it is written, the result is the full address."""
    assert orcid(text) == "https://orcid.org/0000-0002-1825-0097"


def test_an_orcid_may_end_with_x():
    """The check digit ten is written X."""
    assert orcid("0000-0002-1694-233X").endswith("233X")


@pytest.mark.parametrize("text", ["", "0000-0002-1825-009", "0000-0002-1825-0079", "http://example.org/0000"])
def test_what_is_no_orcid(text):
    """A wrong digit is told by the checksum."""
    with pytest.raises(ValueError, match="is no ORCID"):
        orcid(text)


@given(st.integers(0, 14), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(position, shift):
    """No digit can be changed alone."""
    digits = list("000000021825009")
    digits[position] = str((int(digits[position]) + shift) % 10)
    text = "".join(digits) + "7"
    with pytest.raises(ValueError, match="last digit does not fit"):
        orcid("-".join(text[start : start + 4] for start in range(0, 16, 4)))


def test_email_addresses():
    """Name, at, and a domain with a dot."""
    assert email(" ann.lee+prov@obs.example.org ") == "ann.lee+prov@obs.example.org"
    for text in ("ann", "ann@host", "ann at example.org", "a@b@example.org", "<ann@example.org>"):
        with pytest.raises(ValueError, match="is no e-mail address"):
            email(text)
