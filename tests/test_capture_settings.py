"""Settings: provrdf's own files, and those of lstosa, gammapy and logprov, unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from provrdf.capture.bind import Binder, Scope
from provrdf.capture.resolve import MISSING
from provrdf.capture.settings import Settings, read_settings
from provrdf.config import Config, load_config
from provrdf.errors import ConfigError


def test_defaults() -> None:
    """Without a word: content hashes by SHA-256, UTC, the field's lines, privacy."""
    assert read_settings(None) == Settings()
    assert (Settings().hash_method, Settings().hash_buffer, Settings().timezone) == (
        "sha256",
        "content",
        "UTC",
    )
    assert Settings().env_vars == ()


def test_lstosa_logger(corpus: Path) -> None:
    """lstosa's logger.yaml: its log, its layout, MD5 of the path."""
    path = corpus / "lstosa" / "logger.yaml"
    assert read_settings(path) == Settings(
        log="prov.log", prefix="__PROV__", hash_method="md5", hash_buffer="path", file=str(path)
    )


def test_hash_type_means_either(tmp_path: Path) -> None:
    """gammapy's HASH_TYPE says what is hashed; others mean the algorithm by it."""
    assert read_settings({"HASH_TYPE": "path"}).hash_buffer == "path"
    assert read_settings({"HASH_TYPE": "SHA1"}).hash_method == "sha1"


def test_logprov_configuration() -> None:
    """logprov's keys, and its defaults where it says nothing."""
    settings = read_settings(
        {
            "capture": True,
            "hash_type": "sha512",
            "log_filename": "p.log",
            "log_args": False,
            "env_vars": ["NIGHT"],
            "system_dict": {"site": "ORM"},
            "logging": {
                "handlers": {"provHandler": {"filename": "other.log", "formatter": "f"}},
                "formatters": {"f": {"format": "%(levelname)s: %(message)s"}},
                "loggers": {"provLogger": {"handlers": ["provHandler"]}},
            },
        }
    )
    assert (settings.hash_method, settings.log, settings.prefix) == ("sha512", "p.log", "_PROV_")
    assert settings.layout == "%(levelname)s: %(message)s"
    assert (settings.log_args, settings.log_kwargs, settings.logprov) == (False, True, True)
    assert (settings.env_vars, dict(settings.extra)) == (("NIGHT",), {"site": "ORM"})


def test_own_toml(tmp_path: Path) -> None:
    """A capture table; paths are relative to the file, and its logger file is read first."""
    (tmp_path / "logger.yaml").write_text("PREFIX: __P__\nHASH_METHOD: md5\ncapture: true\n")
    path = tmp_path / "provrdf.toml"
    path.write_text(
        'timezone = "Atlantic/Canary"\nbase = "https://x.org/"\n'
        '[capture]\nlogger = "logger.yaml"\nmodel = "m.yaml"\nlog = "logs/p.log"\n'
        'format = "jsonl"\nhash_method = "sha1"\n'
    )
    settings = read_settings(path)
    assert settings.timezone == "Atlantic/Canary"
    assert (settings.model, settings.log) == (str(tmp_path / "m.yaml"), str(tmp_path / "logs" / "p.log"))
    assert (settings.format, settings.prefix, settings.hash_method) == ("jsonl", "__P__", "sha1")


def test_pyproject(tmp_path: Path) -> None:
    """The same under [tool.provrdf] of a pyproject.toml; the rest of that file is someone else's."""
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "x"\n[tool.provrdf.capture]\nagent = "lstanalyzer"\n')
    assert read_settings(path).agent == "lstanalyzer"


def test_own_config(tmp_path: Path) -> None:
    """What provrdf itself read is understood, without reading it again."""
    path = tmp_path / "provrdf.toml"
    path.write_text('timezone = "Atlantic/Canary"\nmodel = "m.yaml"\n[capture]\nagent = "operator"\n')
    settings = read_settings(load_config(path, env={}))
    assert (settings.timezone, settings.agent) == ("Atlantic/Canary", "operator")
    assert settings.model == str(tmp_path / "m.yaml")
    assert read_settings(Config()) == Settings()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"hash_metod": "md5"}, "hash_metod: unknown key, did you mean 'hash_method'"),
        ({"hash_method": "crc32"}, "hash_method: 'crc32' is none of sha256"),
        ({"timezone": "Mars/Olympus"}, "use a name such as UTC or Atlantic/Canary"),
        ({"prefix": "{}"}, "cannot divide a line"),
        ({"capture": "maybe"}, "neither true nor false"),
        ({"hash_limit": -1}, "no number of bytes"),
        ({"env_vars": "HOME"}, "no list of names"),
        ({"extra": 5}, "no table"),
        ({"log": ""}, "no text"),
    ],
)
def test_mistakes(wrong: dict[str, Any], message: str) -> None:
    """Each mistake names the key, and what would be right."""
    with pytest.raises(ConfigError, match=message):
        read_settings(wrong)


def test_all_mistakes_at_once() -> None:
    """Three mistakes are three problems of one error."""
    with pytest.raises(ConfigError) as caught:
        read_settings({"a": 1, "b": 2, "format": "xml"})
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("name", "text"), [("c.toml", "= x"), ("c.yaml", "a: [1"), ("c.yaml", "- 1"), ("c.toml", None)]
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, text: str | None) -> None:
    """The error names the file."""
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigError, match=name):
        read_settings(path)


class Step:
    """A class with a step."""

    night = "20191123"
    given = "of self"

    @property
    def broken(self) -> str:
        """Raises what getattr takes for absence."""
        raise AttributeError

    def run(self, first: int, given: str = "argument", *rest: int, flag: bool = False, **more: int) -> None:
        """Take arguments of every kind."""


def scope(*args: Any, **kwargs: Any) -> Scope:
    """Bind a call of the step."""
    return Scope(Binder(Step.run), args, kwargs)


def test_names_of_a_call() -> None:
    """Arguments by name, defaults, the rest, `self`, its attributes; self's attributes come first."""
    names = scope(Step(), 1, "x", 2, 3, flag=True, other=5)
    found = {name: names.find(name) for name in ("first", "rest", "flag", "other", "more", "night", "given")}
    assert found == {
        "first": 1,
        "rest": (2, 3),
        "flag": True,
        "other": 5,
        "more": {"other": 5},
        "night": "20191123",
        "given": "of self",
    }
    assert isinstance(names.find("self"), Step)
    assert names.find("kwargs")["given"] == "x"  # type: ignore[index]
    assert names.find("args")[1] == 1  # type: ignore[index]
    assert names.find("broken") is MISSING
    assert names.find("nothing") is MISSING


def test_names_after_the_call() -> None:
    """The result by name, then its fields, then globals of the function's module."""
    names = scope(Step(), 1)
    assert names.find("events") is MISSING
    names.returned({"events": [1]})
    assert names.find("events") == [1]
    assert names.find("result") == {"events": [1]}
    assert names.find("Step") is Step
    assert names.find("__builtins__") is MISSING


def test_a_wrong_call_is_no_error_here() -> None:
    """The function itself says what is wrong with its arguments."""
    assert scope().find("first") is MISSING
    assert scope(1, 2, 3, first=4).find("first") == 4
    assert Scope(Binder(print), ("x",)).find("args") == ("x",)
