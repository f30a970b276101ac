"""Bad input at every verb: a clear message with its place, the documented exit code, nothing lost.

An exception that gets through `main` fails a test by itself; what needs a process of its own (signals, pipes,
full disks, permissions) runs in one.
"""

import gzip
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from provrdf.cli import main


def line(second, data):
    """Write one line of a log."""
    return f"INFO provLogger __PROV__2026-11-22T07:36:{second}__PROV__{data!r}\n"


DAY = "2026-11-22T07:36:"
START = line(
    14,
    {"activity_id": "a1", "name": "fit", "startTime": DAY + "14", "in_session": "s1", "agent_name": "me"},
)
FILES = "".join(
    line(16, {"entity_id": name, "name": name, "type": "File", "filepath": f"/data/{name}.fits"})
    for name in ("raw", "map")
)
LOG = (
    line(13, {"session_id": "s1", "startTime": DAY + "13"})
    + START
    + line(15, {"activity_id": "a1", "used_id": "raw", "used_role": "data"})
    + FILES
    + line(16, {"activity_id": "a1", "generated_id": "map", "generated_role": "map"})
    + line(17, {"activity_id": "a1", "endTime": DAY + "17"})
)

MODEL = """\
activities:
  fit:
    description: Fit
    usage:
      - {role: data, description: Data, entityName: Data, value: data}
entities:
  Data: {description: Data, type: PythonObject}
"""

READERS = {
    "info": ["info"],
    "convert": ["convert", "-f", "nquads"],
    "validate": ["validate"],
    "query": ["query", "steps"],
    "lineage": ["lineage", "map.fits"],
    "ingest": ["ingest", "--store", "store"],
    "publish": ["publish", "--local-base", "--target", "directory:public"],
}
"""Verbs that read logs, with what else they need."""

RDF_READERS = ("info", "convert", "validate", "query", "lineage")

MODEL_READERS = {
    "shapes": ["shapes", "bad.yaml"],
    "run": ["run", "-c", "with_model.toml"],
    **{verb: [*words, "good.log", "-m", "bad.yaml"] for verb, words in READERS.items() if verb != "info"},
}


def write_gzip(path, content, *, keep=None):
    """Write a compressed file, cut off after some bytes."""
    path.write_bytes(gzip.compress(content)[:keep])


LOGS = {
    "bad.log": (
        lambda path: path.write_text(LOG.replace("__PROV__", "__SITE__")),
        r"bad\.log: no provenance record in it: .*'__SITE__'.* set prefix = '__SITE__' in provrdf\.toml",
    ),
    "binary.log": (
        lambda path: path.write_bytes(random.Random(1).randbytes(5_000)),
        r"binary\.log is a binary file, not a log",
    ),
    "empty.log": (lambda path: path.touch(), r"empty\.log is empty: no provenance record"),
    "debug.log": (
        lambda path: path.write_text("DEBUG one\nWARNING two\n"),
        r"debug\.log: no provenance record in it: no line is marked '__PROV__' or '_PROV_'",
    ),
    "missing.log": (lambda _: None, r"no such file or folder: missing\.log"),
    "no-such-*.log": (lambda _: None, r"no file fits no-such-\*\.log"),
    "folder": (lambda path: path.mkdir(), r"no log in the folder folder: looked for names such as prov\.log"),
    "cut.log.gz": (
        lambda path: write_gzip(path, random.Random(1).randbytes(9_000).hex().encode(), keep=4_000),
        r"cut\.log\.gz.*ended before the end",
    ),
    "torn.log": (
        lambda path: path.write_text(START[:-20] + "\n"),
        r"torn\.log: the only provenance line in it could not be read",
    ),
    "latin.log": (lambda path: path.write_bytes(LOG.encode("utf-16")), r"latin\.log is UTF-16 text"),
}
"""Name of a file -> how it is made, and what is said of it."""

MODELS = {
    "tab": ("activities:\n\tfit:\n", r"bad\.yaml:2: not YAML: .* indent with spaces, not tabs"),
    "twice": (
        "activities:\n  fit: {}\n  fit: {}\n",
        r"bad\.yaml:3: key 'fit' is given twice \(before in line 2\)",
    ),
    "bomb": (
        "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)),
        r"bad\.yaml:\d+: more than \d+ values",
    ),
    "list": ("- fit\n- plot\n", r"bad\.yaml:1: the model file must be a table .*, not a list"),
    "empty": ("", r"bad\.yaml:1: no 'activities:' and no 'entities:': is this a model file\?"),
    "word": (MODEL.replace("usage", "usages"), r"bad\.yaml:4: .*did you mean 'usage'\?"),
    "contradiction": (
        MODEL.replace("    usage", "    parameters:\n      - {name: n, value: n, min: 5, max: 1}\n    usage"),
        r"bad\.yaml:5: parameter 'n' of activity 'fit': min \(5\) is more than max \(1\)",
    ),
}
"""What is wrong -> a model file and what is said of it."""

