"""Records and their wire format: every payload means what Python says it means, or says why not."""

import ast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provrdf._payload import MAX_DEPTH, PayloadError, PayloadParser, Reason
from provrdf._payload.swapped import read_swapped
from provrdf.errors import LogError
from provrdf.records import Record, format_line, kind, normalise, parse_line
from provrdf.testing import logs, plain_values

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
LITERALS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)
DICTIONARIES = st.dictionaries(st.text(max_size=6), LITERALS, max_size=4)
PIECES = [*"'\"\\{}[]():, 1-.0#bx\t\n\ré", "'a'", "''", "e5", "nan"]
PIECES += ["None", "True", "False", "null", "true", "false", "NaN", "Infinity"]
SESSION = (
    "{'session_id': 'S', 'system': {'platform': {'node': 1, 'libcver': \"('glibc', '2')\", 'pad': '%s'}, "
    "'python': {'version': '3.11 \\n[GCC]', 'packages': [{'name': 'a', 'pad': '%s'}]}, 'arguments': %r}, "
    "'definitions': {'PREFIX': None, 'pad': '%s'}, 'note': %r}"
)  # fmt: skip


def outcome(parser, text):
    """Give what a parser makes of a text: the data with their types, or the reason why not."""
    try:
        return repr(parser.parse(text))
    except PayloadError as error:
        return error.reason


def same(one, other):
    """Compare values and their types, nan included."""
    return repr(one) == repr(other)


@given(st.one_of(DICTIONARIES.map(repr), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)))
@settings(max_examples=400, deadline=None)
def test_fast_way_agrees_with_literal_eval_or_has_a_doubt(text):
    """Whatever the fast way returns, Python's own reading of the same text is exactly that."""
    data = read_swapped(text)
    assert data is None or same(data, ast.literal_eval(text))


@given(DICTIONARIES, st.floats(0, 1, exclude_max=True), st.sampled_from(["", *PIECES]))
@settings(max_examples=300, deadline=None)
def test_fast_way_agrees_on_damaged_texts(data, place, piece):
    """The same after a character was lost or replaced."""
    text = repr(data)
    at = int(place * len(text))
    text = text[:at] + piece + text[at + 1 :]
    data = read_swapped(text)
    assert data is None or same(data, ast.literal_eval(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("""{'libcver': "('glibc', '2')", 'exe': None}""", {"libcver": "('glibc', '2')", "exe": None}),
        ("""{"it's": 'say "no"', 'x': True}""", {"it's": 'say "no"', "x": True}),
        ("{'a': " + "[{}], " * 200 + "'b': [" + "[]," * 99 + "[]]}", None),
        ("{'a': [" + "{'b': [1]}, " * 200 + "None]}", {"a": [{"b": [1]}] * 200 + [None]}),
        ("""{'a': "x", 'b': b"y"}""", None),
        ("""{'a': "x" 'y'}""", None),
        ("""{'a': "x", 'b': 'y}""", None),
    ],
)
def test_texts_that_the_fast_way_reads(text, value):
    """Strings in both kinds of quotes, and many brackets, as long as there is no doubt."""
    assert read_swapped(text) == value


@given(DICTIONARIES)
@settings(max_examples=200, deadline=None)
def test_what_repr_wrote_is_read_back(data):
    """A payload of literals is read exactly; nan and inf, which are none, are kept as text."""
    read, inexact = PayloadParser().parse(repr(data))
    assert same(read, data) or inexact


@given(
    st.lists(st.tuples(st.integers(0, 2), st.lists(st.text(max_size=3), max_size=2), st.text(max_size=30)))
)
@settings(max_examples=60, deadline=None)
def test_known_blocks_change_no_value(sessions):
    """Session records that repeat large blocks are read as if each were the first."""
    parser = PayloadParser()
    for number, arguments, note in sessions:
        pad = str(number) * 400
        text = SESSION % (pad, pad, arguments, pad, note)
        assert same(parser.parse(text)[0], ast.literal_eval(text))


