"""The archive is packed, unpacked, installed and used on a machine whose network is off."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from tests.support import ROOT

pytestmark = pytest.mark.bundle

# Linux gives a process a network of its own, without any way out; its loopback is then to be switched on (SIOCSIFFLAGS, IFF_UP).
ALONE = ["unshare", "--user", "--map-root-user", "--net"]
LOOPBACK = """
import fcntl, os, socket, struct, sys
with socket.socket() as any:
    fcntl.ioctl(any, 0x8914, struct.pack("16sh", b"lo", 1))
os.execvp(sys.argv[1], sys.argv[1:])
"""
ASK = """
import json, socket, subprocess, sys, urllib.parse, urllib.request
webui = subprocess.Popen([sys.argv[1], "--port", "0"], stdout=subprocess.PIPE, text=True)
address = webui.stdout.readline().split()[-1]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    with opener.open(f"{address}/api/v1/search?q=" + urllib.parse.quote("行政复议"), timeout=30) as reply:
        found = json.load(reply)
finally:
    webui.terminate()
print(json.dumps({"interfaces": [name for _, name in socket.if_nameindex()], "stopped": webui.wait(30), "found": found}))
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The archive made for this machine, unpacked below a name with a space and Chinese characters."""
    place = tmp_path_factory.mktemp("法治 报告")
    subprocess.run([sys.executable, "-m", "bundle", "--for", "here", "--ocr", "--out", place], cwd=ROOT, check=True)
    (archive,) = place.glob("*.zip")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(place)
    return place / archive.stem


def offline(folder, *command):
    """The output of a command without a network: really without one where the system lets us, else with dead ends for all that asks."""
    dead = "http://127.0.0.1:9"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "FAZHI_", "VIRTUAL_ENV", "PYTHONPATH"))
    }
    environment |= {"http_proxy": dead, "https_proxy": dead, "PIP_INDEX_URL": dead, "no_proxy": "", "PYTHON": sys.executable}
    alone = [*ALONE, sys.executable, "-c", LOOPBACK] if has_own_network() else []
    return subprocess.run([*alone, *command], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def has_own_network():
    return shutil.which("unshare") is not None and subprocess.run([*ALONE, "true"], check=False, capture_output=True).returncode == 0


def test_it_installs_reads_and_answers_without_a_network(unpacked):
    assert "Scans are read" in (said := offline(unpacked, "sh", "install.sh"))
    assert "start.sh" in said
    assert offline(unpacked, unpacked / ".venv" / "bin" / "reindex").startswith("1 added")
    said = json.loads(offline(unpacked, sys.executable, "-c", ASK, unpacked / ".venv" / "bin" / "webui"))
    assert said["stopped"] == 0
    assert said["found"]["total"]["paragraphs"] == 2
    if has_own_network():
        assert said["interfaces"] == ["lo"]
    installed = offline(unpacked, unpacked / ".venv" / "bin" / "python", "-c", "import indexer, rjieba; print(indexer.__file__)")
    assert installed.startswith(str(unpacked / ".venv"))
    shutil.copy(ROOT / "tests" / "data" / "scans" / "seal.jpg", unpacked / "corpus")
    (scan,) = json.loads(offline(unpacked, unpacked / ".venv" / "bin" / "reindex", "--json"))["reports"]
    assert scan["ocr"]["pages"] == 1
