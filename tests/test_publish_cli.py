"""The verbs publish and status, from the command line to a real server and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from provrdf.cli import main
from published import quads
from servers import Server, oxigraph, running

KNOWN = "https://prov.example.org/"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run Oxigraph in memory."""
    with running(oxigraph()) as started:
        yield started


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """Return a folder with a night of six sessions and a configuration; the catalog is the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    for name in ("USER", "PASSWORD", "TOKEN", "ENDPOINT"):
        monkeypatch.delenv(f"PROVRDF_{name}", raising=False)
    write(tmp_path, {f"s{number}": "" for number in range(1, 7)})
    server = request.getfixturevalue("server")
    (tmp_path / "provrdf.toml").write_text(
        f'base = "{KNOWN}"\n[publish]\nendpoint = "{server.url}"\n'
        f'catalog = "{KNOWN}graph/catalog-{request.node.name}"\n'
    )
    return tmp_path


def write(folder: Path, sessions: dict[str, str]) -> None:
    """Write sessions as N-Quads."""
    lines = (line for key, tag in sessions.items() for line in quads(key, tag=tag, base=KNOWN))
    (folder / "night.nq").write_text("\n".join(lines) + "\n")


def publish(*arguments: str) -> int:
    """Run the verb without checking rules that made-up sessions do not keep."""
    return main(["publish", "night.nq", "--no-validate", *arguments])


def test_a_night(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Dry run, publish, again, one change, status, withdraw: codes and words."""
    assert publish("--dry-run") == 0
    assert capsys.readouterr().out.count("new ") == 6
    assert publish("--receipt", "receipt.json", "-v") == 0
    assert "s1: published (34 statements" in capsys.readouterr().err
    receipt = json.loads((night / "receipt.json").read_text())
    assert receipt["counts"] == {"published": 6}
    assert receipt["writes"] > 0
    assert publish("--receipt", "-") == 0
    receipt = json.loads(capsys.readouterr().out)
    assert (receipt["counts"], receipt["writes"]) == ({"unchanged": 6}, 0)
    write(night, {f"s{number}": "x" if number == 3 else "" for number in range(1, 7)})
    assert main(["status", "night.nq"]) == 1
    out = capsys.readouterr().out
    assert out.count("published") == 5
    assert "differs        s3" in out
    assert publish("--dry-run", "--diff-limit", "3") == 0
    out = capsys.readouterr().out
    assert "changed    s3  (34 statements, 4 added, 4 removed)" in out
    assert "... and 5 more" in out
    assert publish() == 0
    assert main(["status", "night.nq"]) == 0
    assert main(["publish", "--retract", "s3"]) == 0
    assert main(["publish", "--retract", "s77"]) == 2
    capsys.readouterr()
    assert publish() == 1
    assert "--republish" in capsys.readouterr().err
    assert main(["publish", "--gc", "--grace", "0"]) == 0
    assert publish("--republish") == 0


def test_status_as_json(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is there, for a program."""
    assert main(["status"]) == 0
    assert capsys.readouterr().out == "nothing is published there\n"
    assert publish("-q") == 0
    assert capsys.readouterr() == ("", "")
    assert main(["status", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["key"] for row in rows] == [f"s{number}" for number in range(1, 7)]
    assert {row["relation"] for row in rows} == {"published"}


def test_refusals(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No base IRI, no endpoint, a password in an address, purging nothing: exit code 2, and what is right."""
    (night / "empty.toml").write_text("")
    for arguments, words in (
        (["publish", "night.nq", "-c", "empty.toml"], "no base IRI is configured"),
        (
            ["publish", "night.nq", "-c", "empty.toml", "--base", KNOWN, "--no-validate"],
            "name one with --endpoint",
        ),
        (["publish", "night.nq", "--endpoint", "http://ann:pw@127.0.0.1/"], "no place in an address"),
        (["publish", "night.nq", "--no-validate", "--target", "directory"], "a name and a place"),
        (["publish", "night.nq", "--purge"], "--retract"),
        (["publish", "night.nq", "--profile", "oxygraph", "--no-validate"], "oxigraph"),
    ):
        assert main(arguments) == 2, arguments
        told = capsys.readouterr().err
        assert words in told
        assert ":pw" not in told


def test_a_store_that_is_down(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 4, one line, no traceback."""
    assert publish("--endpoint", "http://127.0.0.1:9", "--tries", "1") == 4
    assert capsys.readouterr().err.count("\n") == 1


def test_secrets_are_not_published(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A password in a value stops everything, is not shown, and can be accepted by its mark."""
    line = next(iter(quads("s1", base=KNOWN))).split(" ")[0]
    secret = f'{line} <https://w3id.org/provrdf/ns#note> "password=hunter2hunter2" <{KNOWN}graph/s1> .\n'
    with (night / "night.nq").open("a") as stream:
        stream.write(secret)
    assert publish() == 1
    told = capsys.readouterr()
    assert "hunter2" not in told.out + told.err
    mark = told.err.rpartition("--accept ")[2].strip()
    assert main(["status"]) == 0
    assert capsys.readouterr().out == "nothing is published there\n"
    assert publish("--accept", mark) == 0


def test_violations_are_not_published(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What breaks the rules stays here unless somebody insists."""
    entity, activity, graph = f"<{KNOWN}entity/e>", f"<{KNOWN}activity/s1--0>", f"<{KNOWN}graph/s1>"
    with (night / "night.nq").open("a") as stream:
        stream.write(f"{entity} <http://www.w3.org/ns/prov#wasDerivedFrom> {entity} {graph} .\n")
        stream.write(f"{entity} <http://www.w3.org/ns/prov#wasGeneratedBy> {activity} {graph} .\n")
    assert main(["publish", "night.nq"]) == 1
    assert "violations of the rules" in capsys.readouterr().err
    assert main(["publish", "night.nq", "--despite-violations"]) == 0


def test_clocks_are_checked_without_a_model(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also without a model file, an activity that ends before its start is not published."""
    with (night / "night.nq").open("a") as stream:
        stream.write(
            f"<{KNOWN}activity/s1--0> <http://www.w3.org/ns/prov#endedAtTime> "
            f'"1999-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> <{KNOWN}graph/s1> .\n'
        )
    assert main(["publish", "night.nq"]) == 1
    assert "the end is before the start" in capsys.readouterr().err


def test_to_a_folder(night: Path) -> None:
    """Without a server: files; a dry run asks a server and so is refused."""
    assert publish("--target", "directory:public", "--dry-run") == 2
    assert not (night / "public").exists()
    assert publish("--target", "directory:public") == 0
    assert len(list((night / "public" / "graphs").iterdir())) == 6
    assert (night / "public" / "current.trig").exists()


def test_probe(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the store can do, found out anew."""
    assert main(["publish", "--probe"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["profile"], found["atomic"], found["row_cap"]) == ("oxigraph", True, None)


def test_nothing_secret_in_any_file(night: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Password and token are in no manifest, receipt, probe or catalog."""
    monkeypatch.setenv("PROVRDF_USER", "ann")
    monkeypatch.setenv("PROVRDF_PASSWORD", "s3cret-passw0rd")
    assert publish("--receipt", "receipt.json") == 0
    written = [path for path in night.rglob("*") if path.is_file()]
    assert len(written) > 4
    assert not any(b"s3cret-passw0rd" in path.read_bytes() for path in written)
