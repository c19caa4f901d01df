"""The files a page may use, by addresses that are the same on every machine.

An address is ``https://quarterdeck.invalid/<root>/<path>``; the host is one that by RFC 2606
can never exist, so nothing is looked for on a network even if the fetcher failed to stop it.
"""

from pathlib import Path
from urllib.parse import quote

import report_templates

BASE = "https://quarterdeck.invalid/"
TEMPLATES = Path(report_templates.__file__).parent

#: Media types of the files that may be read, by suffix.
MEDIA_TYPES = {
    ".css": "text/css",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}


def template_address(path: str) -> str:
    """Address of a file that is shipped with the templates."""
    return f"{BASE}templates/{quote(path)}"


def brand_address(path: str) -> str:
    """Address of a file in the brand's folder."""
    return f"{BASE}brand/{quote(path)}"


def roots(brand_folder: Path | None) -> dict[str, Path]:
    """The folder behind each root."""
    folders = {"templates": TEMPLATES}
    return folders | ({"brand": brand_folder} if brand_folder else {})
