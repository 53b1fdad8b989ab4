"""Updates the catalogues: `python -m indexer.texts.update [FOLDER]`, or `make texts`; for developers, needs Babel.

Texts in the code and in templates are added to every `fazhi.po`, texts that are gone are removed, and translations are
kept. Each is compiled to the `fazhi.mo` beside it. For a new language, add a folder with an empty `fazhi.po`.
"""

from __future__ import annotations

import sys
import tomllib
from copy import deepcopy
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from indexer.texts import DOMAIN, LOCALES

ROOT = LOCALES.parents[2]
INDICATORS = "indexer/facts/indicators.toml"
METHODS = [
    # The first match counts. Our own extractors are given by name, for Babel to import: what they read is above this package.
    ("indexer/facts/measures.py", "indexer.facts.measures:extract"),
    ("indexer/**.py", "python"),
    ("webui/openapi.py", "webui.reference_texts:extract"),
    ("webui/**.py", "python"),
    ("webui/templates/**.*", "jinja2"),
]
OPTIONS = {"webui/templates/**.*": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "counted": (1, 1), "RemarkKind": (3,), "npgettext": ((1, "c"), 2, 3)}

_HEADER = "# What people read, see indexer/texts/__init__.py; brought up to date by `make texts`."


def written() -> Catalog:
    """All texts of the code, the templates and the API description, and names of indicators and units of measure, with their files."""
    catalog = Catalog(project=DOMAIN, charset="utf-8")
    # Babel skips folders that begin with a dot by itself.
    for name, _, message, comments, context in extract_from_dir(ROOT, METHODS, OPTIONS, KEYWORDS, directory_filter=_is_source):
        catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    for indicator in tomllib.loads((ROOT / INDICATORS).read_text(encoding="utf-8"))["indicator"]:
        catalog.add(indicator["name"], locations=[(INDICATORS, 0)])
    return catalog


def _is_source(folder: str) -> bool:
    return Path(folder).name in ("indexer", "webui") or Path(folder).parts[len(ROOT.parts)] in ("indexer", "webui")


def update(template: Catalog, locales: Path = LOCALES) -> None:
    """Update every catalogue in this folder with these texts."""
    for path in sorted(locales.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parts[-3], domain=DOMAIN)
        # New messages become part of the catalogue, and are changed below.
        catalog.update(deepcopy(template), no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        catalog.header_comment, catalog.project, catalog.version, catalog.fuzzy = _HEADER, DOMAIN, "", False
        with path.open("wb") as file:
            write_po(file, catalog, sort_output=True, include_lineno=False, width=120)
        for message in catalog:
            # Babel compiles an untranslated plural to an empty text, which would be shown.
            if not any(message.string or ()):
                message.string = ""
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)


if __name__ == "__main__":
    update(written(), *map(Path, sys.argv[1:]))
