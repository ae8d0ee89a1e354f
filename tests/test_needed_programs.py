import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEEDS_CHROMIUM = "import pytest\n\n\n@pytest.mark.browser\ndef test_page(): pass\n"
SKIPS_BY_ITSELF = "import pytest\n\n\ndef test_page(): pytest.skip('not today')\n"


def run_without_programs(tmp_path: Path, source: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A pytest run of one file, with nothing on the path."""
    (tmp_path / "test_it.py").write_text(source, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        f"--config-file={ROOT / 'pyproject.toml'}",
        "-p",
        "no:cacheprovider",
        str(tmp_path),
    ]
    return subprocess.run(command, cwd=ROOT, env={"PATH": "", **environment}, capture_output=True, text=True)


def test_a_missing_program_skips_its_tests_and_says_which(tmp_path: Path) -> None:
    run = run_without_programs(tmp_path, NEEDS_CHROMIUM)
    assert run.returncode == 0
    assert "chromium is not installed" in run.stdout


def test_a_missing_program_fails_its_tests_where_everything_is_demanded(tmp_path: Path) -> None:
    run = run_without_programs(tmp_path, NEEDS_CHROMIUM, CI_DEMANDS_ALL="1")
    assert run.returncode == 1
    assert "1 error" in run.stdout


def test_no_test_skips_itself_where_everything_is_demanded(tmp_path: Path) -> None:
    assert run_without_programs(tmp_path, SKIPS_BY_ITSELF).returncode == 0
    assert run_without_programs(tmp_path, SKIPS_BY_ITSELF, CI_DEMANDS_ALL="1").returncode == 1
