"""The package on top: it runs a night, as lstosa does."""
