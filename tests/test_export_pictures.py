"""Pictures: what is in them, how they fold, that no name breaks them, that they can be had anywhere."""

import importlib
import io
import json
import re
import shutil
import subprocess
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pydot
import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provrdf.errors import FormatError, UsageError
from provrdf.export import export
from provrdf.export._dotwrite import make_picture, to_dot
from provrdf.export._picture import Edge, Node, Picture
from provrdf.export._picturefold import focus_on, fold, limit_to
from provrdf.export._quads import sorted_quads
from provrdf.graph import write_nquads
from tests.lines import Log
from tests.test_export import sample, written

render_module = importlib.import_module("provrdf.export._render")
SVG = "{http://www.w3.org/2000/svg}"
NASTY = [
    "<script>alert(1)</script>", '"]; n9 [label="x', "a\\N b \\l", "&lt;b&gt; &amp; &#60;", "<<b>x</b>>",
    "tail\\",
    "</script><!--", "@@DATA@@", "%s {0} $x", "{a|b}", "it's", "->", "strict", "γ日本é", "${x}`y`", "", " ",
]  # fmt: skip


def night(subruns: int = 20) -> bytes:
    """Write N-Quads of a run of alike subruns that share a calibration and write one merged file."""
    log = Log()
    log.session("run", name="run", software_version="v1")
    log.run("cal", "calibrate", "run", "09:00", "09:10", used=["flat.fits"], made=["calibration.h5"])
    for number in range(subruns):
        raw, product = f"raw.{number:04}.fits", f"dl1.{number:04}.h5"
        roles = {raw: "raw data", product: "events", "calibration.h5": "calibration", "all.h5": "merged"}
        times = [f"{hour}:{number:02}" for hour in range(10, 14)]
        log.run(
            f"r{number}",
            "reduce",
            "run",
            *times[:2],
            used=[raw, "calibration.h5"],
            made=[product],
            roles=roles,
        )
        log.run(f"m{number}", "merge", "run", *times[2:], used=[product], made=["all.h5"], roles=roles)
    out = io.BytesIO()
    write_nquads(log.records, out)
    return out.getvalue()


def picture_of(data: bytes, **options: object) -> Picture:
    """Make a picture with the defaults of the formats."""
    defaults = {
        "focus": None,
        "depth": None,
        "folded": True,
        "agents": False,
        "parameters": False,
        "limit": 300,
    }
    return make_picture(sorted_quads(data), **(defaults | options))


def titles(picture: Picture, kind: str = "") -> list[str]:
    """Titles of the nodes, sorted."""
    return sorted(node.title for node in picture.nodes.values() if kind in ("", node.kind))