@pytest.mark.parametrize(
    "spoiled",
    [
        "{'session_id': 'S', 'note': \"see {block} here\", 'pad': '%s'}",
        "{'session_id': 'S', 'other': {block}, 'python': 'no block', 'pad': '%s'}",
        "{'session_id': 'S', 'deep': {'system': {block}}, 'pad': '%s'}",
        "{'session_id': 'S', {block} '', 'pad': '%s'}",
        "{'session_id': 'S', {block}{block}, 'pad': '%s'}",
        "{'session_id': 'S', {block}, 'pad': '%s'}",
        "{'session_id': 'S', {block}, {block}, 'pad': '%s'}",
        "{'session_id': 'S', # {block}, 'pad': '%s'}",
        "{'session_id': 'S', 'list': [{block}], 'pad': '%s'}",
    ],
)
def test_a_known_block_in_the_wrong_place_is_not_taken_for_one(spoiled):
    """A block within a text, twice, or where no value can stand: as if it were not known."""
    parser, pad = PayloadParser(), "x" * 400
    session = SESSION % (pad, pad, [], pad, "")
    value = parser.parse(session)[0]["system"]["python"]
    text = spoiled.replace("{block}", f"'python': {value!r}") % ("y" * 1000)
    assert outcome(parser, text) == outcome(PayloadParser(), text)


@pytest.mark.parametrize(
    ("text", "data", "inexact"),
    [
        ("{'filepath': PosixPath('dl3')}", {"filepath": "PosixPath('dl3')"}, ("filepath",)),
        ("{'a': <Quantity 0.1 TeV>, 'b': 1}", {"a": "<Quantity 0.1 TeV>", "b": 1}, ("a",)),
        ("{'p': {'x': array([1, 2]), 'y': (1, 2)}}", {"p": {"x": "array([1, 2])", "y": (1, 2)}}, ("p.x",)),
        ("{'a': nan, 'b': -inf}", {"a": "nan", "b": "-inf"}, ("a", "b")),
        ("{'t': datetime.datetime(2020, 1, 1)}", {"t": "datetime.datetime(2020, 1, 1)"}, ("t",)),
        ("{'u': <Unit.TeV: 'x, y'>, 'f': <function <lambda> at 0x1>}", None, ("u", "f")),
        ("{'l': [1, Path('a, b'), {2}]}", {"l": [1, "Path('a, b')", {2}]}, ("l",)),
        ("{'a': it's, 'b': 1}", {"a": "it's", "b": 1}, ("a",)),
        (
            "{'a': Counter({'b': 1}), 'c': (P('x'),)}",
            {"a": "Counter({'b': 1})", "c": ("P('x')",)},
            ("a", "c"),
        ),
        ("{'m': array([[1, 2],\n       [3, 4]])}", {"m": "array([[1, 2],\n       [3, 4]])"}, ("m",)),
        ("{Path('k'): 1}", {"Path('k')": 1}, ("",)),
        ('{"a": true, "b": null}', {"a": True, "b": None}, ()),
        ("{'a': 'x' 'y', 'b': 0x10, 'c': 1_000}", {"a": "xy", "b": 16, "c": 1000}, ()),
        ("{'a': 1}  # said in passing", {"a": 1}, ()),
        (r"{'a': 'C:\data\new', 'b': '\\0'}", {"a": "C:\\data\new", "b": "\\0"}, ()),
        (r"{'a': r'\d', 'b': '\d'}", {"a": r"r'\d'", "b": r"\d"}, ("a",)),
    ],
)
def test_a_value_that_is_no_literal_is_kept_as_its_text(text, data, inexact):
    """The other values stay exact, and the keys of the kept texts are listed."""
    read, kept = PayloadParser().parse(text)
    assert data is None or same(read, data)
    assert kept == inexact