CONFIGS = {
    "unknown key": ('bass = "http://x/"\n', r"bad\.toml:1: bass: unknown key, did you mean 'base'\?"),
    "not TOML": ("inputs = [\n", r"bad\.toml:\d+: not TOML"),
    "time zone": ('\ntimezone = "Mars/Olympus"\n', r"bad\.toml:2: timezone: 'Mars/Olympus' is no time zone"),
    "base IRI": ('base = "provenance"\n', r"bad\.toml:1: base: 'provenance' must begin with http"),
    "several": ("a = 1\nb = 2\n", r"2 mistakes\n +bad\.toml:1: a: unknown.*\n +bad\.toml:2: b: unknown"),
}
"""What is wrong -> a configuration and what is said of it."""

DOCTYPE = b"""<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="&x;"/></rdf:RDF>
"""

RDF = {
    "bad.ttl": (b'@prefix a: <http://x/> .\na:b a:c ;;; "\n', r"bad\.ttl:2: is no valid turtle"),
    "bad.nq": (b"<http://x/a> <http://x/b> .\n", r"bad\.nq:1: is no valid nquads"),
    "bad.jsonld": (b'{"a": ', r"bad\.jsonld:\d: is no valid jsonld"),
    "bad.rdf": (b"<rdf:RDF>", r"bad\.rdf"),
    "doctype.rdf": (DOCTYPE, r"doctype\.rdf: has a document type declaration .*refused"),
    "missing.ttl": (None, r"missing\.ttl"),
    "no-such-*.ttl": (None, r"no file fits no-such-\*\.ttl"),
}
"""Name of an RDF file -> its bytes and what is said of it."""

QUERIES = {
    "SELECT * { ?a ": r"the query has a mistake after 'SELECT \* \{ \?a'",
    "SELECT * { ?a site:made ?b }": r"the prefix 'site:' is not declared",
    "SELECT * { SERVICE <http://localhost:1/> { ?a ?b ?c } }": r"SERVICE would send the question on",
    "DELETE WHERE { ?a ?b ?c }": r"DELETE changes data; only questions can be asked",
    "LOAD <http://localhost:1/>": r"LOAD changes data",
    "CLEAR ALL": r"CLEAR changes data",
    "": r"does not start with one of SELECT, ASK, CONSTRUCT, DESCRIBE",
}
"""SPARQL text -> what is said of it."""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder with a good log and model, without variables of the environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PROVRDF_")]:
        monkeypatch.delenv(name)
    Path("good.log").write_text(LOG)
    Path("good.yaml").write_text(MODEL)
    Path("with_model.toml").write_text('inputs = ["good.log"]\nmodel = "bad.yaml"\n')
    return tmp_path


@pytest.fixture
def told(capsys):
    """Run a command; check its exit code and that it says what it should on stderr, and no more than that."""

    def check(words, code, message):
        assert run(words) == code
        out, err = capsys.readouterr()
        assert re.search(message, err), err
        assert f"provrdf {words[0]}: " in err
        assert out == "" or words[0] == "ingest"  # which goes on with the next log, and sums up

    return check


def run(words):
    """Run the command line in this process; argparse leaves by SystemExit."""
    try:
        return main([str(word) for word in words])
    except SystemExit as left:
        return left.code


def process(words, *, before=(), **options):
    """Run the command line in a process of its own."""
    command = [*before, sys.executable, "-m", "provrdf", *words]
    options = {"stdout": subprocess.PIPE, **options}
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=60, check=False, **options)


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("verb", READERS)
def test_logs_that_cannot_be_read(verb, name, folder, told):
    """Every verb that reads logs says what is wrong with one, and leaves with 3."""
    make, message = LOGS[name]
    make(folder / name)
    told([*READERS[verb], name], 3, message)