def without_dot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that Graphviz is not installed."""
    found = shutil.which
    monkeypatch.setattr(
        render_module.shutil,
        "which",
        lambda name, path=None: None if name == "dot" else found(name, path=path),
    )


# --- what is in a picture


def test_every_step_and_file_is_there() -> None:
    """Without folding: each activity, each version of each file used or made, and their relations."""
    picture = picture_of(sample(1), folded=False)
    assert titles(picture, "activity") == ["clean", "fit", "reduce"]
    assert titles(picture, "entity") == ["dl1-0.h5", "dl1-0.h5", "raw.fits", "result.txt"]
    relations = sorted(edge.relation for edge in picture.edges)
    assert relations == ["used"] * 3 + ["wasGeneratedBy"] * 3 + ["wasRevisionOf"]
    assert {edge.label for edge in picture.edges if edge.relation == "used"} == {"raw", "events"}


def test_steps_tell_their_time_and_versions_their_number() -> None:
    """Times are short, durations readable, and a rewritten file says that it is a version."""
    nodes = picture_of(sample(1), folded=False).nodes.values()
    assert ("2026-11-22 10:00:00", "5 min") in [node.lines for node in nodes]
    assert ("File", "version 2") in [node.lines for node in nodes]


def test_agents_and_parameters_on_request() -> None:
    """Who ran a step, and a note with its parameters, are drawn when asked for."""
    assert not titles(picture_of(sample(1)), "agent")
    picture = picture_of(sample(1), agents=True, parameters=True)
    assert titles(picture, "agent") == ["observer"]
    (note,) = [node for node in picture.nodes.values() if node.kind == "parameters"]
    assert note.lines[:2] == ("bins = [1,2]", "cut = 0.5")


def test_a_session_is_named_where_there_are_several() -> None:
    """With one session its name would only be noise."""
    assert not any("session" in line for node in picture_of(sample(1)).nodes.values() for line in node.lines)
    lines = {line for node in picture_of(sample(2)).nodes.values() for line in node.lines}
    assert {"session run0", "session run1"} <= lines


def test_what_nothing_used_or_made_is_left_out_and_said() -> None:
    """A file that only has a record is no part of the story."""
    log = Log().session("s").run("a", "step", "s", "10:00", "10:01", used=["x"]).file("10:02", "forgotten")
    out = io.BytesIO()
    write_nquads(log.records, out)
    picture = picture_of(out.getvalue())
    assert "forgotten" not in titles(picture)
    assert picture.notes == ("left out: 1 file or object that no step used or made",)


# --- folding


def test_alike_subruns_fold_into_one() -> None:
    """Twenty subruns become one node of each kind; what they share stays one."""
    picture = picture_of(night(20))
    assert titles(picture, "activity") == ["calibrate", "merge", "reduce"]
    assert titles(picture, "entity") == ["all.h5", "calibration.h5", "dl1.*.h5", "flat.fits", "raw.*.fits"]
    step = next(node for node in picture.nodes.values() if node.title == "reduce")
    assert len(step.members) == 20
    assert step.lines == ("2026-11-22 10:00:00 to 11:19:00",)
    assert any("76 nodes less" in note for note in picture.notes)


def test_two_are_not_folded() -> None:
    """Few nodes are drawn as they are."""
    assert titles(picture_of(night(2)), "activity") == ["calibrate", "merge", "merge", "reduce", "reduce"]


def test_the_odd_one_out_stays_visible() -> None:
    """A subrun whose product nobody merged is not hidden among the others."""
    log_lines = night(6).splitlines()
    broken = b"\n".join(line for line in log_lines if not (b"m3" in line and b"#used" in line))
    steps = [node for node in picture_of(broken).nodes.values() if node.title == "reduce"]
    assert sorted(len(node.members) for node in steps) == [0, 5]


def test_failed_steps_do_not_fold_with_good_ones() -> None:
    """A failure is seen."""
    log = Log().session("s", name="s")
    for number in range(8):
        log.run(f"a{number}", "step", "s", f"10:{number:02}", f"10:{number + 1:02}", used=["x"])
        log.line("10:30", activity_id=f"a{number}", status="failed" if number == 5 else "completed")
    out = io.BytesIO()
    write_nquads(log.records, out)
    steps = [node for node in picture_of(out.getvalue()).nodes.values() if node.kind == "activity"]
    assert sorted((node.failed, len(node.members)) for node in steps) == [(False, 7), (True, 0)]
    assert 'color="#D00000"' in to_dot(picture_of(out.getvalue()))


def test_sessions_fold_together_only_when_there_is_no_room() -> None:
    """Runs stay apart until the picture would be too large."""
    data = sample(6)
    assert len(titles(picture_of(data), "activity")) == 18
    small = picture_of(data, limit=12)
    assert titles(small, "activity") == ["clean", "fit", "reduce"]
    assert "alike steps of different sessions are drawn as one" in small.notes


def test_parameters_that_differ_are_not_shown_as_shared() -> None:
    """A folded note shows what all have, and says that the rest differs."""
    nodes = {
        key: node
        for number in range(4)
        for key, node in {
            f"a{number}": Node(f"a{number}", "activity", "step", name="step"),
            f"p{number}": Node(
                f"p{number}", "parameters", "parameters", ("cut = 1", f"subrun = {number}"), name="p"
            ),
        }.items()
    }
    edges = tuple(Edge(f"a{number}", f"p{number}", "wasConfiguredBy") for number in range(4))
    folded = fold(Picture(nodes, edges))
    assert folded.nodes["p0"].lines == ("cut = 1", "other values differ")


def test_a_long_chain_folds_and_ends() -> None:
    """Thousands of alike steps in a row neither hang nor blow up."""
    nodes = {f"n{i}": Node(f"n{i}", "activity" if i % 2 else "entity", "x", name="x") for i in range(4000)}
    edges = tuple(
        Edge(f"n{i + 1}", f"n{i}", "used" if (i + 1) % 2 else "wasGeneratedBy") for i in range(3999)
    )
    started = time.perf_counter()
    assert len(fold(Picture(nodes, edges)).nodes) < 150
    assert time.perf_counter() - started < 10


# --- focus and limit


def test_focus_shows_origin_and_consequences() -> None:
    """From a file back to what it was made from, and forward to what came of it; not its siblings."""
    picture = picture_of(night(5), focus="raw.0002.fits", folded=False)
    assert titles(picture) == ["all.h5", "dl1.0002.h5", "merge", "raw.0002.fits", "reduce"]
    assert any(node.focus for node in picture.nodes.values())


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (0, ["dl1.0001.h5"]),
        (1, ["all.h5", "calibration.h5", "dl1.0001.h5", "merge", "raw.0001.fits", "reduce"]),
        (
            2,
            [
                "all.h5",
                "calibrate",
                "calibration.h5",
                "dl1.0001.h5",
                "flat.fits",
                "merge",
                "raw.0001.fits",
                "reduce",
            ],
        ),
    ],
)
def test_depth_counts_steps(depth: int, expected: list[str]) -> None:
    """Depth 1 is the step that made it and what that used, and the steps that used it and what they made."""
    assert titles(picture_of(night(3), focus="dl1.0001.h5", depth=depth, folded=False)) == expected


@pytest.mark.parametrize("wanted", ["/data/dl1.0001.h5", "dl1.0001.h5", "data/dl1.0001.h5", "r1"])
def test_focus_by_any_name(wanted: str) -> None:
    """A path, its end, a file name or a logged id all do."""
    assert "reduce" in titles(picture_of(night(3), focus=wanted, folded=False))


def test_focus_on_nothing_is_answered_with_what_is_close() -> None:
    """A typing error gets a hint."""
    with pytest.raises(
        UsageError, match=r"nothing in the data is called 'dl1.0001.h'.*close to it: dl1\.0001\.h5"
    ):
        picture_of(night(3), focus="dl1.0001.h")


def test_focus_does_not_run_through_an_earlier_version() -> None:
    """A file overwritten by an unrelated run does not inherit the history of what was there before."""
    nodes = {
        key: Node(key, "activity" if key.startswith("a") else "entity", key, handles=frozenset({key}))
        for key in ("a1", "v1", "a2", "v2")
    }
    edges = (
        Edge("v1", "a1", "wasGeneratedBy"),
        Edge("v2", "a2", "wasGeneratedBy"),
        Edge("v2", "v1", "wasRevisionOf"),
    )
    assert set(focus_on(Picture(nodes, edges), "v2", None).nodes) == {"v2", "a2"}


def test_a_limit_keeps_whole_steps_and_says_so() -> None:
    """The first steps by time are kept with their files, and the rest is counted."""
    picture = picture_of(night(30), folded=False, limit=20)
    assert len(picture.nodes) <= 20
    assert "calibrate" in titles(picture)
    assert re.search(
        r"too large to draw: the first \d+ of 61 steps are shown; left out: \d+ nodes", picture.notes[-1]
    )
    assert limit_to(picture, 1000) is picture


# --- DOT


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pydot's parser, with a new pyparsing
def test_dot_has_prov_colours_and_shapes() -> None:
    """Yellow ellipses, blue boxes, orange houses; arrows into the past, past on the left."""
    (graph,) = pydot.graph_from_dot_data(written(sample(1), "dot", agents=True).decode())
    looks = {
        node.get("shape").strip('"'): node.get("fillcolor") for node in graph.get_nodes() if node.get("shape")
    }
    assert looks == {"ellipse": '"#FFFC87"', "box": '"#9FB1FC"', "house": '"#FED37F"'}
    assert graph.get("rankdir") == "RL"
    labels = {node.get_name(): node.get("label") for node in graph.get_nodes()}
    used = [edge for edge in graph.get_edges() if edge.get("color") == '"#A52A2A"']
    assert all(labels[edge.get_source()].startswith(('"reduce', '"clean', '"fit')) for edge in used)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=30))
def test_no_name_breaks_dot(text: str) -> None:
    """Whatever a name holds, the text is one graph with one node and one label."""
    picture = Picture(
        {"k": Node("k", "entity", text, (text,), details=((text, text),))}, (Edge("k", "k", "used", text),)
    )
    (graph,) = pydot.graph_from_dot_data(to_dot(picture))
    assert [
        node.get_name() for node in graph.get_nodes() if node.get_name() not in ("node", "edge", "graph")
    ] == ["n0"]
    assert len(graph.get_edges()) == 1


def nasty_data() -> bytes:
    """Activities, files and roles with names that try to be markup."""
    log = Log().session("s", name="s")
    for number, name in enumerate(NASTY):
        log.line(
            "10:00", activity_id=f"a{number}", name=name, startTime="2026-11-22T10:00:00", in_session="s"
        )
        log.line("10:00", entity_id=f"e{number}", name=name, value=name)
        log.line("10:00", activity_id=f"a{number}", used_id=f"e{number}", used_role=name)
    out = io.BytesIO()
    write_nquads(log.records, out)
    return out.getvalue()


# --- images


@pytest.fixture(params=["graphviz", "wheel"])
def renderer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Draw with the Graphviz of the machine, and with the wheel's renderer."""
    if request.param == "graphviz" and shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed here")
    if request.param == "wheel":
        without_dot(monkeypatch)
    return request.param


