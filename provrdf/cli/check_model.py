"""``provrdf check-model``: look for mistakes in model files."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from provrdf.cli.options import add_general, config_of
from provrdf.cli.reports import add_report, write_report
from provrdf.errors import ModelError, UsageError

if TYPE_CHECKING:
    from provrdf.report import Result

EXAMPLES = """examples:
  provrdf check-model definition.yaml
  provrdf check-model -f github definition.yaml        annotations in a pull request
  provrdf check-model -f sarif -o model.sarif --fail-on warning *.yaml

exit codes: 0 nothing found, 1 findings, 2 a file cannot be used, 3 a file cannot be opened"""

_STRICT = "take warnings for violations"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    parser.add_argument(
        "models", nargs="*", metavar="FILE", help="model file (default: that of the configuration)"
    )
    add_report(parser)
    add_general(parser, strict=_STRICT)


def run(args: argparse.Namespace) -> int:
    """Check the files, write one report of all, and return the exit code."""
    from provrdf import lint
    from provrdf.report import Report, Severity

    config = config_of(args)
    files = args.models or ([str(config.model)] if config.model else [])
    if not files:
        raise UsageError("no model file: name one, or set 'model' in provrdf.toml")
    broken: list[ModelError] = []
    found = tuple(_results(files, broken))
    report = Report.of(
        lint.strictly(found) if config.strict else found,
        inputs=files,
        rules=("model-file",),
        checks=lint.CHECKS,
        max_per_check=config.validate.max_per_check,
        fail_on=Severity.parse(config.validate.fail_on),
    ).select(only=args.only or (), skip=config.validate.skip)
    unopened = any(isinstance(error.__cause__, OSError) for error in broken)
    code = 3 if unopened else 2 if broken else report.exit_code()
    write_report(report, args, code=code)
    return code


def _results(files: Iterable[str], broken: list[ModelError]) -> Iterator[Result]:
    """Lint each file; those that cannot be used are added to `broken`."""
    from provrdf import lint
    from provrdf.model import load_model

    for file in files:
        try:
            yield from lint.lint(load_model(file))
        except ModelError as error:
            broken.append(error)
            yield from lint.mistakes(error)
