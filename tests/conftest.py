"""What several test files share: the corpus of real logs (when it is there) and small made-up ones."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Folder of real logs; not part of a checkout."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("the corpus of real logs is not beside this checkout (../shared/corpus)")
    return folder
