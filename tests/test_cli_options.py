"""Shared options: how they become a Config, a Model and Records."""

import argparse
from pathlib import Path

import pytest

from provrdf.cli.options import (
    add_general,
    add_inputs,
    add_model,
    add_selection,
    config_of,
    inputs_of,
    model_of,
    records_of,
)
from provrdf.errors import ConfigError, LogError, UsageError

LINE = (
    "INFO provLogger __PROV__2020-05-18T14:18:0{second}.000000__PROV__"
    "{{'activity_id': '{name}', 'name': 'x'}}\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder, without variables of the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "BASE", "TIMEZONE", "MODEL", "STORE", "PREFIX", "STRICT", "ENDPOINT"):
        monkeypatch.delenv(f"PROVRDF_{name}", raising=False)
    return tmp_path


def parse(*arguments):
    """Parse a command line with all the shared options."""
    parser = argparse.ArgumentParser()
    add_inputs(parser, nargs="*")
    add_general(parser)
    add_selection(parser)
    add_model(parser)
    return parser.parse_args(arguments)


def test_flags_win_over_the_file(folder):
    """What is said on the command line is what counts; a switch that is off says nothing."""
    (folder / "provrdf.toml").write_text('base = "http://file/"\nstrict = true\ninputs = ["a.log"]\n')
    config = config_of(parse("--base", "http://flag/", "-m", "m.yaml", "--timezone", "Atlantic/Canary"))
    assert (config.base, config.timezone, config.strict) == ("http://flag/", "Atlantic/Canary", True)
    assert config.model == Path("m.yaml")


def test_the_configuration_may_be_an_argument(folder):
    """A verb that takes the configuration as an argument hands it over."""
    (folder / "other.toml").write_text('prefix = "other"\n')
    assert config_of(parse(), config="other.toml").prefix == "other"
    assert config_of(parse("-c", "other.toml")).prefix == "other"


def test_a_wrong_flag_is_named():
    """The message names the flag."""
    with pytest.raises(ConfigError, match="--base: 'x' must begin with http"):
        config_of(parse("--base", "x"))


def test_verbs_without_an_option_need_not_have_it():
    """Missing options count as not given."""
    assert config_of(argparse.Namespace()).strict is False


def test_the_model_is_loaded_when_there_is_one(folder):
    """From -m, from the configuration, or not at all."""
    (folder / "m.yaml").write_text("activities:\n  a: {}\n")
    assert model_of(parse()) is None
    assert list(model_of(parse("-m", "m.yaml")).activities) == ["a"]
    (folder / "provrdf.toml").write_text('model = "m.yaml"\n')
    assert model_of(parse()).file == "m.yaml"


def test_inputs_of_the_command_line_or_the_configuration(folder):
    """Without both, the message says what to do."""
    with pytest.raises(UsageError, match="no input: name a log"):
        inputs_of(parse(), config_of(parse()))
    (folder / "provrdf.toml").write_text('inputs = ["a.log"]\n')
    assert inputs_of(parse(), config_of(parse())) == ("a.log",)
    assert inputs_of(parse("b.log"), config_of(parse())) == ("b.log",)


def write_log(folder, *, bad=0):
    """Write a log of three good lines and some bad ones."""
    good = [LINE.format(second=second, name=f"a{second}") for second in range(3)]
    torn = ["INFO provLogger __PROV__2020-05-18T14:18:09.000000__PROV__{'activity_id': 'tor\n"] * bad
    (folder / "prov.log").write_text("".join([*good, *torn]))


def test_records_are_read_and_selected(folder):
    """The selection options keep what they say."""
    write_log(folder)
    assert [record.data["activity_id"] for record in records_of(parse("prov.log"))] == ["a0", "a1", "a2"]
    later = records_of(parse("prov.log", "--since", "2020-05-18T14:18:01"))
    assert [record.data["activity_id"] for record in later] == ["a1", "a2"]


def test_a_selection_reads_twice_and_tells_rejects_once(folder, capsys):
    """Choosing needs two readings of a log; what could not be read is told once."""
    write_log(folder, bad=2)
    chosen = list(records_of(parse("prov.log", "--activity", "a1")))
    assert [record.data["activity_id"] for record in chosen] == ["a1"]
    assert capsys.readouterr().err.splitlines()[0] == "2 lines could not be read:"


def test_a_selection_from_standard_input(folder, monkeypatch):
    """What can be read only once is kept until it was chosen from."""
    write_log(folder)
    with (folder / "prov.log").open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        chosen = list(records_of(parse("-", "--activity", "a1")))
    assert [record.data["activity_id"] for record in chosen] == ["a1"]


def test_times_of_the_selection_are_in_the_zone_of_the_log(folder):
    """A time without an offset means what the clock of the log showed."""
    write_log(folder)
    args = ("prov.log", "--timezone", "Atlantic/Canary")
    local = records_of(parse(*args, "--since", "2020-05-18T14:18:02"))
    assert [record.data["activity_id"] for record in local] == ["a2"]
    utc = records_of(parse(*args, "--since", "2020-05-18T13:18:02Z"))
    assert [record.data["activity_id"] for record in utc] == ["a2"]


def test_a_file_of_unreadable_lines_names_them(folder, capsys):
    """A log without one good record is an error, and still says what was wrong with its lines."""
    (folder / "bad.log").write_text("INFO p __PROV__2020-05-18T14:18:09.0__PROV__{'activity_id': 'tor\n" * 2)
    with pytest.raises(LogError):
        list(records_of(parse("bad.log")))
    assert "bad.log:1: " in capsys.readouterr().err


def test_rejected_lines_are_told_at_the_end(folder, capsys):
    """All records come first, then one summary on stderr: ten lines by name, the others by number."""
    write_log(folder, bad=12)
    assert len(list(records_of(parse("prov.log")))) == 3
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert lines[0] == "12 lines could not be read:"
    assert lines[1].startswith("  prov.log:4: ")
    assert lines[-1] == "  and 2 more (-v names them all)"
    assert len(lines) == 12
    list(records_of(parse("prov.log", "-q")))
    assert capsys.readouterr().err == ""


def test_verbose_names_files_and_every_rejected_line(folder, capsys):
    """With -v each file is told with what it held, and no rejected line is only counted."""
    write_log(folder, bad=12)
    list(records_of(parse("prov.log", "-v")))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "read prov.log: 3 records, 12 lines rejected, 0 other lines (provlog)"
    assert len([line for line in lines if line.startswith("  prov.log:")]) == 12


def test_a_selection_that_fits_nothing_is_told(folder, capsys):
    """An empty result for a mistyped name must not look like a clean one."""
    write_log(folder)
    assert list(records_of(parse("prov.log", "--activity", "r1", "--activity", "r2"))) == []
    assert capsys.readouterr().err == "nothing was selected: no record fits --activity r1 --activity r2\n"
    list(records_of(parse("prov.log", "--activity", "r1", "-q")))
    assert capsys.readouterr().err == ""


def test_rejected_lines_stop_a_strict_run(folder):
    """With --strict they are an error, after everything that could be read was given."""
    write_log(folder, bad=1)
    seen = []
    with pytest.raises(LogError, match=r"1 line could not be read:\n  prov\.log:4: ") as caught:
        seen.extend(records_of(parse("prov.log", "--strict")))
    assert caught.value.exit_code == 3
