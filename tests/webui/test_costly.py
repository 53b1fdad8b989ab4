"""What takes long waits for its turn; everything else is answered meanwhile."""

import pytest


@pytest.mark.parametrize(
    "address",
    [
        "/statistics?label=行政复议",
        "/api/v1/statistics?label=行政复议",
        "/api/v1/statistics?q=行政&by=year",
        "/promises?report=r0",
        "/api/v1/promises?report=r0",
        "/compare?left=r0&right=r3",
        "/api/v1/compare?left=r0&right=r3",
        "/words?q=行政",
        "/api/v1/words?year=2022",
        "/api/v1/words.csv?year=2022",
        "/common",
        "/api/v1/common",
        "/api/v1/common.csv",
        "/similar?text=行政复议",
        "/api/v1/similar?text=行政复议",
    ],
)
def test_what_takes_long_waits_for_its_turn(client, monkeypatch, address):
    monkeypatch.setattr("webui.costly.PATIENCE", 0.01)
    turns = client.application.extensions["costly"]
    with turns.turn(), turns.turn():
        assert client.get(address).status_code == 503
        assert client.get("/?q=行政").status_code == 200
    assert client.get(address).status_code == 200