@pytest.mark.parametrize("name", LOGS)
def test_run_with_logs_that_cannot_be_read(name, folder, told):
    """The same for what a configuration names, and what was there before stays."""
    LOGS[name][0](folder / name)
    Path("out.ttl").write_text("old")
    Path("provrdf.toml").write_text(f'inputs = ["{name}"]\n[[export]]\noutput = "out.ttl"\n')
    told(["run"], 3, LOGS[name][1])
    assert Path("out.ttl").read_text() == "old"


@pytest.mark.parametrize("verb", READERS)
def test_a_truncated_last_line_costs_that_line(verb, capsys):
    """The rest is used, and the line is named; with --strict it is an error."""
    # the store takes a line without its end for one that is still being written
    Path("cut.log").write_text(LOG + START[:-9] + ("\n" if verb == "ingest" else ""))
    assert run([*READERS[verb], "cut.log"]) == 0
    out, err = capsys.readouterr()
    assert re.search(r"1 lines? could not be read:?\n +cut\.log:8: truncated", out if verb == "info" else err)
    shutil.rmtree("store", ignore_errors=True)
    assert run([*READERS[verb], "cut.log", "--strict"]) == 3
    assert "cut.log:8: truncated" in "".join(capsys.readouterr())


@pytest.mark.parametrize("verb", READERS)
def test_a_bad_log_in_a_folder_of_good_ones(verb, capsys):
    """What has no records may lie about; what cannot be read is never passed over in silence."""
    Path("logs").mkdir()
    Path("logs/prov.log").write_text(LOG)
    Path("logs/other.log").write_text("INFO nothing\n")
    assert run([*READERS[verb], "logs"]) == 0
    write_gzip(Path("logs/prov.log.1.gz"), LOG.encode(), keep=150)
    shutil.rmtree("store", ignore_errors=True)
    assert run([*READERS[verb], "logs"]) == 3
    assert re.search(r"prov\.log\.1\.gz.*ended before the end", capsys.readouterr().err)


@pytest.mark.parametrize("wrong", MODELS)
@pytest.mark.parametrize("verb", MODEL_READERS)
def test_model_files_that_cannot_be_used(verb, wrong, told):
    """Every verb that takes a model file names the line and what would be right, and leaves with 2."""
    text, message = MODELS[wrong]
    Path("bad.yaml").write_text(text)
    told(MODEL_READERS[verb], 2, message)


@pytest.mark.parametrize("wrong", MODELS)
def test_check_model_reports_them(wrong, capsys):
    """For the verb that looks for mistakes they are findings: in the report, with file and line."""
    text, message = MODELS[wrong]
    Path("bad.yaml").write_text(text)
    assert run(["check-model", "bad.yaml"]) == 2
    out = capsys.readouterr().out
    what = message.partition(": ")[2]
    assert re.search(what, out), out
    assert re.search(r"in: bad\.yaml:\d+", out)


def test_a_missing_model_file(told):
    """It is a mistake of the command, not of a log."""
    told(["convert", "good.log", "-m", "bad.yaml"], 2, r"bad\.yaml: cannot read the model file: no such file")


@pytest.mark.parametrize("wrong", CONFIGS)
@pytest.mark.parametrize("verb", READERS)
def test_configurations_that_cannot_be_used(verb, wrong, told):
    """Every verb names the line of each mistake, and leaves with 2."""
    text, message = CONFIGS[wrong]
    Path("bad.toml").write_text(text)
    told([*READERS[verb], "good.log", "-c", "bad.toml"], 2, message)


@pytest.mark.parametrize("verb", ["run", "shapes", "check-model"])
def test_other_verbs_read_the_configuration_too(verb, told):
    """Those that need no log as well."""
    Path("bad.toml").write_text(CONFIGS["unknown key"][0])
    told([verb, "-c", "bad.toml"], 2, CONFIGS["unknown key"][1])


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--timezone", "Mars/Olympus"], r"--timezone: 'Mars/Olympus' is no time zone"),
        (["--base", "provenance"], r"--base: 'provenance' must begin with http"),
        (["--base", "http://x.org/a"], r"--base: 'http://x.org/a' must end with '/'"),
        (["-c", "missing.toml"], r"missing\.toml: cannot read the configuration: no such file"),
    ],
)
@pytest.mark.parametrize("verb", READERS)
def test_flags_that_cannot_be_used(verb, flags, message, told):
    """A wrong flag is named as such."""
    told([*READERS[verb], "good.log", *flags], 2, message)


