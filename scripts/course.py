#!/usr/bin/env python3
"""The front door: makes the locked environment, then hands over to ``coursebook``.

Standard library only, because on a fresh machine nothing else is there. What it leaves behind
stands in ``.venv/``; a stamp in it says from which lock file it was made, so that a later call
sees in a few milliseconds that there is nothing to do and touches no network.
"""

from __future__ import annotations

import signal

if __name__ == "__main__":
    # Ctrl-C during the imports below ends this process at once: there is nothing yet that it could
    # harm, and a traceback would tell a user nothing. Later main() answers it with a line.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import contextlib
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"
ENVIRONMENT = ROOT / ".venv"
LOCK_FILE = ROOT / "uv.lock"
STAMP = ENVIRONMENT / "course-stamp"
OLDEST = (3, 11)
# The newest Python that every pin in uv.lock was seen to work with.
NEWEST = (3, 13)
CANNOT_SET_UP = 3


class SetupError(Exception):
    """The environment cannot be made; the message says what to type."""


def fingerprint() -> str:
    """Tell from which inputs an environment was made."""
    digest = hashlib.sha256()
    for path in (LOCK_FILE, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def environment_python() -> Path:
    """Return the interpreter of the locked environment."""
    return ENVIRONMENT / "bin" / "python"


def is_current() -> bool:
    """Tell whether the environment stands and was made from today's lock file."""
    try:
        return STAMP.read_text() == fingerprint() and environment_python().exists()
    except OSError:
        return False


def installed_pythons() -> dict[tuple[int, int], str]:
    """Find the supported interpreters of this machine, by version.

    Looks along PATH, then where pyenv keeps its versions. The interpreter that runs this file
    always counts.
    """
    found = {sys.version_info[:2]: sys.executable}
    for minor in range(OLDEST[1], NEWEST[1] + 1):
        candidates = [shutil.which(f"python3.{minor}")]
        pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        candidates += [str(path) for path in sorted(pyenv.glob(f"3.{minor}.*/bin/python3.{minor}"))]
        for candidate in candidates:
            if candidate and answers(candidate, (3, minor)):
                found[(3, minor)] = candidate
    return {version: path for version, path in found.items() if OLDEST <= version <= NEWEST}


def choose_python(uv: str) -> str:
    """Choose the interpreter of the environment: the newest supported one, fetched if need be.

    Cells run with it, and the course is written for the newest. An older one serves where that
    cannot be had; each page says with what its outputs were made.

    Raises:
        SetupError: There is none, and none could be fetched.
    """
    found = installed_pythons()
    if NEWEST in found:
        return found[NEWEST]
    newest = ".".join(map(str, NEWEST))
    say(f"fetching Python {newest} with uv, because the course is written for it (about 35 MB)")
    fetched = fetched_python(uv, newest)
    if fetched:
        return fetched
    if not found:
        raise SetupError(
            f"Python {OLDEST[0]}.{OLDEST[1]} to {newest} is needed, this is "
            f"{platform.python_version()}, and none could be fetched.\n"
            "    Install one of them, then type the command again."
        )
    version = max(found)
    say(
        f"it could not be fetched: cells will run with Python {'.'.join(map(str, version))}. "
        f"Install {newest} and remove .venv to change that"
    )
    return found[version]


def fetched_python(uv: str, version: str) -> str | None:
    """Let uv fetch an interpreter that can be moved, and keep it where uv keeps its own.

    Source: https://docs.astral.sh/uv/concepts/python-versions/#managed-python-distributions
    """
    commands = (
        [uv, "python", "install", "--quiet", "--no-bin", version],
        [uv, "python", "find", "--managed-python", "--no-project", version],
    )
    for command in commands:
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            return None
    return run.stdout.strip()


def answers(python: str, version: tuple[int, int]) -> bool:
    """Tell whether a command is a working CPython of a version (a shim may answer with an error).

    An interpreter that cannot make environments (Debian without python3-venv) serves: uv makes them
    without its help.
    """
    code = "import sys; print(sys.implementation.name, *sys.version_info[:2])"
    try:
        run = subprocess.run(
            [python, "-I", "-c", code], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.stdout.split() == ["cpython", *map(str, version)]


def locked_uv() -> tuple[str, dict[str, str]]:
    """Read uv's own version and wheels from the lock file.

    Returns:
        The version, and SHA-256 hashes by wheel address.
    """
    import tomllib

    packages = tomllib.loads(LOCK_FILE.read_text(encoding="utf-8"))["package"]
    uv = next(package for package in packages if package["name"] == "uv")
    return uv["version"], {
        wheel["url"]: wheel["hash"].removeprefix("sha256:") for wheel in uv["wheels"]
    }


def platform_pattern() -> str:
    """Return a pattern for the file names of wheels that hold a uv for this machine."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    if sys.platform == "darwin":
        return r"macosx_\d+_\d+_(arm64|universal2)" if machine == "aarch64" else r"macosx.*_x86_64"
    if platform.libc_ver()[0] == "glibc":
        return rf"manylinux.*_{machine}"
    return rf"musllinux.*_{machine}"


def find_uv(workshop: Path) -> str:
    """Return a uv of the locked version or newer, fetching one from PyPI where there is none.

    Args:
        workshop: A folder for a uv that had to be fetched.

    Raises:
        SetupError: No way led to a uv.
    """
    version, wheels = locked_uv()
    standing = [shutil.which("uv"), str(ENVIRONMENT / "bin" / "uv")]
    for candidate in standing:
        if candidate and uv_version(candidate) >= numbers(version):
            return candidate
    say(f"fetching uv {version}, the package manager, from PyPI (about 25 MB)")
    # pip knows the proxies, mirrors and certificates that this machine was set up with.
    target = workshop / "uv"
    with contextlib.suppress(subprocess.CalledProcessError, OSError):
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet"),
                *("--disable-pip-version-check", "--no-deps", "--target", str(target)),
                f"uv=={version}",
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        return str(target / "bin" / "uv")
    return uv_from_wheel(wheels, workshop)


def uv_from_wheel(wheels: dict[str, str], workshop: Path) -> str:
    """Take uv out of the locked wheel, on machines whose Python came without pip.

    Raises:
        SetupError: No wheel fits, none could be fetched, or its hash is not the locked one.
    """
    address = next((wheel for wheel in wheels if re.search(platform_pattern(), wheel)), None)
    if address is None:
        raise SetupError(f"uv has no wheel for {platform.platform()}; install uv by hand")
    try:
        with urllib.request.urlopen(address, timeout=60) as response:
            content = response.read()
    except OSError as error:
        raise SetupError(
            f"uv could not be fetched: {error}\n"
            "    Check the network, or install uv by hand, then type the command again."
        ) from error
    if hashlib.sha256(content).hexdigest() != wheels[address]:
        raise SetupError("the uv that was fetched is not the one in uv.lock; nothing was installed")
    wheel = workshop / "uv.whl"
    wheel.write_bytes(content)
    with zipfile.ZipFile(wheel) as archive:
        member = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        archive.extract(member, workshop)
    program = workshop / member
    program.chmod(0o755)
    return str(program)


def numbers(version: str) -> tuple[int, ...]:
    """Turn ``0.13.8`` into ``(0, 13, 8)``."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def uv_version(program: str) -> tuple[int, ...]:
    """Ask a uv for its version; ``()`` where it does not answer."""
    try:
        run = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return ()
    return numbers(run.stdout) if run.returncode == 0 else ()


def say(message: str) -> None:
    """Tell the user what is being done."""
    print(f"course.py: {message}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Hold other calls back while one makes the environment."""
    import fcntl

    (ROOT / "_build").mkdir(exist_ok=True)
    with (ROOT / "_build" / "environment.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another call is making the environment; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def make_environment() -> None:
    """Make the locked environment in ``.venv/``.

    Raises:
        SetupError: It could not be made; what stood before is left as it was, or unfinished
            without a stamp, so that the next call goes on.
    """
    with only_one(), tempfile.TemporaryDirectory(prefix="course-") as folder:
        if is_current():
            return
        started = time.monotonic()
        say("making the locked environment in .venv (once; usually half a minute, 350 MB)")
        uv = find_uv(Path(folder))
        python = choose_python(uv)
        command = [uv, "sync", "--frozen", "--no-progress", "--python", python]
        # An activated environment of the user's must not be the one that is changed.
        variables = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
        variables["UV_PROJECT_ENVIRONMENT"] = str(ENVIRONMENT)
        run = subprocess.run(
            command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
        )
        if run.returncode != 0:
            raise SetupError(
                "uv could not make the environment:\n"
                + "\n".join(f"    {line}" for line in run.stderr.strip().splitlines()[-12:])
            )
        STAMP.write_text(fingerprint())
        say(f"the environment stands ({time.monotonic() - started:.0f} s)")


def hand_over(arguments: list[str]) -> NoReturn:
    """Become ``python -m coursebook`` in the locked environment."""
    python = str(environment_python())
    variables = dict(os.environ, PYTHONPATH=str(SCRIPTS))
    # Ctrl-C waits until the other side can answer it with a line, and not with a traceback.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.execve(python, [python, "-m", "coursebook", *arguments], variables)


def main() -> int:
    """Make what is missing, then hand over."""
    if sys.version_info < OLDEST:  # pragma: no cover - an older Python stops before, at the syntax
        print(f"course.py: Python {OLDEST[0]}.{OLDEST[1]} or newer is needed", file=sys.stderr)
        return CANNOT_SET_UP
    arguments = sys.argv[1:]
    if not arguments or "-h" in arguments or "--help" in arguments:
        # Help needs no environment: the command line is standard library only.
        sys.path.insert(0, str(SCRIPTS))
        from coursebook import cli

        return cli.main(arguments or ["--help"])
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if not is_current():
            make_environment()
        hand_over(arguments)
    except SetupError as error:
        print(f"course.py: {error}", file=sys.stderr)
        return CANNOT_SET_UP
    except KeyboardInterrupt:
        print("\ncourse.py: stopped; the next call goes on from here", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
