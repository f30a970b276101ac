"""The configuration: precedence, paths, and every mistake with its line."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provrdf.config import LOCAL_BASE, Config, ReportConfig, load_config
from provrdf.config.lines import key_lines, line_of
from provrdf.errors import ConfigError

FULL = """\
base = "https://provenance.example.org/lst/"
timezone = "Atlantic/Canary"
inputs = ["logs/*.log", "-", "/data/prov.log"]
model = "definition.yaml"
store = "store"
prefix = "__PROV__"
strict = true

[validate]
rules = ["model", "prov"]
fail_on = "warning"
skip = ["prov/c36"]
only = "model"
baseline = "known.json"
max_per_check = 20
engine = "pyshacl"
reports = [{format = "sarif", output = "out/provrdf.sarif"}, {format = "text", output = "-"}]

[[export]]
format = "turtle"
output = "out/night.ttl"

[[export]]
output = "out/night.svg"
granularity = "run"

[publish]
endpoint = "http://localhost:7878/query"
update_url = "http://localhost:7878/update"
gsp_url = "http://localhost:7878/store"
catalog = "https://provenance.example.org/lst/catalog"
profile = "oxigraph"
licence = "https://creativecommons.org/licenses/by/4.0/"
publisher = "The observatory"

[publish.privacy]
session_keys = ["name", "startTime"]
pseudonymous = true

[publish.privacy.path_rewrites]
"/fefs/aswg/" = ""

[publish.privacy.agents]
lstanalyzer = "LST analysis"

[agents.lstanalyzer]
type = "Organization"
name = "LST analysis"
orcid = "0000-0002-1825-0097"
email = "lst@example.org"

[capture]
log = "prov.log"
hash = "sha256"
"""


def load(tmp_path, text="", *, name="provrdf.toml", env=None, **more):
    """Load a configuration file with this text."""
    (tmp_path / name).write_text(text, "utf-8")
    return load_config(cwd=tmp_path, env=env or {}, **more)


def mistakes(tmp_path, text, **more):
    """Mistakes of a configuration, without the folder."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text, **more)
    assert caught.value.exit_code == 2
    problems = caught.value.problems or (caught.value.problem,)
    return [str(problem).replace(f"{tmp_path}/", "") for problem in problems]


def test_every_key_is_read(tmp_path):
    """All sections end up in their places, paths relative to the file."""
    config = load(tmp_path, FULL)
    assert (config.base, config.timezone) == ("https://provenance.example.org/lst/", "Atlantic/Canary")
    assert config.inputs == (str(tmp_path / "logs/*.log"), "-", "/data/prov.log")
    assert (config.model, config.store) == (tmp_path / "definition.yaml", tmp_path / "store")
    assert (config.prefix, config.strict, config.file) == ("__PROV__", True, str(tmp_path / "provrdf.toml"))
    validate = config.validate
    assert (validate.rules, validate.fail_on, validate.skip) == (("model", "prov"), "warning", ("prov/c36",))
    assert (validate.only, validate.max_per_check, validate.engine) == (("model",), 20, "pyshacl")
    assert validate.baseline == tmp_path / "known.json"
    assert [(report.format, report.output) for report in validate.reports] == [
        ("sarif", tmp_path / "out/provrdf.sarif"),
        ("text", None),
    ]
    turtle, svg = config.export
    assert (turtle.format, turtle.output, turtle.options) == ("turtle", tmp_path / "out/night.ttl", {})
    assert (svg.format, svg.options) == (None, {"granularity": "run"})
    publish = config.publish
    assert (publish.endpoint, publish.profile) == ("http://localhost:7878/query", "oxigraph")
    assert (publish.licence[-4:], publish.publisher) == ("4.0/", "The observatory")
    assert publish.privacy.session_keys == ("name", "startTime")
    assert (publish.privacy.pseudonymous, publish.privacy.path_rewrites) == (True, {"/fefs/aswg/": ""})
    assert publish.privacy.agents == {"lstanalyzer": "LST analysis"}
    agent = config.agents["lstanalyzer"]
    assert (agent.type, agent.orcid) == ("Organization", "https://orcid.org/0000-0002-1825-0097")
    assert config.capture == {"log": str(tmp_path / "prov.log"), "hash": "sha256"}


def test_without_anything_the_defaults_hold(tmp_path):
    """No file, no environment, no flags: the local base and UTC, and it says so."""
    config = load_config(cwd=tmp_path, env={})
    assert config == Config()
    assert (config.base, config.timezone, config.file) == (LOCAL_BASE, "UTC", None)
    assert not config.knows_timezone


