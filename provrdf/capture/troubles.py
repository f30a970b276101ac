"""What goes wrong in a capture: counted, told once, never raised into the pipeline."""

from __future__ import annotations

CAUGHT = (Exception, SystemExit, GeneratorExit)
"""What the pipeline's objects may raise while capture looks at them; an interrupt by the user passes."""


class Troubles:
    """Counts what could not be recorded, and warns of the first.

    Attributes
    ----------
    count : int
        How much so far.
    first : str or None
        The first, in words.
    """

    def __init__(self) -> None:
        self.count = 0
        self.first: str | None = None

    def note(self, where: str, error: BaseException) -> None:
        """Count something that went wrong while an activity was recorded."""
        self.count += 1
        if self.first is None:
            self.first = f"{where}: {_said(error)}"
            self.warn(f"provenance of {self.first}; it is not recorded, and the pipeline goes on")

    def warn(self, message: str) -> None:
        """Tell the user, through the standard logging, which raises nothing."""
        import logging

        logging.getLogger("provrdf.capture").warning("%s", message)


def _said(error: BaseException) -> str:
    try:
        text = str(error)
    except CAUGHT:
        text = ""
    name = type(error).__name__
    return f"{name}: {text}" if text else name