@pytest.mark.parametrize("name", RDF)
@pytest.mark.parametrize("verb", RDF_READERS)
def test_rdf_that_cannot_be_read(verb, name, told):
    """A syntax error has its line; a document type declaration is refused, whatever it says."""
    content, message = RDF[name]
    if content is not None:
        Path(name).write_bytes(content)
    told([*READERS[verb], name], 3, message)


@pytest.mark.parametrize("verb", RDF_READERS)
def test_a_selection_of_what_has_no_records(verb, told):
    """An answer about everything, when a part was asked for, would mislead."""
    Path("some.ttl").write_text("<http://x/a> <http://x/b> <http://x/c> .\n")
    told([*READERS[verb], "some.ttl", "--session", "s1"], 2, r"--session selects the records of logs")


@pytest.mark.parametrize("text", QUERIES)
def test_queries_that_cannot_be_asked(text, told):
    """Mistakes are told in the query's own words; what changes data or asks other servers is refused."""
    told(["query", "-q", text, "good.log"], 2, QUERIES[text])


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["step", "good.log"], 2, r"no named query 'step', did you mean steps"),
        (["used-by", "good.log"], 2, r"query used-by needs file="),
        (["used-by", "path=x", "good.log"], 2, r"query used-by has no parameter 'path'; it has file"),
        (["used-by", "file=nothing", "good.log"], 1, r"no entity goes by 'nothing'"),
        (["activities", "since=yesterday", "good.log"], 2, r"'yesterday' is no time, expected such as 2026"),
        (["-f", "missing.rq", "good.log"], 2, r"missing\.rq: the query cannot be read: no such file"),
        (["-f", "binary.rq", "good.log"], 2, r"binary\.rq: the query cannot be read: it is not UTF-8"),
        (["steps"], 2, r"nothing to ask: name a log, an RDF file, --store DIR or --endpoint URL"),
        (["steps", "--store", "nothing"], 3, r"nothing: is no provrdf store; provrdf ingest makes one"),
        (["steps", "good.log", "--store", "x"], 2, r"only one of them"),
        ([], 2, r"no query: give a name \(see --list\)"),
        (["-q", "SELECT * {?a ?b ?c}", "--format", "turtle", "good.log"], 2, r"gives rows.*use table, csv"),
    ],
)
def test_questions_that_cannot_be_answered(words, code, message, told):
    """Named queries and their parameters: what is wrong and what there is instead."""
    Path("binary.rq").write_bytes(b"\xff\xfe")
    told(["query", *words], code, message)


def test_lineage_of_something_unknown(told):
    """It is not found: exit code 1, and what a target may be."""
    told(
        ["lineage", "nothing.fits", "good.log"],
        1,
        r"goes by 'nothing\.fits' \(expected an id as logged, a path",
    )


def test_lineage_of_something_ambiguous(told):
    """When the end of a path fits several files, all are named."""
    log = LOG.replace("/data/raw.fits", "/data/a/map.fits").replace("/data/map.fits", "/data/b/map.fits")
    Path("two.log").write_text(log)
    told(["lineage", "map.fits", "two.log"], 2, r"(?s)map\.fits.*/data/a/map\.fits.*/data/b/map\.fits")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["convert", "good.log", "-f", "word"], r"no format 'word'; there are .*turtle"),
        (["convert", "good.log", "-o", "night.doc"], r"no format known for 'night\.doc'; endings known are"),
        (["convert", "good.log", "-f", "svg", "-O", "colour=red"], r"'svg' has no option 'colour'"),
        (["convert", "good.log", "-f", "svg", "-O", "depth"], r"option 'depth' is not KEY=VALUE"),
        (["shapes", "good.yaml", "-f", "word"], r"unknown format 'word' for shapes: one of"),
        (["convert", "good.log", "--since", "yesterday"], r"no time 'yesterday': ISO 8601 such as"),
    ],
)
def test_words_that_are_not_known(words, message, told):
    """The message lists what there is."""
    told(words, 2, message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[export]]\noutput = "night.doc"\n', r"no format known for '.*night\.doc'"),
        ('[[export]]\noutput = "night.ttl"\nformat = "word"\n', r"no format 'word'"),
        ('[validate]\nreports = [{ format = "word" }]\n', r"unknown report format 'word'"),
    ],
)
def test_run_finds_unknown_formats_before_it_begins(text, message, told):
    """Nothing is read or stored when a result could not be written in the end."""
    Path("provrdf.toml").write_text(f'inputs = ["good.log"]\nstore = "store"\n{text}')
    told(["run"], 2, message)
    assert not Path("store").exists()


