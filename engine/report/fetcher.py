"""The only way to a file for whatever a page refers to: two folders, and nothing else.

No network, no ``data:``, no ``file:``, no path or symbolic link out of the folders, no unknown
kind of file. Anything else stops the render; only inside a drawing WeasyPrint makes a logged error
of it, and ``pdf`` fails on that too.
"""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from engine.report.assets import BASE, MEDIA_TYPES

_HOST = urlsplit(BASE)[:2]


class AssetFetcher(URLFetcher):
    """Reads files by the addresses of ``engine.report.assets``."""

    def __init__(self, roots: Mapping[str, Path]) -> None:
        """Takes the folder behind each root."""
        super().__init__(allowed_protocols=("https",), allow_redirects=False, fail_on_errors=True)
        self._roots = {name: folder.resolve() for name, folder in roots.items()}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """The file's bytes; a ``FatalURLFetchingError`` for anything that is not allowed."""
        path = self._path(url)
        if path is None:
            raise FatalURLFetchingError(f"a page refers to {url[:120]!r}")
        kind = MEDIA_TYPES[path.suffix.lower()]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    def _path(self, url: str) -> Path | None:
        parts = urlsplit(url)
        root, _, inside = unquote(parts.path).lstrip("/").partition("/")
        if parts[:2] != _HOST or root not in self._roots or "\0" in inside:
            return None
        folder = self._roots[root]
        path = (folder / PurePosixPath(inside)).resolve()
        is_allowed = path.is_relative_to(folder) and path.suffix.lower() in MEDIA_TYPES
        return path if is_allowed and path.is_file() else None
