"""What leaves the house: session facts, paths, people, and never secrets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provrdf.publish.content import collect
from provrdf.publish.credentials import Secret
from provrdf.publish.privacy import PrivacyFilter, PrivacySettings, find_logins
from provrdf.publish.statement import Statement, Value
from provrdf.vocab import PROV, PROVRDF, RDFS, VOPROV, XSD
from published import BASE

ORCID = "https://orcid.org/0000-0002-1825-0097"
SESSION = f"{BASE}session/s1"


def fact(name: str, value: str | Value, subject: str = SESSION) -> Statement:
    """Make a fact about a session."""
    return Statement(subject, PROVRDF.BASE + name, value, f"{BASE}graph/s1")


def test_session_facts_by_allow_list() -> None:
    """Host, user, arguments and whatever else is not listed stay at home, and are counted."""
    privacy = PrivacyFilter(PrivacySettings(BASE))
    assert privacy(fact("softwareVersion", Value("v1"))) is not None
    for name in ("host", "user", "arguments", "executable", "whateverComes", "value"):
        assert privacy(fact(name, Value("x"))) is None
        assert privacy(fact(name, Value("x"), f"{BASE}environment/0123")) is None
    assert privacy(Statement(SESSION, PROV.value, Value("{}"))) is None
    assert privacy(fact("script", Value("x"), f"{BASE}activity/a")) is not None
    assert privacy.report()["session facts withheld"]["host"] == 2
    listed = PrivacyFilter(PrivacySettings(BASE, session_keys=("host",)))
    assert listed(fact("host", Value("x"))) is not None
    assert listed(fact("softwareVersion", Value("v1"))) is None


def test_paths_are_shortened_everywhere() -> None:
    """Data roots become relative places in texts, JSON and file addresses; likenesses are left alone."""
    privacy = PrivacyFilter(
        PrivacySettings(BASE, path_rewrites={"/fefs/aswg/data": "data", "/fefs/aswg": ""})
    )
    activity = f"{BASE}activity/a"

    def text(value: str) -> str:
        kept = privacy(fact("note", Value(value), activity))
        assert kept is not None
        assert isinstance(kept.object, Value)
        return kept.object.text

    assert text("/fefs/aswg/data/real/x.fits") == "data/real/x.fits"
    assert text("read /fefs/aswg/data/a, /fefs/aswg/b") == "read data/a, b"
    assert text('{"path":"/fefs/aswg/data/a"}') == '{"path":"data/a"}'
    assert text("/fefs/aswg/database/x") == "database/x"
    assert text("/backup/fefs/aswg/data/x") == "/backup/fefs/aswg/data/x"
    assert text("/fefs/aswg/data") == "data"
    assert text("/home/ann.b/x") == "/home/ann.b/x"
    assert privacy.report()["published as they are"] == {"home folders": 1}
    kept = privacy(Statement(activity, PROV.atLocation, "file:///fefs/aswg/data/a%20b.fits"))
    assert kept is not None
    assert kept.object == f"{BASE}location/data/a%20b.fits"
    kept = privacy(Statement(activity, PROV.atLocation, "file:///other/a.fits"))
    assert kept is not None
    assert kept.object == "file:///other/a.fits"


def test_home_folders_are_hidden_with_people() -> None:
    """Where people get pseudonyms, their home folders have no names either."""
    privacy = PrivacyFilter(PrivacySettings(BASE, pseudonymous=True))
    kept = privacy(fact("note", Value("/home/ann.b/x and /Users/bob/y"), f"{BASE}activity/a"))
    assert kept is not None
    assert kept.object == Value("~/x and ~/y")


def _agent(login: str) -> list[str]:
    agent, activity, graph = f"<{BASE}agent/{login}>", f"<{BASE}activity/a>", f"<{BASE}graph/s1>"
    association = f"<{BASE}association/a--{login}>"
    return [
        f'{agent} <{RDFS.label}> "{login}" {graph} .',
        f'{agent} <{VOPROV.name}> "{login}" {graph} .',
        f'{agent} <{VOPROV.email}> "{login}@example.org" {graph} .',
        f"{activity} <{PROV.wasAssociatedWith}> {agent} {graph} .",
        f"{activity} <{PROV.qualifiedAssociation}> {association} {graph} .",
        f"{association} <{PROV.agent}> {agent} {graph} .",
        f'{activity} <{PROVRDF.script}> "/data/{login}/run.py as {login}, not {login}s" {graph} .',
    ]


def _published(settings: PrivacySettings, lines: list[str]) -> str:
    privacy = PrivacyFilter(settings, logins=find_logins(lines, base=BASE))
    with collect(lines, base=BASE, change=privacy) as (graph,):
        return b"".join(graph.content).decode()


def test_people_get_pseudonyms() -> None:
    """No login is left anywhere; the same login has the same pseudonym; another key gives another."""
    lines = _agent("lstanalyzer")
    text = _published(PrivacySettings(BASE, pseudonymous=True), lines)
    assert "lstanalyzer" not in text.replace("lstanalyzers", "")
    assert "example.org> " not in text
    assert "email" not in text
    assert text.count("agent/agent-") == 4
    assert text == _published(PrivacySettings(BASE, pseudonymous=True), lines[::-1]), "order does not matter"
    keyed = _published(PrivacySettings(BASE, pseudonymous=True, pseudonym_key=Secret("k")), lines)
    assert keyed != text


def test_people_get_names_and_orcids() -> None:
    """A name to publish, or the address of a person."""
    lines = [*_agent("jdoe"), *_agent("lstanalyzer")]
    agents = {"jdoe": ORCID, "lstanalyzer": "LST analysis"}
    text = _published(PrivacySettings(BASE, agents=agents), lines)
    assert f"<{PROV.wasAssociatedWith}> <{ORCID}>" in text
    assert f"<{BASE}agent/LST%20analysis>" in text
    assert '"0000-0002-1825-0097"' in text
    assert "jdoe" not in text.replace("jdoes", "")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ann:s3cr3tpw@db.example/x",
        "--password=hunter2secret",
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        "Authorization: Bearer abcdefghijklmnop123456",
        '{"api_key": "0123456789abcdef"}',
    ],
)
def test_secrets_are_found_and_not_repeated(text: str) -> None:
    """Each kind is found once, shown masked, and can be accepted by its mark."""
    privacy = PrivacyFilter(PrivacySettings(BASE))
    privacy(fact("note", Value(text), f"{BASE}activity/a"))
    (found,) = privacy.secrets
    for piece in (
        "s3cr3tpw",
        "hunter2secret",
        "AKIAIOSFODNN7EXAMPLE",
        "MIIE",
        "abcdefghijklmnop",
        "0123456789abcdef",
    ):
        assert piece not in repr(found)
    accepted = PrivacyFilter(PrivacySettings(BASE, accepted=frozenset([found.mark])))
    accepted(fact("note", Value(text), f"{BASE}activity/a"))
    assert accepted.secrets == []


@pytest.mark.parametrize(
    "statement",
    [
        Statement(f"{BASE}parameter/a--b--password", PROV.value, Value("PLANTED")),
        Statement(f"{BASE}parameter/a--b--api%20key", PROV.value, Value("PLANTED")),
        Statement(f"{BASE}activity/a", f"{PROVRDF.BASE}accessToken", Value("PLANTED")),
    ],
)
def test_a_name_makes_a_secret(statement: Statement) -> None:
    """What is called a password is one, however it looks; a switch of that name is none."""
    privacy = PrivacyFilter(PrivacySettings(BASE))
    privacy(statement)
    (found,) = privacy.secrets
    assert "PLANTED" not in repr(found)
    for harmless in (Value("[redacted]"), Value(""), Value("true", XSD.boolean)):
        privacy(statement._replace(object=harmless))
    privacy(statement._replace(subject=f"{BASE}parameter/a--b--threshold", predicate=PROV.value))
    assert len(privacy.secrets) == 1


def test_what_was_redacted_before_is_no_secret() -> None:
    """The capture's own mask does not stop publishing."""
    privacy = PrivacyFilter(PrivacySettings(BASE))
    privacy(fact("note", Value("--password=[redacted] https://[redacted]@x/"), f"{BASE}activity/a"))
    assert privacy.secrets == []


@given(
    st.lists(st.sampled_from(["/fefs/aswg/data/x", "/home/ann/x", "plain", "ann", "/fefs/aswgx"]), max_size=4)
)
@settings(max_examples=50, deadline=None)
def test_filtering_again_changes_nothing(words: list[str]) -> None:
    """What may leave the house may leave it twice."""
    privacy = PrivacyFilter(
        PrivacySettings(BASE, path_rewrites={"/fefs/aswg": "data"}, agents={"anna": "A"}), logins=["anna"]
    )
    once = privacy(fact("note", Value(" ".join(words)), f"{BASE}activity/a"))
    assert once is not None
    assert privacy(once) == once