def test_a_number_too_long_for_python_is_kept_as_its_digits():
    """Python refuses to read thousands of digits; nothing is lost by that."""
    digits = "9" * 5000
    assert PayloadParser().parse(f"{{'a': {digits}}}") == ({"a": digits}, ("a",))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{'activity_id': 'ab", Reason.TRUNCATED),
        ("{'a': [1, 2", Reason.TRUNCATED),
        ("{", Reason.TRUNCATED),
        ("", Reason.TRUNCATED),
        ("{'a': <Quantity 0.", Reason.TRUNCATED),
        ("{'a': 1}{'b': 2}", Reason.TORN),
        ("{'a': 1} and more", Reason.TORN),
        ("{'a': }", Reason.MALFORMED),
        ("{'a': [1}", Reason.MALFORMED),
        ("{[]: 1}", Reason.MALFORMED),
        ("so it goes", Reason.MALFORMED),
        ("[1, 2]", Reason.NOT_A_DICTIONARY),
        ("'text'", Reason.NOT_A_DICTIONARY),
        ("{1, nan}", Reason.NOT_A_DICTIONARY),
        ("{'a': " + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}", Reason.TOO_DEEP),
        ("{'a': " + "[" * 100_000 + "}", Reason.TOO_DEEP),
        ("{'a': '" + "x" * 2**24 + "', 'b': \"'\"}", Reason.TOO_LARGE),
    ],
)
def test_what_is_no_whole_dictionary_is_refused_with_the_reason(text, reason):
    """The reason is one of a fixed list."""
    with pytest.raises(PayloadError) as caught:
        PayloadParser().parse(text)
    assert caught.value.reason is reason


@given(st.lists(st.sampled_from([*PIECES, "<", ">", "Path", "array("]), max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_no_text_is_read_by_guessing(text):
    """Any text is refused with a reason, or read; if exactly, then as Python reads it."""
    text = "{'a': " + text + "}"
    try:
        data, inexact = PayloadParser().parse(text)
    except PayloadError:
        return
    assert inexact or same(data, ast.literal_eval(text))


def test_nothing_in_a_payload_is_run(capsys):
    """A payload that is code stays a text."""
    data, inexact = PayloadParser().parse("{'a': print('run'), 'b': __import__('os').getcwd()}")
    assert data == {"a": "print('run')", "b": "__import__('os').getcwd()"}
    assert inexact == ("a", "b")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"session_id": "S", "name": "01615"}, "session"),
        ({"activity_id": "a", "name": "x", "startTime": "t"}, "activity"),
        ({"activity_id": "a", "endTime": "t", "session_tag": "x:1"}, "end"),
        ({"activity_id": "a", "startTime": "t", "endTime": "t"}, "activity"),
        ({"activity_id": "a", "parameters": {}}, "parameters"),
        ({"activity_id": "a", "used_id": 1, "used_role": "r"}, "used"),
        ({"activity_id": "a", "generated_id": 1}, "generated"),
        ({"entity_id": 1, "name": "x"}, "entity"),
        ({"entity_id": 1, "member_id": 2}, "member"),
        ({"entity_id": 1, "progenitor_id": 2, "generated_time": "t"}, "progenitor"),
        ({"activity_id": "a", "session_tag": "x:1"}, None),
        ({"name": "x"}, None),
        ({}, None),
    ],
)
def test_kind_of_a_record(data, name):
    """What a record is about follows from its keys."""
    assert kind(data) == name


def test_an_entity_under_its_own_id_is_understood():
    """Logprov logs entities that it knows as ``{..., id: id}``."""
    assert normalise({"location": "var1", 7: 7}) == {"entity_id": 7, "location": "var1"}
    assert normalise({"type": "File", "file:ab": "file:ab"}) == {"entity_id": "file:ab", "type": "File"}
    assert normalise({"location": "var1", "7": 7}) == {"entity_id": 7, "location": "var1"}


@pytest.mark.parametrize(
    "data",
    [
        {"name": "x"},
        {"a": "a", "b": "b"},
        {"entity_id": None},
        {"activity_id": "", "name": "x"},
        {"session_id": [1]},
    ],
)
def test_a_record_of_no_kind_is_refused(data):
    """Without a usable id there is nothing that the record could be about."""
    with pytest.raises(PayloadError) as caught:
        normalise(data)
    assert caught.value.reason is Reason.NO_KEY


LINE = "{'activity_id': 'ab12cd', 'name': 'x'}"


