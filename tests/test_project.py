"""The files around the code: what is installed, from where, and what a wheel carries."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import engine

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
LOCKED = re.findall(r"^(\S+)==(\S+)(.*(?:\n .*)*)", LOCK, flags=re.MULTILINE)


def test_the_lock_names_no_registry() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^-", LOCK, flags=re.MULTILINE)


def test_each_package_is_locked_to_more_than_one_file() -> None:
    """Its source and wheels; a file that only one machine has would stand alone."""
    hashes = {name: re.findall(r"--hash=sha256:[0-9a-f]{64}", rest) for name, _, rest in LOCKED}
    assert [name for name, files in hashes.items() if len(set(files)) < 2] == []


def test_the_lock_holds_nothing_but_exact_versions() -> None:
    assert len(LOCKED) == len(re.findall(r"^\S", LOCK, flags=re.MULTILINE))


@pytest.mark.parametrize(
    "declared",
    [
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *PROJECT["dependency-groups"]["dev"],
    ],
)
def test_the_lock_satisfies_what_the_project_declares(declared: str) -> None:
    requirement = Requirement(declared)
    versions = {name: exact for name, exact, _ in LOCKED}
    assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)])


def test_what_the_code_imports_is_declared() -> None:
    """A dependency's dependency may leave with its next version."""
    sources = [file.read_text("utf-8") for each in PACKAGES for file in (ROOT / each).rglob("*.py")]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    roots = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - set(PACKAGES)
    distributions = packages_distributions()
    extras = PROJECT["project"]["optional-dependencies"].values()
    every = [*PROJECT["project"]["dependencies"], *(each for extra in extras for each in extra)]
    declared = {Requirement(each).name for each in every}
    assert {canonicalize_name(distributions[root][0]) for root in roots} <= declared


def test_pandas_stays_out() -> None:
    """It triples the time that pandera takes to import."""
    assert "pandas" not in {name for name, _, _ in LOCKED}


def test_the_installed_version_is_the_one_in_the_source() -> None:
    assert version("quarterdeck") == engine.__version__


def test_a_wheel_carries_the_packages_whole_and_nothing_else(tmp_path: Path) -> None:
    """Templates, styles and fonts are found beside the code, so they travel with it."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", str(tmp_path)], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert carried == {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def test_make_without_a_python_says_what_it_needs(tmp_path: Path) -> None:
    for file in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / file, tmp_path)
    done = subprocess.run(
        ["make", "PYTHON=", "setup"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Python 3.11 or newer" in done.stderr
