"""The files in docs/deploy: units of systemd, compose files, the board, and the steps of the Containerfile in a bare Debian."""

import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
from contextlib import ExitStack, closing
from functools import partial
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest

from indexer import Report, build_index
from indexer import cli as indexer_cli
from tests.support import ROOT
from tests.webui.conftest import serving
from tests.webui.serving import wait_until
from webui import cli as webui_cli
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


COMMANDS = {"webui": webui_cli, "reindex": indexer_cli}


def started():
    """The commands that the files in docs/deploy start, with their arguments."""
    for path in sorted(DEPLOY.iterdir()):
        text = path.read_text(encoding="utf-8")
        for line in re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE):
            yield path.name, shlex.split(line)
        for line in re.findall(r"^(?:\s*command:|CMD) (\[.*\])$", text, re.MULTILINE):
            words = json.loads(line)
            yield from (
                (path.name, shlex.split(part)) for part in (re.split("; |do ", words[2]) if words[0] == "sh" else [shlex.join(words)])
            )


def test_what_the_files_start_is_there_with_its_options():
    known = [(name, [Path(words[0]).name, *words[1:]]) for name, words in started() if words and Path(words[0]).name in COMMANDS]
    assert {(name, words[0]) for name, words in known} == {
        ("Containerfile", "webui"),
        ("compose.yaml", "reindex"),
        ("fazhi-reindex.service", "reindex"),
        ("fazhi-search.service", "webui"),
    }
    for _, (command, *arguments) in known:
        COMMANDS[command].parser().parse_args(arguments)


def test_what_the_files_set_is_read():
    """Variables of the product in docs/deploy are those of the page of settings."""
    page = set(re.findall(r"FAZHI_[A-Z_]+", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))
    for path in DEPLOY.iterdir():
        assert set(re.findall(r"FAZHI_[A-Z_]+", path.read_text(encoding="utf-8"))) <= page, path.name


def test_the_health_check_asks_what_answers(tmp_path):
    build_index(tmp_path / "index", [Report.from_blocks(title="彰武县2022年法治政府建设情况报告", year=2022, blocks=[((), "行政复议")])])
    address = re.search(r"http://127\.0\.0\.1:8000(/\w+)", (DEPLOY / "Containerfile").read_text(encoding="utf-8"))
    assert create_app(str(tmp_path / "index")).test_client().get(address[1]).status_code == 200
    assert create_app(str(tmp_path / "none")).test_client().get(address[1]).status_code == 503


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


