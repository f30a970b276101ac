"""``provrdf completion``: print a completion script for a shell."""

from __future__ import annotations

import argparse
import sys

from provrdf.errors import UsageError

EXAMPLES = """examples:
  source <(provrdf completion bash)                        for this session
  provrdf completion bash > ~/.local/share/bash-completion/completions/provrdf
  provrdf completion zsh > "${fpath[1]}/_provrdf\""""

_PATHS = ("FILE", "INPUT", "OUT", "MODEL", "CONFIG")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="the shell that will read the script")


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    try:
        import shtab
    except ImportError:
        raise UsageError("completion needs the package shtab: pip install shtab") from None
    from provrdf.cli import build_parser

    parser = build_parser("*")
    for action in _actions(parser):
        if action.metavar == "DIR":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
        elif action.metavar in _PATHS:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    sys.stdout.write(shtab.complete(parser, shell=args.shell).rstrip("\n") + "\n")
    return 0


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """All options and arguments, those of the verbs included."""
    found = list(parser._actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                found += _actions(child)
    return found
