"""The lowest of the three packages: it knows the camera, as ctapipe does."""

from camera.calibration import calibrate, make_pedestal

__all__ = ["calibrate", "make_pedestal"]
