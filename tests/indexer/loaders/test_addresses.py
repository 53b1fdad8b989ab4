"""Where a saved page came from."""

import pytest

from indexer import parse_file

NOTE = "<!-- saved from url=(0034)https://www.fuxin.gov.cn/a/1.html -->"
CANONICAL = '<link rel="canonical" href="https://www.fuxin.gov.cn/b/2.html">'
SHARED = '<meta property="og:url" content="http://www.fuxin.gov.cn/c/3.html">'


def address(tmp_path, content, name="甲.html"):
    path = tmp_path / name
    path.write_bytes(content.encode())
    return parse_file(path).source_url


@pytest.mark.parametrize(
    ("head", "found"),
    [
        pytest.param(NOTE + CANONICAL + SHARED, "https://www.fuxin.gov.cn/a/1.html", id="what_the_browser_noted"),
        pytest.param(SHARED + CANONICAL, "https://www.fuxin.gov.cn/b/2.html", id="canonical"),
        pytest.param(SHARED, "http://www.fuxin.gov.cn/c/3.html", id="shared"),
        pytest.param(
            "<!-- saved from url=(0014)about:internet -->" + CANONICAL, "https://www.fuxin.gov.cn/b/2.html", id="no_web_address_noted"
        ),
        pytest.param('<link rel="canonical" href="/b/2.html">', None, id="not_whole"),
        pytest.param('<link rel="canonical" href="file:///C:/x.html">', None, id="a_file"),
        pytest.param('<link rel="canonical" href="javascript:alert(1)">', None, id="a_script"),
        pytest.param('<link rel="canonical" href="https://a:b@x.cn/">', None, id="a_password"),
        pytest.param('<link rel="stylesheet" href="https://x.cn/y.css">', None, id="another_link"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_page_names_its_address(tmp_path, head, found):
    page = f"<!DOCTYPE html>{head if head.startswith('<!--') else ''}<html><head>{head}<title>甲</title></head><body><p>坚持依法行政,现将有关情况报告如下。</p></body></html>"
    assert address(tmp_path, page) == found


def test_an_archive_names_the_address_of_its_page(tmp_path):
    def archive(location):
        part = f"Content-Type: text/html; charset=utf-8\r\nContent-Location: {location}\r\n\r\n<html><head>{CANONICAL}</head><body><p>坚持依法行政,现将有关情况报告如下。</p></body></html>\r\n"
        return f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n{part}--x--\r\n'

    assert address(tmp_path, archive("https://www.fuxin.gov.cn/d/\r\n 4.html"), "甲.mhtml") == "https://www.fuxin.gov.cn/d/4.html"
    assert address(tmp_path, archive("cid:frame-1@mhtml.blink"), "甲.mhtml") == "https://www.fuxin.gov.cn/b/2.html"
