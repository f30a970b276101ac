"""Provenance logs of observatory pipelines as checked, published linked data."""

__version__ = "0.1.0"