def test_a_declared_utc_is_known(tmp_path):
    """UTC that somebody wrote is not the same as UTC by default."""
    assert load(tmp_path, 'timezone = "UTC"').knows_timezone
    assert Config(timezone="Europe/Berlin").knows_timezone


def test_flags_win_over_environment_over_file(tmp_path):
    """Each layer overrides the one below it, key by key."""
    text = 'base = "http://file/"\nprefix = "file"\ntimezone = "Europe/Paris"\n'
    env = {"PROVRDF_BASE": "http://env/", "PROVRDF_PREFIX": "env"}
    config = load(tmp_path, text, env=env, overrides={"base": "http://flag/", "prefix": None})
    assert (config.base, config.prefix, config.timezone) == ("http://flag/", "env", "Europe/Paris")


def test_every_variable_of_the_environment(tmp_path):
    """Variables set their keys; empty ones say nothing."""
    env = {
        "PROVRDF_BASE": "http://env/",
        "PROVRDF_TIMEZONE": "Atlantic/Canary",
        "PROVRDF_MODEL": "m.yaml",
        "PROVRDF_STORE": "s",
        "PROVRDF_PREFIX": "",
        "PROVRDF_STRICT": "yes",
        "PROVRDF_ENDPOINT": "http://env/sparql",
    }
    config = load(tmp_path, '[publish]\nprofile = "jena"\n', env=env)
    assert (config.base, config.timezone, config.strict) == ("http://env/", "Atlantic/Canary", True)
    assert (config.model, config.store, config.prefix) == (tmp_path / "m.yaml", tmp_path / "s", None)
    assert (config.publish.endpoint, config.publish.profile) == ("http://env/sparql", "jena")


def test_which_file_is_read(tmp_path):
    """The file named, else that of the environment, else provrdf.toml, else pyproject.toml with our table."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert load_config(cwd=tmp_path, env={}).file is None
    (tmp_path / "pyproject.toml").write_text('[tool.provrdf]\nprefix = "pyproject"\n')
    assert load_config(cwd=tmp_path, env={}).prefix == "pyproject"
    (tmp_path / "provrdf.toml").write_text('prefix = "provrdf"\n')
    assert load_config(cwd=tmp_path, env={}).prefix == "provrdf"
    (tmp_path / "env.toml").write_text('prefix = "env"\n')
    env = {"PROVRDF_CONFIG": "env.toml"}
    assert load_config(cwd=tmp_path, env=env).prefix == "env"
    assert load_config("pyproject.toml", cwd=tmp_path, env=env).prefix == "pyproject"


def test_a_broken_pyproject_that_is_not_ours_does_not_matter(tmp_path):
    """Only a file that was asked for must be readable."""
    (tmp_path / "pyproject.toml").write_text("[project\n")
    assert load_config(cwd=tmp_path, env={}).file is None


def test_paths_are_named_as_the_file_was(tmp_path, monkeypatch):
    """A file named by a relative path gives relative paths, so that messages stay short."""
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "p.toml").write_text('model = "m.yaml"\ninputs = "a.log"\nstore = "../store"\n')
    monkeypatch.chdir(tmp_path)
    config = load_config("conf/p.toml", env={})
    assert (config.model, config.inputs, config.store) == (
        *(Path("conf/m.yaml"), ("conf/a.log",), Path("conf/../store")),
    )
    assert load_config(env={"PROVRDF_MODEL": "m.yaml"}).model == Path("m.yaml")


def test_all_mistakes_at_once(tmp_path):
    """Unknown keys and wrong values of all sections are reported together, with their lines."""
    text = """\
bases = "http://x/"
base = "http://example.org/prov"
timezone = "Canary"
inputs = ["logs/*.log", 3]

[validate]
fail-on = "warning"
rules = ["model", "provv"]
reports = [{format = "sarif"}, {output = "y"}]

[[export]]
output = "b.ttl"

[[export]]
frmat = "turtle"

[publish.privacy]
pseudonymous = 1

