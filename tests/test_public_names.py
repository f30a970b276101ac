"""The public names: loaded when used, sorted, complete, and not hidden by modules of the same name."""

import importlib
import subprocess
import sys

import pytest

import provrdf


def test_all_is_sorted_and_every_name_resolves():
    """Each public name comes from its module."""
    assert sorted(provrdf.__all__, key=str.lower) == sorted(provrdf.__all__, key=str.lower)
    for name in provrdf.__all__:
        assert getattr(provrdf, name) is not None
        assert name in dir(provrdf)


def test_a_function_is_not_hidden_by_the_module_of_the_same_name():
    """Importing ``provrdf.query`` leaves ``provrdf.query(...)`` callable."""
    for name in ("query", "lineage", "export", "validate", "select"):
        importlib.import_module(f"provrdf.{name}")
        assert callable(getattr(provrdf, name))


def test_importing_the_package_loads_nothing_heavy():
    """``import provrdf`` alone loads no RDF library."""
    heavy = ("rdflib", "pyoxigraph", "yaml", "rich")
    code = f"import sys, provrdf; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error():
    """A typo is told by name."""
    with pytest.raises(AttributeError, match="quer"):
        provrdf.quer  # noqa: B018
