"""What the tests start beside themselves ends when they end, however that comes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coursebook.paths import REPOSITORY

CONFTEST = """\
import machine_builder

pytest_plugins = ["machine_builder"]
machine_builder.make.standing = lambda tree: None
machine_builder.COMMAND[:] = ["bash", "-c", "echo $$ > '{begun}'; exec sleep 3600"]
"""
"""A process in place of the builder, which would take minutes."""

TESTS = """\
import time
from pathlib import Path

def test_with_the_machine(machine_folder):
    pass

def test_that_takes_long():
    Path("running").touch()
    time.sleep(3600)
"""


@pytest.mark.parametrize(
    ("sent", "status"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGINT, 2)]
)
def test_tests_that_are_ended_leave_no_builder_behind(
    tmp_path: Path, sent: signal.Signals, status: int
) -> None:
    begun, running = tmp_path / "begun", tmp_path / "running"
    (tmp_path / "conftest.py").write_text(CONFTEST.format(begun=begun))
    (tmp_path / "test_long.py").write_text(TESTS)
    search = os.pathsep.join(str(REPOSITORY / name) for name in ("scripts", "tests"))
    tests = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", tmp_path],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": search},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        while not (begun.is_file() and begun.read_text() and running.exists()):
            assert tests.poll() is None, tests.communicate()[0]
            time.sleep(0.02)
        builder = int(begun.read_text())
        os.kill(builder, 0)
        tests.send_signal(sent)
        printed, _ = tests.communicate(timeout=60)
        assert tests.returncode == status, printed
        with pytest.raises(ProcessLookupError):
            os.kill(builder, 0)
    finally:
        tests.kill()
        with contextlib.suppress(OSError, ValueError):
            os.kill(int(begun.read_text()), signal.SIGKILL)
