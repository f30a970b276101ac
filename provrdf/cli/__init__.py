"""The command line: one module per verb, imported only when that verb is called."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Generator, Sequence
from typing import Any

from provrdf.cli.output import drop_stdout, say
from provrdf.errors import ProvRdfError

VERBS = {
    "run": "do all a provrdf.toml declares: read, store, validate, export",
    "info": "say what a log, RDF file or store holds",
    "convert": "turn logs into RDF or another provenance format",
    "ingest": "add logs to a local store, only what is new",
    "validate": "check provenance against the model, PROV and IVOA rules",
    "shapes": "write the SHACL shapes of a model file",
    "check-model": "look for mistakes in a model file",
    "query": "ask with SPARQL or a named query",
    "lineage": "show what something was made from, or what came of it",
    "publish": "send sessions to a triple store, safely",
    "status": "compare a triple store with what is here",
    "completion": "print a completion script for bash, zsh or tcsh",
}
"""Verb -> one line of help. The module of a verb is ``provrdf.cli.<verb>``, ``-`` read as ``_``."""

_EPILOG = """examples:
  provrdf info prov.log                                  what is in a log
  provrdf lineage dl2_LST-1.Run01615.0002.h5 prov.log    what a file was made from
  provrdf run examples/lst/provrdf.toml                  all that a configuration declares
  provrdf VERB --help                                    options and examples of a verb

exit codes: 0 ok, 1 findings, 2 usage or configuration, 3 input unreadable,
            4 not published, 5 publishing to be resumed, 130 interrupted"""


class _Mixed(argparse.ArgumentParser):
    """A parser that takes options and arguments in any order: ``query NAME --format csv prov.log``."""

    _inside = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self._inside:
            return super().parse_known_args(args, namespace)
        self._inside = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._inside = False


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the screen."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    """Ask for the width of the screen as argparse does, but without the modules that it loads for that."""
    said = os.environ.get("COLUMNS", "")
    if said.isdigit() and int(said):
        return int(said)
    try:
        return os.get_terminal_size().columns or 80
    except OSError:  # no screen
        return 80


class _Help(_Plain):
    """Help with the verbs in one column, each on one line."""

    def _iter_indented_subactions(self, action: argparse.Action) -> Generator[argparse.Action]:
        yield from getattr(action, "_get_subactions", list)()


def build_parser(only: str | None = None, *, others: bool = True) -> argparse.ArgumentParser:
    """Build the parser; with `only`, just that verb gets its arguments (the others stay unimported).

    Without `others`, it knows no other verb at all.
    """
    from provrdf import __version__

    parser = argparse.ArgumentParser(
        prog="provrdf",
        description="Provenance logs as checked, published linked data.",
        epilog=_EPILOG,
        formatter_class=_Help,
    )
    parser.add_argument("--version", action="version", version=f"provrdf {__version__}")
    verbs = parser.add_subparsers(
        title="verbs", dest="verb", metavar="VERB", required=True, parser_class=_Mixed
    )
    for verb, summary in VERBS.items():
        if not (others or verb == only):
            continue
        loaded = only in (verb, "*")
        child = verbs.add_parser(
            verb,
            help=summary,
            description=summary,
            add_help=loaded,
            formatter_class=_Plain,
        )
        if loaded:
            module = importlib.import_module(_module_name(verb))
            child.epilog = getattr(module, "EXAMPLES", None)
            module.add_arguments(child)
            child.set_defaults(call=module.run)  # not "run": that is the option --run
    return parser


def _module_name(verb: str) -> str:
    return f"{__name__}.{verb.replace('-', '_')}"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    verb = next((word for word in arguments if not word.startswith("-")), None)
    try:
        others = verb not in VERBS or arguments[0] != verb  # what is before the verb may ask for all
        args = build_parser(verb, others=others).parse_args(arguments)
        code = int(args.call(args))
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        drop_stdout()  # the reader (head, less) has gone: not an error
        return 0
    except (ProvRdfError, OSError) as error:
        return _failed(verb, error)
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    return code


def _failed(verb: str | None, error: ProvRdfError | OSError) -> int:
    """Say what went wrong; what was printed before stays, if it can be written at all."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        drop_stdout()
    code = 3
    if isinstance(error, ProvRdfError):
        text, code = str(error), error.exit_code
    else:  # the machine: no permission, no room, an unreadable disk
        place = f"{error.filename}: " if error.filename else ""
        text = f"{place}{error.strerror.lower() if error.strerror else error}"
    say(f"provrdf {verb}: {text}")
    return code
