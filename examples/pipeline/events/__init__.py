"""The package in the middle: it makes events from what the camera saw, as lstchain does."""

from events.reconstruction import Reconstructor

__all__ = ["Reconstructor"]
