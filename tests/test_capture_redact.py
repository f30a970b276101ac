"""Secrets: what looks like one never reaches the log; what does not is left alone."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provrdf.capture.redact import MASK, Redactor

PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
"""A busy machine is no failure."""

SECRET = "s3cr3t-Hunter2-XYZ"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----"

PLANTED = [
    f"https://bob:{SECRET}@archive.example.org/data",
    f"postgresql://bob:{SECRET}@db/obs",
    f"postgresql://bob:p@{SECRET}/x@db:5432/obs",
    f"https://{SECRET}@github.com/x/y.git",
    f"https://example.org/api?run=5&access_token={SECRET}",
    f"https://example.org/api?apikey={SECRET}#top",
    f"https://example.org/file?X-Amz-Signature={SECRET}&X-Amz-Credential={SECRET}",
    f"https://acc.blob.core.windows.net/c?sv=1&sig={SECRET}",
    f"host=db user=bob password={SECRET} dbname=obs",
    f"password: '{SECRET}'",
    f'{{"client_secret": "{SECRET}"}}',
    f"DB_PASSWORD={SECRET}",
    f"Authorization: Bearer {SECRET}",
    f"login failed for token={SECRET}, try again",
    f"rsync bob:{SECRET}@host:/data .",
    f"curl -u bob:{SECRET} https://example.org/",
    f"curl --user=bob:{SECRET} https://example.org/",
    f"AWS_SECRET_ACCESS_KEY={SECRET}",
    JWT,
    KEY,
    KEY.partition("-----END")[0],
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "glpat-abcdefghijklmnopqrst",
    "xoxb-123456789012-abcdefghijkl",
    "hf_abcdefghijklmnopqrstuvwxyz",
    "sk-proj-abcdefghijklmnopqrstuvwx",
    "pypi-AgEIcHlwaS5vcmcCJDEyMzQ1Njc4",
    "AIzaSyA1234567890abcdefghijklmnopqrstuvw",
]

HARMLESS = [
    "/fefs/aswg/data/real/DL1/20191123/v0.12.3/tailcut84/dl1_LST-1.Run01615.0002.h5",
    "application/x-hdf",
    "Author: A. Astronomer",
    "tokenizer",
    "crab@example.org",
    "2026-11-22T07:36:13.348707",
    "https://example.org/data/run?run=5&night=20191123",
    "http://host:8080/a@b",
    "root://eos.example.org//data/file.root",
    "Basic principles of calibration",
    "key",
    "monkey business",
    "gl-1.2.3",
    '{"frame":null,"lon":null,"lat":null,"radius":null}',
    "0dd8f0e3c1541be27c0a4cc81d54f0d7",
    "gamma-events:23523",
    "docker run -u 1000:1000 image",
]


@pytest.mark.parametrize("text", PLANTED)
def test_secrets_are_masked(text: str) -> None:
    """Nothing of a secret is left, and it is counted."""
    cleaned, count = Redactor({}).clean(text)
    assert MASK in cleaned
    assert count >= 1
    for part in (SECRET, "Hunter2", "MIIEow", "EXAMPLE", "abcdefghij", "dozjgN", "eyJ", "AgEIc", "AIza"):
        assert part not in cleaned


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    """Paths, ids and words that only resemble a secret are not touched."""
    assert Redactor({}).clean(text) == (text, 0)


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "DB_PASSWORD",
        "apiKey",
        "api-key",
        "access_token",
        "clientSecret",
        "X-Auth-Token",
        "AWS_SECRET_ACCESS_KEY",
        "private_key",
        "credentials",
        "PGPASSWORD",
        "github_pat",
        "auth",
        "passphrase",
        "userpassword",
    ],
)
def test_names_of_secrets(name: str) -> None:
    """Names are compared by their words, however they are written."""
    assert Redactor({}).is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "author",
        "keyword",
        "threshold",
        "StoreImage",
        "tokenizer",
        "psf-kernel-radius",
        "monkey",
        "compass",
        "pass",
    ],
)
def test_names_of_no_secrets(name: str) -> None:
    """A word inside another word is not that word."""
    assert not Redactor({}).is_secret_name(name)


def test_more_words_can_be_configured() -> None:
    """A site names its own secrets."""
    assert Redactor({}, words=["Codeword"]).is_secret_name("codeword")


def test_values_of_secret_variables_are_masked_everywhere() -> None:
    """The value of a secret environment variable is a secret wherever it turns up; that of another is not."""
    redactor = Redactor(
        {"MY_TOKEN": "abc123def", "HOME": "/home/bob", "SSH_AUTH_SOCK": "/tmp/agent/s", "X_PASS": "abc"}
    )
    assert redactor.clean("run with abc123def, abc123def in /home/bob by /tmp/agent/s") == (
        f"run with {MASK}, {MASK} in /home/bob by /tmp/agent/s",
        2,
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run.py", "--password", SECRET, "out"], ["run.py", "--password", MASK, "out"]),
        (["run.py", f"--api-key={SECRET}"], ["run.py", f"--api-key={MASK}"]),
        (["run.py", "--token", "--verbose"], ["run.py", "--token", "--verbose"]),
        (["run.py", f"https://a:{SECRET}@b/"], ["run.py", f"https://{MASK}@b/"]),
        (["run.py", f"token={SECRET}"], ["run.py", f"token={MASK}"]),
        (["run.py", "--run", "01615"], ["run.py", "--run", "01615"]),
        (["run.py", "-u", f"bob:{SECRET}", "x:y"], ["run.py", "-u", MASK, "x:y"]),
        (["run.py", "-u", "root://eos/x", "-u", "bob"], ["run.py", "-u", "root://eos/x", "-u", "bob"]),
    ],
)
def test_arguments(arguments: list[str], expected: list[str]) -> None:
    """Options with a secret's name lose their value."""
    cleaned, count = Redactor({}).arguments(arguments)
    assert cleaned == expected
    assert count == sum(MASK in argument for argument in cleaned)


@settings(**PATIENT)
@given(st.text(max_size=200))
def test_any_text_can_be_cleaned(text: str) -> None:
    """Cleaning twice changes nothing more."""
    redactor = Redactor({})
    cleaned, _ = redactor.clean(text)
    assert redactor.clean(cleaned)[0] == cleaned or MASK in cleaned


def test_long_texts_do_not_take_forever() -> None:
    """A long text that resembles a secret all along is looked at in reasonable time."""
    for text in (
        "token" * 20_000,
        "a:" * 50_000 + "@",
        "key=" * 20_000,
        "https://" + "a" * 100_000,
        "eyJ" * 30_000,
    ):
        Redactor({}).clean(text)
