"""Who puts the machine together: this computer as root, or in user namespaces, or a container."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from coursebook.machine.missing import CannotBuildError, run
from coursebook.paths import ENGINE, REPOSITORY

PROGRAMS = {
    "mmdebstrap": "mmdebstrap",
    "dpkg-deb": "dpkg",
    "apt-get": "apt",
    # mmdebstrap only recommends it, and needs it for an architecture that is not the computer's.
    "arch-test": "arch-test",
}
"""What is called, and the Debian package that has it."""

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
"""The keys that Debian signs with, of the package debian-archive-keyring."""

CONTAINERS = ("podman", "docker")
IMAGE = "docker.io/library/debian:trixie"

NO_NAMESPACES = (
    "allow them: sudo apt-get install uidmap, then log in again; or run the command as root, "
    "or install podman"
)
REPORT = "read the last lines above; without a network a container cannot be made"

Say = Callable[[str], None]


def prepare(say: Say) -> str:
    """Choose how the root file system is made, and bring what is missing for it.

    As root on a system with apt, missing programs are installed.

    Returns:
        ``root``, or ``unshare`` where a user may make namespaces, or ``container``.

    Raises:
        CannotBuildError: Neither can be had here; it says what to type.
    """
    root = os.geteuid() == 0
    missing = _missing()
    if missing and root and shutil.which("apt-get"):
        _install(missing, say)
        missing = _missing()
    if not missing and root:
        return "root"
    if not missing and _may_make_namespaces():
        return "unshare"
    if container() is not None:
        return "container"
    if missing:
        names = " ".join(missing)
        raise CannotBuildError(
            f"this is missing to put the root file system together: {names}",
            f"sudo apt-get install {names} (on Debian or a system made from it), or install podman",
        )
    raise CannotBuildError("you are not root, and may not make user namespaces", NO_NAMESPACES)


def _missing() -> list[str]:
    """Name the Debian packages whose programs are not there."""
    found = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    return found if KEYRING.is_file() else [*found, "debian-archive-keyring"]


def _install(packages: list[str], say: Say) -> None:
    say(f"installing {', '.join(packages)} by apt-get")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    hint = f"apt-get update && apt-get install {' '.join(packages)}"
    run(["apt-get", "-q", "update"], "apt-get knows no packages", hint, env=environment)
    run(
        ["apt-get", "-q", "-y", "install", "--no-install-recommends", *packages],
        f"{', '.join(packages)} could not be installed",
        hint,
        env=environment,
    )


def _may_make_namespaces() -> bool:
    """Tell whether a user's namespace with many users can be made: newuidmap(1), subuid(5)."""
    if shutil.which("unshare") is None or shutil.which("newuidmap") is None:
        return False
    tried = subprocess.run(
        ["unshare", "--user", "--map-auto", "--map-root-user", "--mount", "true"],
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0


def container() -> str | None:
    """Return the program that runs containers here, if there is one."""
    return next((found for name in CONTAINERS if (found := shutil.which(name))), None)


def build_in_container(book: Path, say: Say) -> None:
    """Build the machine of a book in a container of Debian, where it is root.

    The checkout is seen at its own path; its environment is made anew inside and forgotten.

    Raises:
        CannotBuildError: There is no network, or the build failed inside.
    """
    program = container()
    assert program is not None
    say(f"building in a container of Debian by {Path(program).name}")
    script = (
        "apt-get -q update && apt-get -q -y install --no-install-recommends "
        "python3 python3-pip python3-venv ca-certificates mmdebstrap arch-test && "
        f"python3 {shlex.quote(str(ENGINE.parent / 'course.py'))} machine build; "
        'status=$?; chown -R "$OWNER" _build/machine; exit $status'
    )
    volumes = [f"{place}:{place}" for place in sorted({str(REPOSITORY), str(book)})]
    owner = "0:0" if "podman" in program else f"{os.getuid()}:{os.getgid()}"
    run(
        [
            *(program, "run", "--rm", "--env", "DEBIAN_FRONTEND=noninteractive"),
            *("--env", f"OWNER={owner}"),
            *(word for volume in volumes for word in ("--volume", volume)),
            # A volume without a name hides the environment of this computer.
            *("--volume", str(REPOSITORY / ".venv")),
            *("--workdir", str(book), IMAGE, "bash", "-c", script),
        ],
        "the container could not build the machine",
        REPORT,
    )
