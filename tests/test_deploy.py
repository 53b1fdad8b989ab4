"""The files in docs/deploy: units of systemd, compose files, the board, and the steps of the Containerfile in a bare Debian."""

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import ROOT
from webui import create_app

DEPLOY = ROOT / "docs" / "deploy"


def output(*command, **options):
    ended = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
@pytest.mark.parametrize("unit", sorted(path.name for path in DEPLOY.glob("*.service")))
def test_services_are_hardened(unit):
    told = output("systemd-analyze", "security", "--offline=true", "--no-pager", str(DEPLOY / unit))
    assert float(re.search(r"exposure level for .*: ([\d.]+)", told)[1]) <= 2.0


@pytest.mark.skipif(shutil.which("docker") is None, reason="no docker client here")
@pytest.mark.parametrize("name", ["compose.yaml", "cluster.yaml"])
def test_compose_files_are_read_by_compose(name):
    environment = {**os.environ, "OPENSEARCH_INITIAL_ADMIN_PASSWORD": "x"}
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("no compose here")
    told = json.loads(output("docker", "compose", "-f", str(DEPLOY / name), "config", "--format", "json", env=environment))
    assert len(told["services"]) >= 2


def test_the_board_asks_for_what_is_told(tmp_path):
    wanted = set(re.findall(r"fazhi_\w+", (DEPLOY / "grafana.json").read_text(encoding="utf-8")))
    (tmp_path / "index").mkdir()
    client = create_app(str(tmp_path / "index"), metrics=True).test_client(use_cookies=False)
    client.get("/help").close()
    told = client.get("/metrics").text + (ROOT / "webui" / "metrics.py").read_text(encoding="utf-8")
    known = set(re.findall(r"fazhi_\w+", told))
    assert len(wanted) > 5
    assert wanted <= known


STEP = re.compile(r"^(FROM|ARG|WORKDIR|COPY|RUN|ENV|USER|CMD|HEALTHCHECK[^\n]*CMD) (.*)$", re.MULTILINE)


def steps():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    return [(name.split()[0], rest) for name, rest in STEP.findall(text)]


@pytest.mark.container
@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0 or shutil.which("debootstrap") is None, reason="needs root and debootstrap")
def test_the_steps_of_the_container_in_a_bare_debian(tmp_path):
    """Each FROM begins with a fresh Debian that has Python; what is copied between stages is copied between their folders."""
    bare = tmp_path / "bare"
    output("debootstrap", "--variant=minbase", "--include=python3,python3-venv,ca-certificates", "bookworm", str(bare), *mirror())
    (bare / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    for name in ("etc/pip.conf", "etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"):
        if Path("/", name).exists():
            shutil.copy(Path("/", name), bare / name)
    root, folder, user, environment = bare, "/", "0", {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    network = {
        name: value
        for name, value in os.environ.items()
        if name.lower().endswith("_proxy") or name in ("PIP_CERT", "PIP_INDEX_URL", "SSL_CERT_FILE")
    }
    stages, health, command = {}, None, None

    def run(line):
        shell = f"cd {folder} && {line}"
        command = [
            "chroot",
            f"--userspec={user}:{user}",
            str(root),
            "env",
            "-i",
            *(f"{key}={value}" for key, value in {**environment, **network}.items()),
        ]
        return output(*command, "sh", "-ec", shell)

    for step, rest in steps():
        if step == "FROM":
            root, folder, user = tmp_path / f"stage{len(stages)}", "/", "0"
            output("cp", "-a", str(bare), str(root))
            stages[rest.partition(" AS ")[2] or "last"] = root
        elif step == "WORKDIR":
            folder = rest
            (root / folder.strip("/")).mkdir(parents=True, exist_ok=True)
        elif step == "COPY":
            source, *names = (
                (None, *rest.split()) if not rest.startswith("--from=") else (rest.split()[0].partition("=")[2], *rest.split()[1:])
            )
            *files, target = names
            for name in files:
                origin = stages[source] / name.strip("/") if source else ROOT / name
                destination = (root / folder.strip("/") / target) if not target.startswith("/") else root / target.strip("/")
                if name == ".":
                    tracked = output("git", "-C", str(ROOT), "ls-files", "-z").rstrip("\0").split("\0")
                    for path in tracked:
                        (destination / path).parent.mkdir(parents=True, exist_ok=True)
                        shutil.copy(ROOT / path, destination / path)
                else:
                    output("cp", "-a", str(origin), str(destination))
        elif step == "RUN":
            run(rest)
        elif step == "ENV":
            for pair in shlex.split(rest):
                key, _, value = pair.partition("=")
                environment[key] = value.replace("$PATH", environment["PATH"])
        elif step == "USER":
            user = rest
        elif step == "HEALTHCHECK":
            health = json.loads(rest)
        elif step == "CMD":
            command = json.loads(rest)
    shutil.copytree(ROOT / "corpus", root / "corpus", dirs_exist_ok=True)
    assert "1 added" in run("reindex")
    assert run("touch /opt/fazhi/x 2>/dev/null && echo written || echo refused").strip() == "refused"
    served = f"{shlex.join(command)} >/tmp/log 2>&1 & server=$!; for i in $(seq 60); do sleep 1; {shlex.join(health)} && break; done; kill $server; wait $server"
    run(served)
    assert "/readyz 200" in (root / "tmp" / "log").read_text(encoding="utf-8")


def mirror():
    """Where this machine gets its own Debian packages, if that can be read."""
    found = re.search(
        r"^(?:deb(?: \[[^\]]*\])?|URIs:) (\S+)",
        "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path("/etc/apt").glob("sources.list*/**/*")) if path.is_file())
        + (Path("/etc/apt/sources.list").read_text(encoding="utf-8") if Path("/etc/apt/sources.list").exists() else ""),
        re.MULTILINE,
    )
    return [found[1]] if found else []
