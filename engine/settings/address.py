"""Mail addresses as the workspace file may write them: plain, checked, ready for a server."""

import re
from collections.abc import Mapping
from typing import Annotated

import idna
from pydantic import AfterValidator, Field

#: RFC 5322's dot-atom: what stands before the @ of every address in use.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
#: RFC 5321 section 4.5.3.1, an octet an ASCII character.
_LONGEST_LOCAL, _LONGEST = 64, 254


def checked_address(text: str) -> str:
    """The address, its domain in the ASCII form that servers take; else a ValueError."""
    local, _, domain = text.rpartition("@")
    shown = text[:80]
    if not _LOCAL.fullmatch(local) or len(local) > _LONGEST_LOCAL:
        raise ValueError(f"`{shown!r}` is no mail address: write it plainly, as in `ana@acme.com`")
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValueError(f"`{shown!r}` is no mail address: {error}") from error
    address = f"{local}@{ascii_domain}"
    if len(address) > _LONGEST:
        raise ValueError(f"`{shown!r}` is too long for a mail address")
    return address


def _each_once(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """As written first; a domain's capitals do not make another address."""
    found: dict[str, str] = {}
    for each in addresses:
        found.setdefault(each.lower(), each)
    return tuple(found.values())


def _without_empty(groups: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    if empty := [name for name, addresses in groups.items() if not addresses]:
        raise ValueError(f"nobody is named for {', '.join(empty)}")
    return groups


Address = Annotated[str, AfterValidator(checked_address)]
Addresses = Annotated[tuple[Address, ...], Field(strict=False), AfterValidator(_each_once)]
AddressesByGroup = Annotated[dict[str, Addresses], AfterValidator(_without_empty)]
