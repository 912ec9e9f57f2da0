"""Without the real peers their tests are skipped, and under CI that is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOME_REAL_TEST = "tests/harness/test_namespaces.py::test_a_failing_command_shows_what_it_said"


def run_without_programs(ci: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", SOME_REAL_TEST],
        cwd=ROOT,
        env={**os.environ, "PATH": "/nonexistent", "CI": ci},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("ci", "status", "said"), [("", 0, "SKIPPED"), ("true", 1, "skipped under CI=true: needs")]
)
def test_missing_peers(ci: str, status: int, said: str) -> None:
    done = run_without_programs(ci)
    assert (done.returncode, said in done.stdout) == (status, True), done.stdout
    assert "needs" in done.stdout


@pytest.mark.real
def test_install_peers_is_silent_and_quick_when_nothing_is_missing() -> None:
    done = subprocess.run([ROOT / "tests" / "install-peers"], capture_output=True, timeout=2)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_install_peers_without_root_says_what_is_missing_and_goes_on(tmp_path: Path) -> None:
    for name, text in {"id": "#!/bin/sh\necho 1000\n"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    script = (ROOT / "tests" / "install-peers").read_text()
    altered = tmp_path / "install-peers"
    altered.write_text(script.replace("programs=(", "programs=(nosuch-program "))
    done = subprocess.run(
        ["bash", altered],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=10,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("install-peers: not root")
    assert "nosuch-program" in done.stdout
    assert len(done.stdout.splitlines()) == 1
