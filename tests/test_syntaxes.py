"""RDF files told by their names."""

import gzip

import pytest

from provrdf.syntaxes import rdf_syntax


@pytest.mark.parametrize(
    ("name", "syntax"),
    [
        ("night.nq", "nquads"),
        ("NIGHT.TTL.GZ", "turtle"),
        ("logs/night.rdf", "rdfxml"),
        ("night.nq/", "nquads"),
        ("night.ttl.log", None),
        (".ttl", None),
        ("ttl", None),
        ("", None),
        ("-", None),
        ("missing.json", None),
    ],
)
def test_the_last_ending_tells(name, syntax):
    """Upper and lower case are the same, and .gz may follow."""
    assert rdf_syntax(name) == syntax


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("name", "text", "syntax"),
    [
        ("a.json", b'{"@context": {}}', "jsonld"),
        ("a.json", b'{"activity_name": "x"}', None),
        ("a.xml", b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "rdfxml"),
        ("a.xml", b"<html/>", None),
    ],
)
def test_content_tells_where_names_do_not(tmp_path, name, text, syntax, pack):
    """A .json or .xml file is looked into, unpacked if it is gzip."""
    path = tmp_path / name
    path.write_bytes(pack(text))
    assert rdf_syntax(path) == syntax
