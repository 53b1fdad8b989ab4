"""Where the reports of a folder are that do not say it themselves."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import SearchRequest, open_index
from indexer.catalogue import Catalogue, Source
from indexer.cli import main
from indexer.placing import StatedPlace, folders_of, placed_among

SHARED = ("210902", "320706")
"""海州区 of 阜新市 and of 连云港市."""


def placed_by_folder(standings):
    """What the folders decide, of what each file says."""
    pairs = [(one.place, folder) for key, one in standings.items() if one.place is not None for folder in folders_of(key)]
    return placed_among(pairs, {key: one.open for key, one in standings.items() if one.open})


def decided(open, *places):
    """What a folder decides for a report that may be in one of `open`, beside reports of these places."""
    others = {f"corpus/{number}.txt": StatedPlace(place, ()) for number, place in enumerate(places)}
    return placed_by_folder({**others, "corpus/open.txt": StatedPlace(None, open)}).get("corpus/open.txt")


@pytest.mark.parametrize(
    ("open", "others", "place"),
    [
        pytest.param(SHARED, ["210922"], "210902", id="of_the_same_city"),
        pytest.param(SHARED, ["320700", "110101"], "320706", id="the_city_itself"),
        pytest.param(SHARED, ["210100"], "210902", id="of_the_same_province"),
        pytest.param(SHARED, ["210902", "320700"], "210902", id="the_same_place"),
        pytest.param(SHARED, ["210922", "320100"], "210902", id="the_city_before_the_province"),
        pytest.param(SHARED, ["210922", "320722"], None, id="two_cities"),
        pytest.param(SHARED, ["110101"], None, id="elsewhere"),
        pytest.param(SHARED, [None], None, id="of_no_place"),
        pytest.param(SHARED, [], None, id="alone"),
        pytest.param(("210922115",), ["210922"], "210922115", id="a_town_s_county"),
        pytest.param(("210922115",), ["210902"], "210922115", id="a_town_s_city"),
        pytest.param(("210922115",), ["210100"], None, id="a_town_s_province_says_too_little"),
    ],
)
def test_a_folder_decides_by_where_its_other_reports_are(open, others, place):
    assert decided(open, *others) == place


def test_the_innermost_folder_that_knows_one_of_the_places_decides():
    standings = {
        "a/阜新/1.txt": StatedPlace("210922", ()),
        "a/阜新/2.txt": StatedPlace(None, SHARED),
        "a/江苏/1.txt": StatedPlace("320700", ()),
        "a/江苏/2/3.txt": StatedPlace(None, SHARED),
        "a/4.txt": StatedPlace(None, SHARED),
        "b/5.txt": StatedPlace(None, SHARED),
    }
    assert placed_by_folder(standings) == {"a/阜新/2.txt": "210902", "a/江苏/2/3.txt": "320706"}


places = st.sampled_from(["210902", "320706", "210922", "320722", "210000", "110101", None])


@given(st.dictionaries(st.sampled_from([f"a/{folder}{n}.txt" for folder in ("", "x/", "x/y/") for n in range(4)]), places), st.randoms())
def test_the_order_of_files_does_not_matter(others, chance):
    standings = {key: StatedPlace(place, () if place else SHARED) for key, place in others.items()}
    shuffled = list(standings.items())
    chance.shuffle(shuffled)
    assert placed_by_folder(dict(shuffled)) == placed_by_folder(standings)


FILES = {
    "海州.txt": "海州区人民政府2022年法治政府建设情况报告",
    "彰武.txt": "彰武县人民政府2022年法治政府建设情况报告",
    "大冷.txt": "大冷镇人民政府2022年法治政府建设情况报告",
    "赣榆.txt": "赣榆区人民政府2022年法治政府建设情况报告",
}


def run(folder, capsys, *names, options=()):
    """Write these files, take out the others, bring the index up to date; what came back, and regions, units and remarks by file."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    for name in names:
        (folder / name).write_text(f"{FILES[name]}\n\n一、主要举措\n\n坚持依法行政。\n", encoding="utf-8")
    main([str(folder), "--index", str(folder.parent / "index"), "--json", *options])
    said = capsys.readouterr()
    assert "is checked, but" not in said.err
    return json.loads(said.out), state(folder)


def state(folder):
    found = {}
    with open_index(folder.parent / "index") as index:
        for report in index.reports(SearchRequest.of("", types=["report", "other"])):
            found[report.path.partition("/")[2]] = (
                report.region and report.region.code,
                report.unit and report.unit.id,
                [remark.code for remark in report.remarks if remark.about == "region"],
            )
    return found


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


def test_a_place_follows_what_the_folder_says_now_whatever_was_read_before(folder, capsys):
    found = run(folder, capsys, "海州.txt", "大冷.txt")[1]
    assert found["海州.txt"][::2] == (None, ["region-open"])
    assert found["大冷.txt"][::2] == (None, ["region-open"])
    summary, found = run(folder, capsys, "海州.txt", "大冷.txt", "彰武.txt")
    assert found["海州.txt"] == ("210902", "210902", ["region-from-folder"])
    assert found["大冷.txt"] == ("210922115", "210922115", ["region-from-folder"])
    assert (summary["added"], summary["changed"], summary["unchanged"]) == (1, 2, 0)
    regions = {report["path"].removeprefix("corpus/"): report["region"]["code"] for report in summary["reports"]}
    assert regions == {name: code for name, (code, _, _) in found.items()}
    found = run(folder, capsys, *FILES)[1]
    assert found["海州.txt"][::2] == (None, ["region-open"])
    assert found["大冷.txt"][0] == "210922115"
    assert run(folder, capsys, *FILES, options=("--full",))[1] == found


def test_what_is_set_right_beside_it_counts_more_and_for_others_too(folder, capsys):
    (folder / "corrections.csv").write_text("path,field,value\n海州.txt,region,320706\n", encoding="utf-8")
    found = run(folder, capsys, "海州.txt", "彰武.txt")[1]
    assert found["海州.txt"][0] == "320706"
    (folder / "corrections.csv").unlink()
    (folder / "checked.csv").write_text("path,code\n海州.txt,region-from-folder\n", encoding="utf-8")
    summary, found = run(folder, capsys, "海州.txt", "彰武.txt")
    assert found["海州.txt"][0] == "210902"
    remark = next(remark for report in summary["reports"] for remark in report["remarks"] if remark["code"] == "region-from-folder")
    assert not remark["look"]


def test_a_catalogue_comes_back_as_it_was_written():
    open = Source("r1", 0, (1, 2), "f", sample="a", corrected={"year": "2022"}, open=SHARED, placed="210902")
    catalogue = Catalogue({"corpus": "/corpus"}, {"corpus/1.txt": open, "corpus/2.txt": Source("r2", 9, (0, 0), "e", place="210922")})
    assert Catalogue.from_json(catalogue.to_json()) == catalogue
