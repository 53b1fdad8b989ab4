"""A place on the nodes, and its cluster."""

import pytest

from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.cluster import Cluster


@pytest.fixture
def place(places):
    """Where nothing was published."""
    return places()


@pytest.fixture
def cluster(place):
    """The client behind it."""
    cluster = Cluster(Address.read(place))
    yield cluster
    cluster.close()