@pytest.mark.parametrize(
    "line",
    [
        f"INFO provLogger __PROV__2026-11-22T07:36:13.734862__PROV__{LINE}",
        f"INFO _PROV_2026-11-22T07:36:13.734862_PROV_{LINE}\n",
        f"__PROV__2026-11-22T07:36:13.734862__PROV__{LINE}\r\n",
        f"2026-11-22 07:36:13,734 - provLogger - INFO - _PROV_2026-11-22T07:36:13.734862_PROV_{LINE}",
        f"[2026-11-22] INFO:provLogger:__PROV__2026-11-22T07:36:13.734862__PROV__ {LINE}",
    ],
)
def test_dialects_of_a_line(line):
    """Either marker, with or without logger, level and date before it."""
    record = parse_line(line)
    assert record == Record("2026-11-22T07:36:13.734862", {"activity_id": "ab12cd", "name": "x"})


def test_other_lines_are_none():
    """A line without a marker is no provenance, unless a marker of its own is given."""
    assert parse_line("DEBUG Found var1 in a dict") is None
    line = f"INFO @@2026-11-22T07:36:13@@{LINE}"
    assert parse_line(line) is None
    assert parse_line(line, prefix="@@").data["name"] == "x"


@pytest.mark.parametrize("marker", ["__PROV__", "_PROV_"])
def test_a_value_cannot_pass_for_a_record(marker):
    """Only the first two markers of a line count, however a value is made."""
    forged = f"x{marker}2020-01-01T00:00:00{marker}{{'activity_id': 'FORGED'}} # "
    for other in ("__PROV__", "_PROV_"):
        line = format_line(Record("2026-11-22T07:36:13", {"entity_id": "e", "value": forged}), prefix=other)
        assert parse_line(line).data == {"entity_id": "e", "value": forged}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("INFO __PROV__2026-11-22T07:36:13__PROV__{'activity_id': 'ab", "truncated"),
        ("INFO __PROV__2026-11-22T07:3", "truncated"),
        (f"INFO __PROV__yesterday__PROV__{LINE}", "bad time"),
        (f"INFO __PROV__2026-02-30T00:00:00__PROV__{LINE}", "bad time"),
        ("INFO __PROV__2026-11-22T07:36:13__PROV__{'name': 'x'}", "no key"),
        ("INFO __PROV__2026-11-22T07:36:13__PROV__[1]", "not a dictionary"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line, reason):
    """A marked line is a record or an error, never silence."""
    with pytest.raises(LogError, match=reason):
        parse_line(line)


@given(logs(), st.sampled_from(["__PROV__", "_PROV_", "@@"]), st.sampled_from(["provLogger", ""]))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_writing_and_reading_a_line_are_inverse(records, prefix, logger):
    """Every record of a log survives; a line is one line."""
    for record in records:
        line = format_line(record, prefix=prefix, logger=logger)
        assert "\n" not in line
        assert parse_line(line, prefix=prefix) == Record(record.time, record.data)


@given(st.dictionaries(st.text(max_size=5), plain_values(), max_size=4))
@settings(max_examples=100, deadline=None)
def test_parameters_survive_with_their_types(parameters):
    """``"01618"`` stays text, 1 stays a number, True a boolean, None nothing."""
    record = Record("2026-11-22T07:36:13", {"activity_id": "a", "parameters": parameters})
    assert same(parse_line(format_line(record)).data, record.data)


@pytest.mark.parametrize(
    "line",
    [
        "INFO provLogger __PROV__2026-11-22T07:36:13__PROV__{'entity_id': 'e', 'filepath': PosixPath('dl3')}",
        "INFO __PROV__2026-11-22T07:36:13__PROV__{'activity_id': 'a', 'parameters': {'x': nan, 'y': 1}}",
        "{'activity_id': 'a', 'name': 'bare'}",
    ],
)
def test_kept_texts_and_bare_lines_are_written_as_they_were(line):
    """A value that was kept as its text goes back into the line as that text."""
    logger = "provLogger" if "provLogger" in line else ""
    assert format_line(parse_line(line), logger=logger) == line


def test_a_kept_text_with_a_line_break_is_quoted():
    """One record, one line, whatever the value."""
    record = Record("2026-11-22T07:36:13", {"entity_id": "e", "value": "array([1,\n 2])"}, inexact=("value",))
    assert parse_line(format_line(record)).data == record.data
