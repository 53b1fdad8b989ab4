"""The icon of the site."""

import re


def test_the_icon_is_ours(client):
    page = client.get("/").text
    for address in re.findall(r'<link rel="icon" href="([^"]+)"', page):
        assert address.startswith("/static/favicon.")
        assert client.get(address).status_code == 200
    assert "data:," not in page
    icon = client.get("/favicon.ico")
    assert (icon.status_code, icon.data[:4]) == (200, b"\0\0\1\0")
