"""``provrdf shapes``: write the SHACL shapes of a model file."""

from __future__ import annotations

import argparse

from provrdf.cli.options import add_general, config_of
from provrdf.cli.output import open_output
from provrdf.errors import UsageError

EXAMPLES = """examples:
  provrdf shapes definition.yaml > shapes.ttl
  provrdf shapes definition.yaml -o shapes.ttl --strict
  pyshacl -s shapes.ttl data.ttl                           any SHACL engine runs them

exit codes: 0 written, 2 usage or model file"""

_STRICT = "take what the model file lacks for violations rather than warnings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    parser.add_argument(
        "model", nargs="?", metavar="MODEL", help="model file (default: that of the configuration)"
    )
    parser.add_argument(
        "-f",
        "--format",
        metavar="FORMAT",
        default="turtle",
        help="turtle, ntriples, jsonld or rdfxml",
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="where to (default: standard output)")
    add_general(parser, strict=_STRICT)


def run(args: argparse.Namespace) -> int:
    """Write the shapes."""
    from provrdf.model import load_model
    from provrdf.shapes import FORMATS, write_shapes

    config = config_of(args)
    if config.model is None:
        raise UsageError("no model file: name one, or set 'model' in provrdf.toml")
    if args.format not in FORMATS:
        message = f"unknown format {args.format!r} for shapes: one of {', '.join(FORMATS)}"
        raise UsageError(message)
    model = load_model(config.model)
    with open_output(args.output) as stream:
        write_shapes(model, stream, args.format, config=config, strict=config.strict)
    return 0