@pytest.mark.usefixtures("renderer")
def test_svg_shows_names_as_they_are() -> None:
    """Names are text in the picture, exactly; nothing of them becomes an element."""
    tree = ET.fromstring(written(nasty_data(), "svg", fold=False))
    texts = ["".join(element.itertext()) for element in tree.iter(f"{SVG}text")]
    for name in NASTY:
        assert not name.strip() or name in texts
    assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= {
        "svg", "g", "title", "polygon", "polyline", "ellipse", "path", "text", "a",
    }  # fmt: skip


@pytest.mark.usefixtures("renderer")
@pytest.mark.parametrize(("name", "magic"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_images_are_drawn_and_the_same_each_time(name: str, magic: bytes) -> None:
    """With Graphviz or without, each kind of image can be had, and is the same file for the same data."""
    first = written(night(4), name, agents=True, parameters=True)
    assert first.startswith(magic)
    assert len(first) > 2000
    assert written(night(4), name, agents=True, parameters=True) == first


def test_nothing_to_draw_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any renderer the message says what to install and what works all the same."""
    monkeypatch.setattr(render_module.shutil, "which", lambda name, path=None: None)
    with pytest.raises(FormatError, match=r"no svg can be drawn.*dot.*graphviz-pure"):
        written(sample(1), "svg")
    assert written(sample(1), "dot")


def test_a_layout_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing never hangs: after a while the message says how to draw less."""

    def run(command: list[str], **options: object) -> None:
        raise subprocess.TimeoutExpired(command, float(str(options["timeout"])))

    monkeypatch.setattr(render_module.subprocess, "run", run)
    with pytest.raises(FormatError, match=r"took more than 120 seconds.*focus"):
        written(sample(1), "svg")


def test_a_renderer_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the renderer complained about reaches the user."""
    failed = subprocess.CompletedProcess(["dot"], 1, b"", b"out of memory")
    monkeypatch.setattr(render_module.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(FormatError, match="failed: out of memory"):
        written(sample(1), "png")


# --- HTML


def page_of(data: bytes, **options: object) -> tuple[str, dict]:
    """Export to HTML; give the page and the data in it."""
    page = written(data, "html", **options).decode()
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return page, json.loads(found[1])


def test_the_page_is_whole() -> None:
    """One file: picture, data, style and script inside; nothing is fetched, and only our script may run."""
    page, data = page_of(sample(1))
    assert "default-src 'none'" in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert "@import" not in page
    assert page.count("<script") == 2
    ids = set(re.findall(r'<g id="(n\d+)" class="node', page))
    assert ids == set(data["nodes"])
    assert {edge["id"] for edge in data["edges"]} == set(re.findall(r'<g id="(e\d+)" class="edge', page))


def test_the_page_knows_the_details() -> None:
    """A click shows ids, paths, times, hashes, session and agent."""
    _, data = page_of(sample(1))
    step = next(node for node in data["nodes"].values() if node["title"] == "reduce")
    details = dict(step["details"])
    assert details["logged id"] == "a0"
    assert details["took"] == "5 min"
    assert details["run by"] == "observer"
    assert details["session"].startswith("run0")
    file = next(node for node in data["nodes"].values() if node["title"] == "raw.fits")
    assert dict(file["details"])["location"] == "/data/raw.fits"


def test_no_name_gets_out_of_its_place() -> None:
    """Names that look like markup or like our place holders stay names."""
    page, data = page_of(nasty_data(), fold=False)
    assert page.count("<script") == 2
    assert "alert(1)</script>" not in page
    assert {name for name in NASTY if name.strip()} <= {node["title"] for node in data["nodes"].values()}


def test_the_script_has_the_hash_that_the_page_allows() -> None:
    """The browser would refuse to run anything else."""
    import base64
    import hashlib

    page, _ = page_of(b"")
    script = page[page.rindex("<script>") + len("<script>") : page.rindex("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page


BROWSER = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.mark.skipif(BROWSER is None, reason="no browser is installed here")
def test_the_page_works_in_a_browser(tmp_path: Path) -> None:
    """Search, click, details and the way back work; run headless, when there is a browser."""
    page, data = page_of(night(4))
    wanted = next(key for key, node in data["nodes"].items() if node["title"] == "calibration.h5")
    play = f"""<script>
      const said = [];
      window.onerror = (message) => said.push(message);
      document.querySelector("#{wanted} ellipse").dispatchEvent(new MouseEvent("click", {{bubbles: true}}));
      said.push(document.querySelector("#details h2").textContent);
      said.push(document.querySelectorAll("g.node.dim").length);
      const search = document.getElementById("search");
      search.value = "FLAT"; search.dispatchEvent(new Event("input"));
      said.push(document.querySelectorAll("g.hit").length);
      window.dispatchEvent(new KeyboardEvent("keydown", {{key: "Escape"}}));
      said.push(document.querySelectorAll(".hit, .dim, .chosen").length);
      document.title = said.join("|");
    </script></body>"""
    # Our own test script would not be allowed to run, as it should be.
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace("</body>", play)
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    command = [
        BROWSER,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    done = subprocess.run(
        [*command, "--dump-dom", (tmp_path / "page.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found = re.search("<title>(.*?)</title>", done.stdout)
    assert found, done.stderr
    # Everything comes of the calibration but the subruns' raw files, which are one node.
    assert found[1] == "calibration.h5|1|1|0"


def test_remarks_are_returned() -> None:
    """The caller learns what a picture leaves out."""
    remarks = export(night(20), "dot", io.BytesIO())
    assert any("drawn as one" in remark for remark in remarks)
    assert export(night(3), "turtle", io.BytesIO()) == ()


def test_all_formats_take_a_store() -> None:
    """A picture straight from a store."""
    store = pyoxigraph.Store()
    store.bulk_load(night(3), pyoxigraph.RdfFormat.N_QUADS)
    assert written(store, "dot") == written(night(3), "dot")
