"""What holds of the house itself: the lock, and what the doors' linter and Streamlit make of where files stand."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
ROOMS = ("pages", "routes", "actions", "queries", "files", "models")


def locked() -> dict[str, str]:
    """Name → version as requirements.txt has them."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = (line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pins}


def test_whoever_writes_knows_every_table_a_row_may_refer_to() -> None:
    """In a process of its own: here other tests have opened every table long ago."""
    asked = (
        "import actions.transaction as t\n"
        "[key.column for table in t.Base.metadata.tables.values() for key in table.foreign_keys]\n"
    )
    subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True)


def test_the_lock_holds_every_library_the_project_names_at_a_version_it_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(line) for line in (*project["dependencies"], *project["optional-dependencies"]["dev"])]
    pins = locked()
    unlocked = [str(r) for r in wanted if not r.specifier.contains(pins.get(canonicalize_name(r.name), "0"))]
    assert unlocked == []


def test_no_page_stands_directly_in_pages_where_streamlit_serves_it_without_sign_in() -> None:
    assert list((ROOT / "pages").glob("*.py")) == []


def test_the_doors_are_checked_for_every_folder() -> None:
    """The linter of imports passes over a folder of modules that is not a package."""
    folders = {file.parent for room in ROOMS for file in (ROOT / room).rglob("*.py")} - {ROOT / "pages"}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_an_environment_is_made_from_the_wheelhouse_alone(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    for name in ("venv", "debian-packages"):
        shutil.copy(ROOT / ".ci" / name, tmp_path / ".ci" / name)
    wheel(tmp_path / "wheelhouse" / "invented_for_tests-1.0-py3-none-any.whl")
    (tmp_path / "requirements.txt").write_text("invented-for-tests==1.0\n")
    subprocess.run([".ci/venv", ".venv"], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    asked = [tmp_path / ".venv/bin/python", "-c", "import invented_for_tests"]
    assert subprocess.run(asked).returncode == 0


def wheel(path: Path) -> None:
    """A package with one empty module, as pip wants it."""
    path.parent.mkdir()
    about = "invented_for_tests-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("invented_for_tests.py", "")
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: invented-for-tests\nVersion: 1.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "".join(f"{name},,\n" for name in archive.namelist()))
