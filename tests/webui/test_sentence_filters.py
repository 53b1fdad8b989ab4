"""What filters by sentences is an argument of every view: each takes it, or says that it has no such argument."""

import pytest

VIEWS = ["/?q=行政复议", "/reports?q=行政复议", "/concordance?q=行政复议", "/words?q=行政复议", "/years?q=行政复议", "/matrix?q=行政复议"]
OTHERS = ["/batch?terms=行政复议", "/advanced?all=行政复议", "/similar?text=推进行政复议", "/feed.atom?q=行政复议"]
OF_REPORTS = ["/units?", "/corpus?", "/remarks?", "/common?"]


@pytest.mark.parametrize("view", [*VIEWS, *OTHERS])
@pytest.mark.parametrize("filter", ["novelty=own", "sentence=00000000000f", "sentence=00000000000f&novelty=own"])
def test_views_of_passages_take_it(client, view, filter):
    assert client.get(f"{view}&{filter}").status_code == 200


@pytest.mark.parametrize("view", OF_REPORTS)
def test_views_of_reports_refuse_it(client, view):
    assert client.get(f"{view}novelty=own").status_code == 400