@pytest.mark.parametrize("verb", ["validate", "check-model"])
def test_reports_in_an_unknown_format(verb, told):
    """The message lists the formats there are."""
    subject = {"validate": "good.log", "check-model": "good.yaml"}[verb]
    told([verb, subject, "-f", "word", "-q"], 2, r"unknown report format 'word': one of .*junit")


def test_a_dry_run_writes_nothing(told):
    """What cannot be compared first is not done under the name of a dry run."""
    told([*READERS["publish"], "good.log", "--dry-run"], 2, r"--dry-run asks a server what would change")
    assert not Path("public").exists()


WRITERS = {
    "convert": ["convert", "good.log", "-f", "turtle"],
    "nquads": ["convert", "good.log", "-f", "nquads"],
    "validate": ["validate", "good.log", "-q"],
    "query": ["query", "steps", "good.log"],
    "query list": ["query", "--list"],
    "lineage": ["lineage", "map.fits", "good.log"],
    "shapes": ["shapes", "good.yaml"],
    "check-model": ["check-model", "good.yaml"],
}
"""Commands that take ``-o``."""


@pytest.mark.parametrize("command", WRITERS)
def test_a_folder_that_is_missing(command, told):
    """The folder is named; nothing is made."""
    told(
        [*WRITERS[command], "-o", "no/such/out.txt"],
        2,
        r"cannot write no/such/out\.txt: there is no folder no/such",
    )
    assert not Path("no").exists()


@pytest.mark.parametrize("command", WRITERS)
def test_a_folder_instead_of_a_file(command, told):
    """A folder cannot be written to."""
    Path("folder").mkdir()
    told([*WRITERS[command], "-o", "folder"], 2, r"cannot write folder: it is a folder")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", WRITERS)
def test_a_full_disk(command, told):
    """The message says so; exit code 3."""
    told([*WRITERS[command], "-o", "/dev/full"], 3, r"cannot write /dev/full: no space left on device")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["nquads", "lineage", "completion", "show"])