[agents.me]
type = "person"
"""
    assert mistakes(tmp_path, text, env={"PROVRDF_ENDPOINT": "ftp://x"}, overrides={"strict": "perhaps"}) == [
        "provrdf.toml:1: bases: unknown key, did you mean 'base'?",
        "provrdf.toml:2: base: 'http://example.org/prov' must end with '/': 'http://example.org/prov/'",
        "provrdf.toml:3: timezone: 'Canary' is no time zone: did you mean 'Atlantic/Canary'?",
        "provrdf.toml:4: inputs.2: must be a text, not the number 3",
        "provrdf.toml:7: validate.fail-on: unknown key, did you mean 'fail_on'?",
        "provrdf.toml:8: validate.rules.2: 'provv' is not known: did you mean 'prov'?",
        "provrdf.toml:9: validate.reports.2: needs 'format'",
        "provrdf.toml:14: export.2: needs 'output'",
        "provrdf.toml:18: publish.privacy.pseudonymous: must be true or false, not the number 1",
        "provrdf.toml:21: agents.me.type: 'person' is not known: did you mean 'Person'?",
        "PROVRDF_ENDPOINT: 'ftp://x' must begin with http:// or https://",
        "--strict: must be true or false, not a text",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = \n", "provrdf.toml:1: not TOML: invalid value"),
        ("[validate\n", "provrdf.toml:1: not TOML: "),
        ('base = "http://x/"\nbase = "http://y/"\n', "provrdf.toml:2: not TOML: cannot overwrite a value"),
        ("validate = 3", "provrdf.toml:1: validate: must be a table, not the number 3"),
        ("agents = [1]", "provrdf.toml:1: agents: must be a table of agents, not a list"),
        ("capture = 1", "provrdf.toml:1: capture: must be a table, not the number 1"),
        ("export = [1]", "provrdf.toml:1: export.1: must be a table {format = ..., output = ...}"),
        ("export = [{output = 1}]", "provrdf.toml:1: export.1.output: must be a text, not the number 1"),
        ("export = [{output = 'x', formt = 'y'}]", "export.1.formt: unknown key, did you mean 'format'?"),
        ('prefix = " "', "provrdf.toml:1: prefix: is empty: write something, or leave the key out"),
        (
            "[validate]\nmax_per_check = 0",
            "provrdf.toml:2: validate.max_per_check: must be a whole number from 1",
        ),
        ("inputs = 3", "provrdf.toml:1: inputs: must be a list of paths, not the number 3"),
        ("[publish.privacy]\npath_rewrites = {a = 1}", "path_rewrites.a: must be a text, not the number 1"),
        ("[agents.me]\norcid = '0000-0002-1825-0098'", "is no ORCID: its last digit does not fit"),
        ("[agents.me]\nemail = 'me'", "provrdf.toml:2: agents.me.email: 'me' is no e-mail address"),
        ("\nzzz = 1", "provrdf.toml:2: zzz: unknown key, one of: base, timezone"),
    ],
)
def test_each_mistake_says_what_would_be_right(tmp_path, text, message):
    """One mistake gives one message with its place."""
    found = mistakes(tmp_path, text)
    assert len(found) == 1
    assert message in found[0]


def test_pyproject_mistakes_have_their_lines(tmp_path):
    """Lines are found below [tool.provrdf], too."""
    text = (
        '[project]\nbase = 1\n\n[tool.provrdf]\nprefix = "x"\n\n[tool.provrdf.validate]\nfail_on = "never"\n'
    )
    found = mistakes(tmp_path, text, name="pyproject.toml")
    assert found == [
        "pyproject.toml:8: validate.fail_on: 'never' is not known: one of: violation, warning, info"
    ]


def test_files_that_cannot_be_read(tmp_path):
    """A file that was asked for must be there, and be text."""
    with pytest.raises(ConfigError, match=r"none\.toml: cannot read the configuration: no such file"):
        load_config("none.toml", cwd=tmp_path, env={})
    (tmp_path / "latin.toml").write_bytes(b'prefix = "\xe9"')
    with pytest.raises(ConfigError, match="not UTF-8 text"):
        load_config("latin.toml", cwd=tmp_path, env={})


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ("example.org/", "must begin with http:// or https://"),
        ("ftp://example.org/", "must begin with http:// or https://"),
        ("http://example.org", "must end with '/': 'http://example.org/'"),
        ("http://example.org/a b/", "has ' ' in it, which no address can have"),
        ("http://example.org/<x>/", "has '<' in it"),
        ("http://example.org/%zz/", "has '%' in it"),
        ("http://example.org/#/", "has a '#' or '\\?' in it: end it with '/'"),
        ("http://example.org/?q=/", "has a '#' or '\\?' in it"),
        ("http://bob:pw@example.org/", "has no place in an address"),
        ("http:///x/", "has no host name"),
        ("http://example.org:port/", "has no host name"),
    ],
)
def test_what_is_no_base_iri(base, message):
    """A Config cannot be made with a base that would give broken names; passwords are not repeated."""
    with pytest.raises(ConfigError, match=message) as caught:
        Config(base=base)
    assert "bob" not in str(caught.value)


@pytest.mark.parametrize(
    "base", ["http://localhost:8000/", "https://example.org/pröv/", "http://[::1]:80/x/", "http://h/%20/"]
)
def test_what_is_a_base_iri(base):
    """Ports, IPv6, escapes and letters beyond ASCII are fine."""
    assert Config(base=base).base == base


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "+01:00", "Atlantic"])
def test_what_is_no_time_zone(zone):
    """A Config cannot be made with a zone that does not exist."""
    with pytest.raises(ConfigError, match=r"timezone: .* is no time zone"):
        Config(timezone=zone)


def test_configs_can_be_hashed_and_sent_to_another_process(tmp_path):
    """Configs are keys of caches and travel to worker processes."""
    config = load(tmp_path, FULL)
    assert pickle.loads(pickle.dumps(config)) == config
    assert hash(config) == hash(load(tmp_path, FULL))


def test_configs_cannot_be_changed():
    """Another one is made, with the same checks; mappings are not shared between them."""
    config = Config(strict=True)
    with pytest.raises(AttributeError, match=r"replace\(strict=...\)"):
        config.strict = False
    with pytest.raises(AttributeError):
        del config.strict
    assert config.replace(base="https://example.org/") == Config("https://example.org/", strict=True)
    assert config.agents is not Config().agents
    with pytest.raises(ConfigError):
        config.replace(timezone="nowhere")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Config(bsae="http://x/"),
        lambda: Config("http://x/", base="http://x/"),
        lambda: ReportConfig("json", None, "more"),
        ReportConfig,
    ],
)
def test_configs_have_the_values_that_are_declared(make):
    """An unknown, a double and a missing value are the mistakes that they are in any call."""
    with pytest.raises(TypeError, match="takes the values"):
        make()


def test_most_configs_load_little():
    """Without a file, a variable or a flag there is nothing to read, and nothing is loaded for it."""
    code = "import provrdf.config, sys; provrdf.config.load_config(env={}, cwd='/'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"dataclasses", "tomllib", "difflib", "provrdf.config.schema"} & set(done.stdout.split())


def test_lines_of_keys():
    """Tables, lists of tables, dotted and quoted keys have lines; texts over several lines do not confuse."""
    text = "a = 1\nb.c = 2\n# \"\"\" no text\nd = '''\na = 5\n'''\n"
    text += "[[e]]\nx = 1\n[[e]]\nx = 2\n[e.'f g']\ny = 3\n"
    lines = key_lines(text)
    assert lines["a",] == 1
    assert lines["b", "c"] == 2
    assert (lines["e", 0, "x"], lines["e", 1, "x"], lines["e", 1, "f g", "y"]) == (8, 10, 12)
    assert line_of(lines, ("e", 1, "x", 3, "inner")) == 10
    assert line_of(lines, ("nowhere",)) is None


TOML_VALUES = st.sampled_from(
    ['"x"', "3", "true", "[1]", "{a = 1}", "1979-05-27", '"http://x/"', "[{}]", "1.5", "inf"]
)
KEYS = [
    "base",
    "timezone",
    "inputs",
    "model",
    "strict",
    "validate",
    "export",
    "publish",
    "agents",
    "capture",
    "bse",
]


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), TOML_VALUES, max_size=5))
def test_no_value_makes_it_fail_otherwise(tmp_path_factory, values):
    """Whatever a file says, the answer is a Config or a ConfigError with lines."""
    folder = tmp_path_factory.mktemp("config")
    text = "".join(f"{key} = {value}\n" for key, value in values.items())
    try:
        config = load(folder, text)
    except ConfigError as error:
        problems = error.problems
    else:
        assert set(values) >= config.declared
        return
    assert problems
    assert all(problem.line for problem in problems)


def test_importing_the_configuration_loads_nothing_heavy():
    """The capture side and the start of every command import it."""
    heavy = {"rdflib", "pyoxigraph", "prov", "rich", "tomllib", "zoneinfo", "yaml"}
    code = f"import provrdf.config as c, sys; c.Config(); print(sorted({{*sys.modules}} & {heavy}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
