"""The command line as a whole: lazy, with documented exit codes, quiet when its reader goes away."""

import subprocess
import sys

import pytest

from provrdf import __version__, cli
from provrdf.cli import VERBS, build_parser, main
from provrdf.errors import (
    ConfigError,
    FormatError,
    LogError,
    ModelError,
    PublishError,
    PublishHaltedError,
    QueryError,
    StoreError,
    UsageError,
)

HEAVY = {
    "rdflib",
    "pyoxigraph",
    "pyshacl",
    "prov",
    "rich",
    "yaml",
    "pydot",
    "SPARQLWrapper",
    "shtab",
    "tomllib",
}


def loaded_by(arguments):
    """Heavy modules that a command line loads, in a process of its own."""
    code = (
        "import sys\n"
        "from provrdf.cli import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit:\n"
        "    pass\n"
        f"sys.stderr.write(' '.join(sorted({HEAVY!r} & {{*sys.modules}})))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout, done.stderr.split()


@pytest.fixture
def one_verb(monkeypatch):
    """Make `check-model` run a function of the test."""
    from provrdf.cli import check_model

    def put(function):
        monkeypatch.setattr(check_model, "run", function)

    return put


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["check-model", "--help"], ["completion", "-h"]]
)
def test_help_loads_nothing_heavy(arguments):
    """Help and version answer at once: no library of RDF, YAML or colours is imported for them."""
    out, heavy = loaded_by(arguments)
    assert out
    assert heavy == []


def test_help_lists_every_verb():
    """The help of the command names all verbs with one line each, without importing their modules."""
    out, _ = loaded_by(["--help"])
    assert all(verb in out for verb in VERBS)
    assert "exit codes:" in out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb, capsys):
    """Every verb can say what it does, with an example or an option at least."""
    with pytest.raises(SystemExit) as caught:
        main([verb, "--help"])
    assert caught.value.code == 0
    assert VERBS[verb] in capsys.readouterr().out.replace("\n", " ").replace("  ", " ")


def test_version_and_module():
    """``python -m provrdf`` is the same command."""
    done = subprocess.run(
        [sys.executable, "-m", "provrdf", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"provrdf {__version__}"


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["check-model", "--nonsense"], ["completion", "fish"]]
)
def test_a_wrong_call_gives_2(arguments, capsys):
    """A verb or option that does not exist is a usage error, told on stderr."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: provrdf")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError, 2),
        (ConfigError, 2),
        (ModelError, 2),
        (QueryError, 2),
        (LogError, 3),
        (FormatError, 3),
        (StoreError, 3),
        (PublishError, 4),
        (PublishHaltedError, 5),
    ],
)
def test_errors_become_exit_codes(one_verb, capsys, error, code):
    """Each error gives its documented code and one message on stderr, no traceback."""

    def fail(_args):
        raise error("went wrong", file="a.log", line=3)

    one_verb(fail)
    assert main(["check-model"]) == code
    out, err = capsys.readouterr()
    assert (out, err) == ("", "provrdf check-model: a.log:3: went wrong\n")


def test_an_interrupt_gives_130(one_verb, capsys):
    """Ctrl-C ends with the code shells expect."""

    def interrupt(_args):
        raise KeyboardInterrupt

    one_verb(interrupt)
    assert main(["check-model"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_a_programming_error_is_not_hidden(one_verb):
    """What nobody foresaw is a traceback, not a wrong exit code."""

    def bug(_args):
        raise KeyError("bug")

    one_verb(bug)
    with pytest.raises(KeyError):
        main(["check-model"])


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    """``provrdf ... | head -1`` ends quietly, however much was still to be written."""
    entities = "".join(f"  E{number}: {{type: File}}\n" for number in range(3000))
    (tmp_path / "m.yaml").write_text(f"activities:\nentities:\n{entities}")
    command = f"'{sys.executable}' -m provrdf check-model -f json m.yaml; echo code $? >&2"
    done = subprocess.run(
        ["sh", "-c", f"({command}) | head -c 1"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout == "{"
    assert done.stderr == "code 0\n"


def test_only_the_verb_that_is_called_is_imported():
    """The other verbs are known by name alone, and answer when they are called."""
    code = (
        "import sys\n"
        "from provrdf.cli import build_parser\n"
        "build_parser('check-model')\n"
        "print([name for name in sys.modules if name.startswith('provrdf.cli.')])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "check_model" in done.stdout
    assert "completion" not in done.stdout


def test_every_verb_is_documented():
    """Each verb's module says what it is for and its options have a help text."""
    parser = build_parser("*")
    verbs = next(action for action in parser._actions if action.dest == "verb")
    assert set(verbs.choices) == set(VERBS)
    for verb, child in verbs.choices.items():
        for action in child._actions:
            assert action.help, f"{verb}: {action.option_strings or action.dest} has no help"


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_scripts(shell, capsys):
    """A script for each shell, with the verbs and their options in it."""
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "check-model" in script
    assert "fail-on" in script


def test_completion_in_bash():
    """Bash itself completes verbs, options, words and files."""
    script = subprocess.run(
        [sys.executable, "-m", "provrdf", "completion", "bash"], capture_output=True, text=True, check=True
    ).stdout
    ask = (
        'complete_at() { COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); COMPREPLY=(); _shtab_provrdf;'
        ' echo "${COMPREPLY[*]}"; }\n'
        "complete_at provrdf check-\n"
        "complete_at provrdf check-model --fail\n"
        "complete_at provrdf completion z\n"
    )
    done = subprocess.run(["bash", "-c", script + ask], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["check-model", "--fail-on", "zsh"]


def test_completion_without_its_package(monkeypatch, capsys):
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    assert "pip install shtab" in capsys.readouterr().err


def test_module_names_of_verbs():
    """A verb with a hyphen lives in a module with an underscore."""
    assert cli._module_name("check-model") == "provrdf.cli.check_model"
