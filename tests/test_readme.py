"""What the README says is what happens: its Python, its commands, its verbs and its exit codes."""

import contextlib
import doctest
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from provrdf import errors
from provrdf.cli import VERBS, build_parser, main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def block(language, beginning):
    """Return the code block of a language that begins like this."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return next(text for text in blocks if text.startswith(beginning))


def commands():
    """Return the command lines of the section "From here", without their comments."""
    return [shlex.split(line, comments=True) for line in block("sh", "provrdf info").splitlines()]


def test_the_python_block(monkeypatch):
    """The Python block gives what it shows, in a checkout."""
    monkeypatch.chdir(ROOT)
    test = doctest.DocTestParser().get_doctest(block("python", ">>>"), {}, "README.md", "README.md", 0)
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        failed, tried = doctest.DocTestRunner().run(test, out=said.write)
    assert (failed, tried > 5) == (0, True), said.getvalue()


def test_the_commands_work_on_the_shipped_example(tmp_path, monkeypatch, capsys):
    """Each command shown, in its order; publishing to the made-up address is left out."""
    for name in ("prov.log", "definition.yaml"):
        shutil.copy(ROOT / "examples/lst" / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    for program, *words in commands():
        assert program == "provrdf"
        if words[0] == "publish":
            continue
        assert main(words) == 0, words
        out, err = capsys.readouterr()
        assert out or Path(words[-1]).exists(), words
        assert "Traceback" not in err
    assert Path("night.ttl").read_text("utf-8").startswith("@prefix")
    assert Path("night").is_dir()


def test_the_publishing_command_is_one(monkeypatch):
    """The command that is not run here is at least understood."""
    words = next(words for words in commands() if words[1] == "publish")
    args = build_parser("publish").parse_args(words[1:])
    assert args.dry_run
    assert args.store == "night"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_mentioned(verb):
    """A verb nobody can read of is not there."""
    assert re.search(rf"`(provrdf )?{verb}`|^provrdf {verb} ", README, re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_examples_that_can_be_parsed(verb):
    """The help of a verb ends with examples, each a command line that the verb takes."""
    parser = build_parser("*")
    child = next(action for action in parser._actions if action.dest == "verb").choices[verb]
    shown = re.findall(r"^ .*?(provrdf .*?)(?:  .*)?$", child.epilog or "", re.MULTILINE)
    assert shown, f"{verb} has no examples"
    for line in shown:
        words = shlex.split(re.split(r" [>)]|\)$", line)[0])
        assert words[1] == verb or verb == "completion"
        assert build_parser(words[1]).parse_args(words[1:]).verb == words[1]


def test_exit_codes_are_those_of_the_errors():
    """The table of exit codes has each code that an error gives, and no other."""
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    given = {
        each.exit_code
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, errors.ProvRdfError)
    }
    assert documented == given | {0, 1, 130}
    epilog = build_parser().epilog or ""
    assert all(f"{code} " in epilog for code in documented)


def test_the_paths_that_are_named_are_there():
    """Links and the table of folders lead somewhere."""
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists() or target.startswith("http"), target
    for cell in re.findall(r"^\| (`[^|]+) \|", README, re.MULTILINE):
        for path in re.findall(r"`([a-z_./]+)`", cell):
            assert (ROOT / path).exists(), path


def test_the_commands_of_the_two_blocks_are_in_ci():
    """Continuous integration takes its commands from the README, where it finds them by these marks."""
    for name in ("run", "test"):
        assert README.count(f"<!-- command: {name} -->\n```sh\n") == 1
        assert f"readme {name}" in (ROOT / ".ci/run").read_text("utf-8") or name == "run"
