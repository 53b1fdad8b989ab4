"""Installs the search beside this file, in .venv, from wheels/ alone; no network is asked.

`install.sh` and `install.cmd` look for a Python and run this with it. Run again, it installs anew; reports and index stay.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
WHEELS = HERE / "wheels"
BIN = HERE / ".venv" / ("Scripts" if os.name == "nt" else "bin")


def main() -> int:
    """Install; returns the exit code."""
    if sys.version_info < (3, 11) or sys.maxsize < 1 << 32:
        return fail("需要 64 位的 Python 3.11 或更新的版本", "Python 3.11 or newer, 64-bit, is needed")
    # Systems split pip off from Python; the one in wheels/ needs no more than Python itself.
    venv.EnvBuilder(clear=True, with_pip=False, symlinks=os.name != "nt").create(HERE / ".venv")
    if pip("fazhi-search") != 0:
        has = ", ".join((WHEELS / "for.txt").read_text(encoding="ascii").split())
        return fail(f"安装不成，本包适用于 {has}", f"it could not be installed; this bundle is for {has}")
    # Cuts words faster; the search does without where there is no wheel.
    pip("rjieba")
    if any(WHEELS.glob("faster_paddle-*.whl")) and pip("faster-paddle") == 0:
        say("能读扫描件", "Scans are read")
    start = "start.cmd" if os.name == "nt" else "sh start.sh"
    say(f"装好了。把报告放进 corpus，运行 {start}", f"Installed. Put reports into corpus and run {start}")
    return 0


def pip(package: str) -> int:
    """Install a package by the pip in wheels/; returns the exit code."""
    program = max(WHEELS.glob("pip-*.whl")) / "pip"
    options = ["--no-index", "--find-links", str(WHEELS), "--disable-pip-version-check", "--no-warn-script-location", "--quiet"]
    # What this machine tells pip otherwise, another index or proxies, does not matter here.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")} | {"PIP_CONFIG_FILE": os.devnull}
    return subprocess.run([BIN / "python", program, "install", *options, package], env=environment, check=False).returncode


def say(chinese: str, english: str) -> None:
    """Print a message in both languages, on any terminal."""
    for text in (chinese, english):
        print(text.encode(sys.stdout.encoding or "ascii", "replace").decode(sys.stdout.encoding or "ascii"))


def fail(chinese: str, english: str) -> int:
    """Say what went wrong; returns the exit code."""
    say(chinese, english)
    print(f"Python {sys.version} ({sys.platform})")
    return 1


if __name__ == "__main__":
    sys.exit(main())
