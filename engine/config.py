"""The workspace file ``quarterdeck.toml``: read, checked, and found from any folder below it."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError

from engine.brand import Brand
from engine.errors import EngineError, UsageError, nearest
from engine.mapping import LedgerMapping
from engine.policy import Policy
from engine.presets import PRESETS, policy_of, with_preset
from engine.settings.base import Table
from engine.settings.cluster import Cluster
from engine.settings.delivery import Mail, Rules
from engine.settings.pack import Pack
from engine.settings.validation import Validation
from engine.store.place import Place, place_of

FILE_NAME = "quarterdeck.toml"
WrittenPolicy = Annotated[Policy, BeforeValidator(with_preset)]


def _known_locale(value: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(value.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError("write a locale such as `en_US`, `de_DE` or `ja_JP`") from error
    return value


def _told_apart(packs: "tuple[Pack, ...]") -> "tuple[Pack, ...]":
    names = [pack.name for pack in packs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"several packs are called {', '.join(twice)}")
    return packs


class Settings(Table):
    """``[workspace]``: where things are and how the company reports."""

    snapshots: str
    output: str = Field(default="out", min_length=1)
    state: str = ".quarterdeck"
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    fiscal_year_start: int = Field(default=1, ge=1, le=12)
    locale: Annotated[str, AfterValidator(_known_locale)] = "en_US"


class Configuration(Table):
    """The whole file; every key but ``workspace.snapshots`` has a default."""

    workspace: Settings
    policy: WrittenPolicy = Policy()
    policies: dict[str, WrittenPolicy] = Field(default_factory=dict)
    validation: Validation = Validation()
    cluster: Cluster = Cluster()
    brand: Brand = Brand()
    brands: dict[str, Brand] = Field(default_factory=dict)
    packs: Annotated[tuple[Pack, ...], AfterValidator(_told_apart)] = Field(
        default=(Pack(name="board"),), strict=False
    )
    mappings: dict[str, LedgerMapping] = Field(default_factory=dict)
    mail: Mail = Mail()
    delivery: Rules = Rules()


class Workspace:
    """A folder with a checked configuration; paths in it are relative to that folder."""

    def __init__(self, folder: Path, configuration: Configuration) -> None:
        """Takes the folder of the file and what the file says."""
        self.folder = folder
        self.configuration = configuration
        self.settings = configuration.workspace

    @property
    def snapshots(self) -> str:
        """Root of the snapshots: an absolute folder, or an object-store URL as written."""
        root = self.settings.snapshots
        return root if "://" in root else str(self.folder / root)

    @property
    def output(self) -> Place:
        """Folder that packs are left in, here or in an object store."""
        return place_of(self.settings.output, self.folder)

    @property
    def state(self) -> Path:
        """Folder of what this machine remembers: the ledger."""
        return self.folder / self.settings.state

    def policy(self, name: str | None = None) -> Policy:
        """The policy in force, or the one called ``name``, the workspace's before a preset.

        Raises:
            UsageError: Neither the workspace nor a preset has that name.
        """
        if name is None or name == self.configuration.policy.name:
            return self.configuration.policy
        if name in self.configuration.policies:
            return self.configuration.policies[name].model_copy(update={"name": name})
        if name in PRESETS:
            return policy_of(PRESETS[name])
        known = [self.configuration.policy.name, *self.configuration.policies, *PRESETS]
        raise UsageError("policy", f"no policy is called `{name}`", hint=nearest(name, known))

    def brand(self, name: str) -> Brand:
        """The brand of that name, or for an empty one the workspace's; a UsageError if unknown."""
        brands = self.configuration.brands
        if not name:
            return self.configuration.brand
        if name not in brands:
            hint = nearest(name, brands) or "declare it under [brands.NAME]"
            raise UsageError("brand", f"no brand is called `{name}`", hint=hint)
        return brands[name]

    def pack(self, name: str) -> Pack:
        """The pack of that name; an unknown name is a UsageError."""
        for pack in self.configuration.packs:
            if pack.name == name:
                return pack
        known = [pack.name for pack in self.configuration.packs]
        raise UsageError("pack", f"no pack is called `{name}`", hint=nearest(name, known))

    @property
    def addressed_packs(self) -> list[Pack]:
        """The packs that somebody gets by mail."""
        packs = self.configuration.packs
        return [each for each in packs if each.recipients or each.recipients_by or each.review]

    def mapping(self, name: str) -> LedgerMapping:
        """The mapping of that name; an unknown name is a UsageError."""
        if name not in self.configuration.mappings:
            hint = nearest(name, self.configuration.mappings) or "declare it under [mappings.NAME]"
            raise UsageError("mapping", f"no mapping is called `{name}`", hint=hint)
        return self.configuration.mappings[name]


def open_workspace(folder: Path | None, current: Path) -> Workspace:
    """The workspace in ``folder``, or the nearest one upward from ``current``."""
    if (found := find_workspace(folder, current)) is not None:
        return found
    raise UsageError(
        "workspace",
        f"no {FILE_NAME} in {current} or any folder above it",
        hint="`qbr init DIR` writes one; `qbr demo` makes a sample; --workspace names another",
    )


def find_workspace(folder: Path | None, current: Path) -> Workspace | None:
    """As ``open_workspace``, but None where there is none upward from ``current``."""
    if folder is not None:
        return read(folder / FILE_NAME)
    for place in (current, *current.parents):
        if (place / FILE_NAME).is_file():
            return read(place / FILE_NAME)
    return None


def read(path: Path) -> Workspace:
    """The workspace whose file is ``path``; all that is wrong with it is one UsageError."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("workspace", f"cannot read {path}", where=str(error)) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError("workspace", f"{path} is not TOML", where=str(error)) from error
    try:
        configuration = Configuration.model_validate(content)
    except ValidationError as error:
        raise _explained(path, error) from error
    return Workspace(path.parent.resolve(), configuration)


def _explained(path: Path, error: ValidationError) -> EngineError:
    lines = [_problem(each["loc"], each["type"], each["msg"]) for each in error.errors()]
    return UsageError("workspace", f"{path}: " + "; ".join(lines[:10]))


def _problem(where: Sequence[int | str], kind: str, message: str) -> str:
    key = ".".join(str(part) for part in where)
    if kind == "extra_forbidden":
        hint = nearest(str(where[-1]), _known_keys(where[:-1]))
        return f"`{key}` is not a key of this file; {hint}"
    return f"`{key}`: {message[0].lower()}{message[1:]}"


def _known_keys(where: Sequence[int | str]) -> Sequence[str]:
    """Keys that the table at ``where`` may have."""
    model: type[BaseModel] = Configuration
    for part in where:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_tables(model.model_fields[part].annotation), model)
    return [each.alias or name for name, each in model.model_fields.items()]


def _tables(annotation: object) -> Iterator[type[BaseModel]]:
    """The models within a field's type: in a tuple, a mapping, an optional one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _tables(inner)
