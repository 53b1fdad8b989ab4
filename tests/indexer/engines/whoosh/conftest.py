"""An index of two generations."""

import pytest

from tests.indexer.engines.whoosh.published import publish


@pytest.fixture
def place(tmp_path):
    publish(tmp_path / "index", "法治一")
    publish(tmp_path / "index", "法治一", "法治二")
    return tmp_path / "index"
