"""Packs wheels, documents and the installer: `python -m bundle [--for TARGET …] [--ocr] [--out FOLDER]`."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from bundle.targets import HERE, TARGETS, Target, locked, needed

ROOT = Path(__file__).parent.parent
PACKED = ROOT / "bundle" / "packed"
DOCUMENTS = ("README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE", "NOTICE", "docs", "corpus")
SOURCES = ("indexer", "webui", "pyproject.toml", "README.md", "LICENSE", "NOTICE")
SOURCE_ONLY = ("jieba",)
"""Published without a wheel, pure Python: built here, once for all."""
EXTRA = ("rjieba", "pip")
"""From the lock of development: the faster segmenter, and what installs where Python came without pip."""

OCR = ("faster-paddle",)
"""What reads scans, packed where it is wanted: 41 MB for each system."""


def main() -> int:
    """Make the archive; returns the exit code."""
    options = _parser().parse_args()
    targets = [TARGETS[name] for name in options.targets or TARGETS]
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        wheels = work / "wheels"
        application = _build(["."], wheels, _copy_of_sources(work / "source"))
        lock = locked(ROOT / "requirements.lock")
        development = locked(ROOT / "requirements-dev.lock").items()
        lock |= {text: entry for text, entry in development if entry[0].name in EXTRA}
        ocr = {text: entry for text, entry in development if options.ocr and entry[0].name in OCR}
        pure = {text: lock.pop(text) for text in list(lock) if lock[text][0].name in SOURCE_ONLY}
        (work / "pure.txt").write_text("\n".join(needed(pure, HERE)), encoding="utf-8")
        _build(["--require-hashes", "-r", str(work / "pure.txt")], wheels, work)
        packed = [target for target in targets if _download(needed(lock, target), target, wheels, work / "needed.txt")]
        if not packed or (options.targets and len(packed) < len(targets)):
            return 1
        for target in packed if ocr else ():
            _download(needed(ocr, target), target, wheels, work / "needed.txt", "what reads scans for ")
        archive = _archive(options.out / f"{'-'.join(application.split('-')[:2]).replace('_', '-')}.zip", wheels, packed)
    print(f"{archive}: {archive.stat().st_size / 1e6:.0f} MB, for {', '.join(target.name for target in packed)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m bundle", description="Pack everything that an installation without a network needs.", allow_abbrev=False
    )
    made.add_argument(
        "--for",
        dest="targets",
        metavar="TARGET",
        nargs="+",
        choices=TARGETS,
        help=f"one or more of {', '.join(TARGETS)}; default: all of them",
    )
    made.add_argument("--ocr", action="store_true", help="include the packages that read scans, where a wheel of them exists")
    made.add_argument("--out", metavar="FOLDER", type=Path, default=Path("dist"), help="folder for the archive (default: dist)")
    return made


def _copy_of_sources(folder: Path) -> Path:
    """What the application's wheel is made from, away from what earlier builds left."""
    folder.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder)
    return folder


def _pip(command: str, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-P", "-m", "pip", command, "--quiet", "--disable-pip-version-check", "--no-deps", *arguments]
    return subprocess.run(run, cwd=cwd, stderr=subprocess.PIPE, text=True, check=False)


def _build(what: list[str], wheels: Path, cwd: Path) -> str:
    """Make pure wheels; returns the name of the last one.

    Raises:
        SystemExit: One cannot be made, or would serve one system alone.
    """
    before = set(wheels.glob("*"))
    done = _pip("wheel", "--wheel-dir", str(wheels), *what, cwd=cwd)
    made = sorted(path.name for path in set(wheels.glob("*")) - before)
    if done.returncode or not made or not all(name.endswith("-none-any.whl") for name in made):
        raise SystemExit(f"bundle: no pure wheel of {' '.join(what)}: {made} {done.stderr}")
    return made[-1]


def _download(requirements: list[str], target: Target, wheels: Path, listed: Path, what: str = "") -> bool:
    """Whether all wheels that a target needs were to be had; a target, or `what` of it, with a missing one is left out, and said to be."""
    listed.write_text("\n".join(requirements), encoding="utf-8")
    options = ["--require-hashes", "--only-binary=:all:", *target.pip_options(), "--dest", str(wheels)]
    done = _pip("download", *options, "-r", str(listed))
    if done.returncode:
        print(f"bundle: left out {what}{target.name}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
    return done.returncode == 0


def _archive(path: Path, wheels: Path, packed: list[Target]) -> Path:
    """Everything in one folder in a zip file, which every system opens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    named = [target.name for target in packed if target.tags]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for wheel in sorted(wheels.iterdir()):
            # Compressed already.
            made.write(wheel, f"{path.stem}/wheels/{wheel.name}", zipfile.ZIP_STORED)
        for source in sorted(PACKED.iterdir()):
            made.write(source, f"{path.stem}/{source.name}")
        for name in DOCUMENTS:
            for source in sorted((ROOT / name).rglob("*")) if (ROOT / name).is_dir() else [ROOT / name]:
                if source.is_file():
                    made.write(source, f"{path.stem}/{source.relative_to(ROOT).as_posix()}")
        made.writestr(f"{path.stem}/wheels/for.txt", "".join(f"{name}\n" for name in named or [HERE.name]))
    return path


if __name__ == "__main__":
    sys.exit(main())