def test_a_full_disk_behind_the_standard_output(command):
    """The same through a redirection, also when only the end of the output finds the disk full."""
    others = {"completion": ["completion", "bash"], "show": ["query", "--show", "steps"]}
    with open("/dev/full", "w") as full:
        words = {**WRITERS, **others}[command]
        done = subprocess.run(
            [sys.executable, "-m", "provrdf", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert re.fullmatch(r"provrdf [\w-]+: .*no space left on device\n", done.stderr), done.stderr


def test_what_fails_leaves_the_old_file():
    """An output appears whole or not at all, without anything left beside it."""
    Path("cut.log").write_text(LOG + START[:-9])
    Path("out.nq").write_text("old")
    for words in (["cut.log", "--strict"], ["missing.log"], ["good.log", "-m", "cut.log"]):
        assert run(["convert", *words, "-o", "out.nq"]) in {2, 3}
        assert Path("out.nq").read_text() == "old"
    assert [path.name for path in Path().iterdir() if path.name.startswith(".out")] == []


def opened_by_reader(name, reader):
    """Open a pipe as soon as a process reads from it."""
    for _ in range(600):
        try:
            return os.open(name, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            assert reader.poll() is None, reader.stderr.read()
            time.sleep(0.05)
    raise AssertionError("the pipe was never read")


@pytest.mark.parametrize("verb", ["convert", "validate", "query"])
def test_an_interrupt(verb, folder):
    """Ctrl-C ends with 130 and one word, whatever is being done; the old output stays, nothing lies about."""
    os.mkfifo("slow")
    Path("out.nq").write_text("old")
    words = [*READERS[verb], "slow", *(["-o", "out.nq"] if verb in {"convert", "query"} else [])]
    command, pipe = [sys.executable, "-m", "provrdf", *words], subprocess.PIPE
    with subprocess.Popen(command, stderr=pipe, stdout=pipe, text=True) as running:
        feed = opened_by_reader("slow", running)
        os.write(feed, LOG.encode())
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
        os.close(feed)
    assert (running.returncode, err) == (130, "interrupted\n")
    assert Path("out.nq").read_text() == "old"
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".out")]


def test_an_interrupt_of_ingest():
    """The same while records are stored; the next run stores them all."""
    pipe, ingest = subprocess.PIPE, [sys.executable, "-m", "provrdf", "ingest", "--store", "store"]
    with subprocess.Popen([*ingest, "-"], stdin=pipe, stderr=pipe, stdout=pipe, text=True) as running:
        running.stdin.write(LOG)
        running.stdin.flush()
        for _ in range(600):
            if Path("store").exists():
                break
            time.sleep(0.05)
        time.sleep(0.3)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert (running.returncode, err) == (130, "interrupted\n")
    assert run(["ingest", "good.log", "--store", "store", "-q"]) == 0
    assert run(["lineage", "map.fits", "--store", "store"]) == 0


@pytest.mark.parametrize("verb", ["convert", "query", "validate"])
def test_a_reader_that_goes_away(verb):
    """``| head -1`` is no error and no noise."""
    words = {"convert": "convert -f nquads -q", "query": "query files", "validate": "validate -q"}[verb]
    Path("long.log").write_text(LOG + "".join(FILES.replace("raw", f"raw{number}") for number in range(3000)))
    command = f"('{sys.executable}' -m provrdf {words} long.log; echo code $? >&2) | head -c 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == "code 0\n"


def test_words_nobody_reads_do_not_stop_the_work():
    """When standard error is gone, a run still writes everything."""
    Path("cut.log").write_text(LOG + START[:-9])
    Path("provrdf.toml").write_text('inputs = ["cut.log"]\n[[export]]\noutput = "out.ttl"\n')
    command = f"'{sys.executable}' -m provrdf run 2>&1 >/dev/null | true"
    subprocess.run(["sh", "-c", command], check=True)
    assert Path("out.ttl").stat().st_size > 100


def test_a_report_nobody_reads_to_its_end_does_not_stop_the_work():
    """``provrdf run | head`` exports all the same."""
    Path("provrdf.toml").write_text('inputs = ["good.log"]\n[[export]]\noutput = "out.ttl"\n')
    command = f"('{sys.executable}' -m provrdf run -v; echo code $? >&2) | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr.endswith("wrote  out.ttl\ncode 0\n")
    assert Path("out.ttl").stat().st_size > 100


def powerless():
    """Return the words before a command that keep root from reading everything; skip where there are none."""
    if os.geteuid() != 0:
        return []
    tool = shutil.which("setpriv")
    if tool is None:
        pytest.skip("root may read everything, and setpriv (util-linux) is not there to forbid it")
    words = [
        tool,
        "--bounding-set=-dac_override,-dac_read_search",
        "--inh-caps=-dac_override,-dac_read_search",
    ]
    Path("locked").touch(mode=0o000)
    if subprocess.run([*words, "cat", "locked"], capture_output=True, check=False).returncode == 0:
        pytest.skip("root may read everything here, whatever is forbidden")
    return words


@pytest.mark.parametrize("verb", ["info", "convert", "query", "ingest"])
def test_no_permission_to_read(verb):
    """A log that one may not read is named; exit code 3."""
    before = powerless()
    Path("secret.log").write_text(LOG)
    Path("secret.log").chmod(0)
    done = process([*READERS[verb], "secret.log"], before=before)
    assert done.returncode == 3
    said = r"cannot read secret\.log: no permission|secret\.log: cannot be read: permission denied"
    assert re.fullmatch(rf"provrdf {verb}: ({said})\n", done.stderr), done.stderr


def test_no_permission_to_read_other_files():
    """Model files, configurations, queries and RDF are named with the reason."""
    before = powerless()
    for name, words, code in (
        ("m.yaml", ["convert", "good.log", "-m", "m.yaml"], 2),
        ("c.toml", ["convert", "good.log", "-c", "c.toml"], 2),
        ("q.rq", ["query", "-f", "q.rq", "good.log"], 2),
        ("d.ttl", ["query", "steps", "d.ttl"], 3),
    ):
        Path(name).touch(mode=0o000)
        done = process(words, before=before)
        assert done.returncode == code, done.stderr
        assert re.match(rf"provrdf \w+: {re.escape(name)}: .*permission", done.stderr), done.stderr


def test_no_permission_to_write():
    """A folder where nothing may be written is named; exit code 2."""
    before = powerless()
    Path("locked_folder").mkdir(mode=0o555)
    done = process(["convert", "good.log", "-o", "locked_folder/out.nq"], before=before)
    assert done.returncode == 2
    assert done.stderr == "provrdf convert: cannot write locked_folder/out.nq: permission denied\n"
