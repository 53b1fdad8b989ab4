"""How an address is written, and that a password is never shown."""

import subprocess
import sys

import pytest

from indexer import BadPath
from indexer.engines.opensearch.address import Address
from tests.support import ROOT


def test_an_address_names_nodes_and_an_alias():
    address = Address.read("https://one:9201,two/reports")
    assert (address.hosts, address.name, address.login) == ((("one", 9201), ("two", 9200)), "reports", None)
    assert str(address) == "https://one:9201,two:9200/reports"


def test_numbers_of_ipv6_keep_their_brackets():
    address = Address.read("https://[::1]:9201,[fe80::1]/reports")
    assert address.hosts == (("::1", 9201), ("fe80::1", 9200))
    assert str(address) == "https://[::1]:9201,[fe80::1]:9200/reports"
    assert Address.read(str(address)) == address


def test_a_password_is_read_and_not_shown():
    address = Address.read("https://clerk:p%40ss%3Aw@one:9200/reports")
    assert address.login == ("clerk", "p@ss:w")
    assert str(address) == "https://one:9200/reports"
    assert "clerk" not in repr(address)


def test_who_has_no_client_is_told_what_to_install():
    script = "import sys; sys.modules['opensearchpy'] = None; from indexer.cli import main; sys.exit(main(['--index', 'http://127.0.0.1:1/reports', '--verify']))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 5
    assert 'an index on a cluster needs opensearchpy: pip install ".[opensearch]" in the sources' in done.stdout + done.stderr


@pytest.mark.parametrize(
    "written",
    [
        "https://one",
        "https://one/",
        "https://one/Reports",
        "https://one/a/b",
        "https://one:port/a",
        "https:///a",
        "https://one/_all",
        "https://one/a*",
    ],
)
def test_anything_else_is_refused_without_its_password(written):
    with pytest.raises(BadPath, match="expected https://host:9200/name"):
        Address.read(written)
    with pytest.raises(BadPath) as refused:
        Address.read(written.replace("//", "//clerk:secret@") + "?")
    assert "secret" not in str(refused.value)
