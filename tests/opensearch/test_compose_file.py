"""docs/deploy/cluster.yaml and the steps of docs/scaling.md, run without containers: three nodes by the file's own names, settings and ports.

Each container is an address of this machine's loopback, which the nodes know by the container's name, and each published port a door
that speaks TLS and wants the password, for the plugin that does so in the image is not among the artifacts that can be fetched. The image,
its entrypoint, its certificates and the limits of the system (memory lock, open files) are not tried. Run by `make test-opensearch`.
"""

import json
import os
import re
import ssl
import subprocess
import sys
import urllib.request
from base64 import b64encode
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme
import yaml

from tests.opensearch.nodes import STARTS_WITHIN, NotPossibleError, java_home, kill, libraries, start_node
from tests.opensearch.proxy import Door
from tests.support import ROOT
from tests.webui.serving import Serving, wait_until

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has more than one address for itself from the start"),
]

COMPOSE = yaml.safe_load((ROOT / "docs" / "deploy" / "cluster.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
SETTING = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
"""How the image's entrypoint knows the variables that it hands to the node as settings."""
OF_THE_IMAGE = {"OPENSEARCH_JAVA_OPTS", "OPENSEARCH_INITIAL_ADMIN_PASSWORD"}
"""Variables that the image's scripts read: options of the JVM, and the password that the security plugin is set up with."""
PASSWORD = "Four-w0rds-of-a-trial"
GUIDE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
STEPS = re.search(r"## A cluster of three nodes\n.*?```\n(.*?)```", GUIDE, re.DOTALL)[1].splitlines()


def settings_of(service):
    return {name: value for name, value in service["environment"].items() if SETTING.match(name)}


def published(service):
    """The port of this machine, and the container's behind it."""
    (port,) = service["ports"]
    return tuple(map(int, port.split(":")))


def address_of(name):
    """Where a container is on the loopback."""
    return f"127.0.0.{11 + list(SERVICES).index(name)}"


def whole(folder, settings):
    """The settings of a node in a folder: those of the file, where volumes are folders there, and what the image adds itself."""
    snapshots = next(volume.partition(":")[2] for volume in SERVICES["one"]["volumes"] if volume.startswith("snapshots:"))
    return {
        **settings,
        "path.repo": settings["path.repo"].replace(snapshots, str(folder / "snapshots")),
        "network.host": settings["node.name"],
    }


def start(folder, name, settings):
    folder.mkdir(exist_ok=True)
    hosts = folder / "hosts"
    hosts.write_text("127.0.0.1 localhost\n" + "".join(f"{address_of(each)} {each}\n" for each in SERVICES), encoding="utf-8")
    options = ("-Xms512m", "-Xmx512m", "-XX:TieredStopAtLevel=1", f"-Djdk.net.hosts.file={hosts}")
    return start_node(folder / name, whole(folder, settings), options)


def ask(name, method, path, body=None):
    """What a node says over its own port, without a door."""
    url = f"http://{address_of(name)}:{published(SERVICES[name])[1]}/{path}"
    wanted = urllib.request.Request(url, body and body.encode(), {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(wanted, timeout=60) as reply:
        return json.load(reply)


def found_each_other():
    try:
        return all(ask(name, "GET", "_cluster/health?timeout=1s")["number_of_nodes"] == len(SERVICES) for name in SERVICES)
    except OSError:
        return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for the nodes; skipped where there can be none."""
    try:
        java_home(), libraries()
    except NotPossibleError as error:
        pytest.skip(f"OpenSearch cannot run here: {error}")
    return tmp_path_factory.mktemp("compose")


@pytest.fixture(scope="module")
def cluster(folder):
    """The three nodes; the environment of who uses them from outside, with the certificate that is copied out of the image."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "root-ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with ExitStack() as stack:
        for name, service in SERVICES.items():
            port, behind = published(service)
            try:
                door = Door(behind, context, basic("admin", PASSWORD), host=address_of(name), at=port)
            except OSError as error:
                pytest.skip(f"port {port}: {error}")
            stack.enter_context(door)
        for name, service in SERVICES.items():
            stack.callback(kill, start(folder, name, settings_of(service)))
        assert wait_until(found_each_other, STARTS_WITHIN), (folder / "one" / "out.log").read_text(encoding="utf-8")[-2000:]
        yield {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}


def basic(user, password):
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def test_every_variable_is_read_by_somebody():
    for name, service in SERVICES.items():
        assert {variable for variable in service["environment"] if not SETTING.match(variable)} == OF_THE_IMAGE
        settings = settings_of(service)
        assert settings["node.name"] == name
        assert settings["cluster.initial_cluster_manager_nodes"].split(",") == settings["discovery.seed_hosts"].split(",") == list(SERVICES)
        assert {volume.partition(":")[0] for volume in service["volumes"]} <= set(COMPOSE["volumes"])
    assert len({published(service)[0] for service in SERVICES.values()}) == len(SERVICES)


def test_the_options_of_the_jvm_are_taken(folder):
    for service in SERVICES.values():
        options = service["environment"]["OPENSEARCH_JAVA_OPTS"].split()
        assert subprocess.run([java_home() / "bin" / "java", *options, "-version"], capture_output=True).returncode == 0


def test_a_node_refuses_a_setting_that_it_does_not_know(folder):
    """So that those of the file are known where its nodes start."""
    process = start(folder / "refused", "one", settings_of(SERVICES["one"]) | {"cluster.nmae": "fazhi"})
    try:
        assert process.wait(STARTS_WITHIN) != 0
    finally:
        kill(process)
    assert "unknown setting [cluster.nmae]" in (folder / "refused" / "one" / "out.log").read_text(encoding="utf-8")


def test_the_nodes_have_the_settings_of_the_file(cluster):
    for node in ask("one", "GET", "_nodes/settings?flat_settings=true")["nodes"].values():
        settings = settings_of(SERVICES[node["name"]])
        held = {name: ",".join(value) if isinstance(value, list) else value for name, value in node["settings"].items()}
        assert {name: held.get(name) for name in settings if name != "path.repo"} == {
            name: value for name, value in settings.items() if name != "path.repo"
        }


def test_the_steps_of_the_guide_fill_and_serve_an_index(folder, cluster):
    """All of them but those that need the container engine."""
    steps = [step.replace("ADMIN_PASSWORD=…", f"ADMIN_PASSWORD={PASSWORD}") for step in STEPS if not step.startswith(("sudo ", "docker "))]
    *exports, reindex, webui = steps
    assert all(step.startswith("export ") for step in exports)
    (folder / "corpus").symlink_to(ROOT / "corpus")

    def run(step):
        return ["sh", "-ec", "\n".join([*exports, f"exec {step}"])]

    ended = subprocess.run(run(reindex), capture_output=True, text=True, cwd=folder, env=cluster)
    assert (ended.returncode, "1 added" in ended.stdout) == (0, True), ended
    with subprocess.Popen(
        run(f"{webui} --port 0"), cwd=folder, env=cluster, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            server = Serving(process, re.search(r"http://\S+", process.stdout.readline())[0])
            assert found_by(server) == {"reports": 1, "paragraphs": 2, "occurrences": 4, "hits": 2}
            take_a_snapshot_and_restore_it(folder)
            assert found_by(server) == {"reports": 1, "paragraphs": 2, "occurrences": 4, "hits": 2}
        finally:
            process.terminate()


def found_by(server):
    """How often 行政复议 stands in the first report."""
    reply = server.get("/api/v1/search?q=%E8%A1%8C%E6%94%BF%E5%A4%8D%E8%AE%AE").decode()
    return json.loads(reply.partition("\r\n\r\n")[2])["total"]


def take_a_snapshot_and_restore_it(folder):
    """The requests of the guide, after which the index is there again that was removed between the second and the third."""
    snapshots = re.search(r"## Snapshots\n.*?```\n(.*?)```", GUIDE, re.DOTALL)[1]
    register, take, restore = (line.split(maxsplit=2) for line in snapshots.splitlines())
    assert ask("one", *register[:2], register[2].replace("/snapshots", str(folder / "snapshots")))["acknowledged"]
    assert ask("two", *take)["snapshot"]["state"] == "SUCCESS"
    for index in ask("one", "GET", "_cat/indices/reports*?format=json&h=index"):
        assert ask("one", "DELETE", index["index"])["acknowledged"]
    assert ask("three", *restore)["accepted"]
    assert wait_until(lambda: ask("one", "GET", "_cluster/health?timeout=1s")["status"] == "green", STARTS_WITHIN)
