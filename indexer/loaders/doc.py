"""Old Word files, read by antiword (a Debian package): paragraphs and table rows."""

from __future__ import annotations

import shutil
import subprocess

from indexer.loaders.document import Document, Line

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def load_doc(content: bytes) -> Document:
    """An old Word file's paragraphs.

    Raises:
        ValueError: It is no old Word file, is damaged or encrypted, or antiword is not installed.
    """
    if not content.startswith(_OLE):
        raise ValueError("it is no old Word file; name it by what it is, or save it as .docx")
    program = shutil.which("antiword")
    if program is None:
        raise ValueError("antiword is not installed, which reads .doc; install it (apt-get install antiword) or save the file as .docx")
    # -w 0: a paragraph is a line. The worker that runs this is stopped with all its children when its time is over.
    run = subprocess.run([program, "-w", "0", "-m", "UTF-8.txt", "-"], input=content, capture_output=True, check=False)
    if run.returncode != 0:
        said = " ".join(run.stderr.decode("utf-8", "replace").split())[:200]
        raise ValueError(f"antiword cannot read it ({said or run.returncode}); open it in Word and save it as .docx")
    lines = (_shown(line) for line in run.stdout.decode("utf-8", "replace").splitlines())
    return Document([Line(line) for line in lines if line], "doc")


def _shown(line: str) -> str:
    """A line as printed; antiword draws tables with upright strokes."""
    line = line.strip()
    if len(line) > 1 and line.startswith("|") and line.endswith("|"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        return " | ".join(cells) if any(cells) else ""
    return "" if line == "[pic]" else line
