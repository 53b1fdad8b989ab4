"""The `collect` command: the list it reads, what it says, and how it ends."""

import json

import pytest

from indexer.collect import command
from indexer.collect.fetching import Fetcher
from indexer.collect.records import Wanted, read_wanted
from indexer.errors import BadPath
from tests.indexer.collect.site import page
from tests.support import ROOT


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "line 1: expected the header"),
        ("address\nhttp://a.cn\n", "line 1: expected the header"),
        ("url,year\nhttp://a.cn,2022\nhttp://b.cn\n", "line 3: 1 columns"),
        ("url\nhttp://a.cn\nfile:///etc/passwd\n", "line 3: file:///etc/passwd"),
        ("url,year\nhttp://a.cn,明年\n", "line 2: year"),
        ("url,year\nhttp://a.cn,2022\nhttp://a.cn,2023\n", "line 3: http://a.cn stands in the list already"),
    ],
)
def test_a_list_that_is_wrong_names_the_line(tmp_path, text, wrong):
    (tmp_path / "urls.csv").write_text(text, "utf-8")
    with pytest.raises(BadPath) as refused:
        read_wanted(tmp_path / "urls.csv")
    assert wrong in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_as_excel_saves_it(tmp_path, encoding):
    (tmp_path / "urls.csv").write_text(
        "URL,unit,title\r\nhttp://a.cn/1,彰武县人民政府,彰武县二〇二二年法治政府建设情况报告\r\n,,\r\n", encoding
    )
    assert read_wanted(tmp_path / "urls.csv") == [Wanted("http://a.cn/1", "彰武县人民政府", "", "彰武县二〇二二年法治政府建设情况报告")]


def test_the_command_says_what_came_and_how_it_ended(site, clock, corpus, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command, "Fetcher", lambda manners: Fetcher(manners, clock.sleep, clock.clock))
    site.replies["/x.html"] = (200, {}, page())
    listed = tmp_path / "urls.csv"
    listed.write_text(f"url\n{site.address}/x.html\n{site.address}/gone.html\n", "utf-8")
    run = ["--into", str(corpus), "--allow-private", "--contact", "office@a.cn", str(listed)]
    assert command.main(["--json", *run]) == command.REFUSED
    told = json.loads(capsys.readouterr().out)
    assert (told["new"], told["refused"], told["unchanged"]) == (1, 1, 0)
    assert [one["state"] for one in told["addresses"]] == ["new", "refused"]
    assert site.asked[-1][1]["User-Agent"].startswith("fazhi-collect/")
    assert "office@a.cn" in site.asked[-1][1]["User-Agent"]
    listed.write_text(f"url\n{site.address}/x.html\n", "utf-8")
    assert command.main(run) == command.DONE
    assert "0 new, 0 changed, 1 unchanged, 0 refused" in capsys.readouterr().out
    assert command.main(["--into", str(tmp_path / "nowhere"), str(listed)]) == command.BAD_PATH
    listed.write_text("nothing\n", "utf-8")
    assert command.main(run) == command.BAD_PATH
    (corpus / "collected.csv").write_text("a\n", "utf-8")
    listed.write_text(f"url\n{site.address}/x.html\n", "utf-8")
    assert command.main(run) == command.BAD_PATH
    with pytest.raises(SystemExit):
        command.main(["--pause", "0", str(listed)])


def test_two_at_a_time_in_a_folder_are_one_too_many(site, corpus, tmp_path, monkeypatch):
    from filelock import FileLock

    listed = tmp_path / "urls.csv"
    listed.write_text(f"url\n{site.address}/x.html\n", "utf-8")
    with FileLock(corpus / ".adding" / "COLLECTS"):
        assert command.main(["--into", str(corpus), "--allow-private", str(listed)]) == command.BUSY
    assert site.asked == []


def test_the_command_is_installed():
    assert 'collect = "indexer.collect:collect_command"' in (ROOT / "pyproject.toml").read_text("utf-8")