def free_ports(count):
    """Ports that nobody listens at."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


@pytest.fixture(scope="module")
def behind_nginx(tmp_path_factory):
    """What asks nginx with the configuration of docs/deploy, before a site at its root and one at a path of another."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("no nginx here: apt-get install nginx-light openssl")
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    subject = ["-subj", "/CN=fazhi.example.cn", "-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")]
    output("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", *subject)
    build_index(folder / "index", [Report.from_blocks(title="彰武县2022年法治政府建设情况报告", year=2022, blocks=[((), "行政复议")])])
    tls, plain, other = free_ports(3)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    # What stands there in comments is meant for another site's server block.
    comments = re.sub(r"^# ?", "", text[text.index("# At a path of another site") : text.rindex("\nserver {")], flags=re.MULTILINE)
    of_a_path = "\n".join(line for line in comments.splitlines() if line.startswith(" ") and not line.strip().startswith("set_real"))
    whole = f"{text}\nserver {{ listen 127.0.0.1:{other}; set_real_ip_from 127.0.0.1;\n{of_a_path}\n}}\n"
    with serving(folder / "index") as root, serving(folder / "index", "--prefix", "/fazhi") as at_a_path:
        for written, here in {
            "listen 443": f"listen 127.0.0.1:{tls}",
            "listen 80": f"listen 127.0.0.1:{plain}",
            "/etc/ssl/fazhi": str(folder),
            "10.0.0.0/8": "192.0.2.0/24",
        }.items():
            assert written in whole
            whole = whole.replace(written, here)
        whole = re.sub(r"^\s*listen \[::\].*$", "", whole, flags=re.MULTILINE)
        first, _, second = whole.partition(of_a_path)
        sites = (
            first.replace("http://127.0.0.1:8000", root)
            + of_a_path.replace("http://127.0.0.1:8000", at_a_path).replace("zone=fazhi", "zone=slow")
            + second
        )
        start = f"daemon off; pid {folder}/pid; error_log {folder}/errors.log; events {{}}\n{'user root;' if os.geteuid() == 0 else ''}\n"
        within = "access_log off; limit_req_zone $binary_remote_addr zone=slow:1m rate=1r/m;\n" + "".join(
            f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(f"{start}http {{\n{within}\n{sites}\n}}\n", encoding="utf-8")
        output(nginx, "-t", "-q", "-p", str(folder), "-c", str(folder / "nginx.conf"))
        with subprocess.Popen([nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]) as process:
            try:
                wait_until(lambda: listens(tls))
                yield partial(ask, tls, plain, other)
            finally:
                process.terminate()


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def ask(tls, plain, other, path, method="GET", *, over="tls", host="fazhi.example.cn", **headers):
    """Status, heads and text of a reply; `over` is "tls", "plain" or "other", the site at whose path the search is."""
    trusting = ssl._create_unverified_context()
    made = (
        HTTPSConnection("127.0.0.1", tls, context=trusting)
        if over == "tls"
        else HTTPConnection("127.0.0.1", {"plain": plain, "other": other}[over])
    )
    with closing(made) as connection:
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
            connection.putheader(name, value)
        connection.endheaders()
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read().decode()


def test_behind_nginx_the_site_is_whole(behind_nginx):
    status, heads, page = behind_nginx("/?q=%E8%A1%8C%E6%94%BF%E5%A4%8D%E8%AE%AE", X_Request_ID="mine")
    assert (status, "彰武县" in page, heads["Strict-Transport-Security"]) == (200, True, "max-age=31536000")
    assert re.fullmatch("[0-9a-f]{32}", heads["X-Request-ID"])
    status, heads, _ = behind_nginx("/reports?q=1", over="plain")
    assert (status, heads["Location"]) == (301, "https://fazhi.example.cn/reports?q=1")
    assert behind_nginx("/?q=" + "a" * 20_000)[0] == 414
    assert behind_nginx("/check", "POST", Content_Length=str(21 << 20))[0] == 413


def test_behind_nginx_nobody_is_taken_for_this_machine(behind_nginx):
    for host in ("fazhi.example.cn", "localhost"):
        assert behind_nginx("/metrics", host=host)[0] == 403
        assert behind_nginx("/add", "POST", host=host, Content_Length="0")[0] == 403
        assert behind_nginx("/check", "POST", host=host, Content_Length="0")[0] == 403


def test_behind_nginx_a_path_of_another_site_leads_to_all_of_it(behind_nginx):
    at_a_path = partial(behind_nginx, over="other", host="office.example", X_Forwarded_For="192.0.2.1")
    assert at_a_path("/fazhi")[1]["Location"].endswith("/fazhi/")
    status, _, page = at_a_path("/fazhi/")
    style = re.search(r'href="(/fazhi/static/[^"]+\.css[^"]*)"', page)
    assert (status, at_a_path(style[1])[0]) == (200, 200)
    assert not re.search(r'(?:href|src|action)="/(?!fazhi[/"])', page)
    assert at_a_path("/fazhi/metrics")[0] == 403


def test_nginx_counts_the_clients_of_a_proxy_before_it(behind_nginx):
    """At one request a minute, beside 60 at once."""
    at_a_path = partial(behind_nginx, "/fazhi/healthz", over="other", host="office.example")
    assert {at_a_path(X_Forwarded_For="192.0.2.7")[0] for _ in range(70)} == {200, 429}
    assert at_a_path(X_Forwarded_For="192.0.2.8")[0] == 200
