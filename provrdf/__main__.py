"""``python -m provrdf`` is the command line."""

from provrdf.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
