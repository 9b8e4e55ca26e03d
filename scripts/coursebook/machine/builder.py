"""Who puts the machine together: this computer as root, or in user namespaces, or a container."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from coursebook.machine import debian
from coursebook.machine.missing import CannotBuildError, follow, run
from coursebook.paths import ENGINE, REPOSITORY

PROGRAMS = {
    "mmdebstrap": "mmdebstrap",
    "dpkg-deb": "dpkg",
    "apt-get": "apt",
    # mmdebstrap only recommends it, and needs it for an architecture that is not the computer's.
    "arch-test": "arch-test",
}
"""What is called, and the Debian package that has it."""

PATIENCE = "--option=DPkg::Lock::Timeout=600"
"""Seconds. Computers that were just switched on often bring themselves up to date first."""

CONTAINERS = ("podman", "docker")
IMAGE = "docker.io/library/debian:trixie"

NO_MIRROR = "on Debian type: sudo apt-get update; on a system made from it, install podman"
NO_NAMESPACES = (
    "allow them: sudo apt-get install uidmap; and where you have no numbers yet, sudo usermod "
    "--add-subuids 100000-165535 --add-subgids 100000-165535 and your name; or run the command as "
    "root, or install podman"
)
REPORT = "read the last lines above; without a network a container cannot be made"

Say = Callable[[str], None]


def prepare(say: Say) -> str:
    """Choose how the root file system is made, and bring what is missing for it.

    As root on a system with apt, missing programs are installed. Where apt has no packages of
    Debian, on Ubuntu for example, a container has them.

    Returns:
        ``root``, or ``unshare`` where a user may make namespaces, or ``container``.

    Raises:
        CannotBuildError: Neither can be had here; it says what to type.
    """
    root = os.geteuid() == 0
    apt = shutil.which("apt-get") is not None
    mirror, missing = _knows_debian(), _missing()
    if root and apt and (missing or not mirror):
        _update(missing)
        mirror = _knows_debian()
        if mirror and missing:
            _install(missing, say)
            missing = _missing()
    refusal = None
    if mirror and not missing:
        refusal = None if root else _refusal_of_namespaces()
        if refusal is None:
            return "root" if root else "unshare"
    if container() is not None:
        return "container"
    if apt and not mirror:
        raise CannotBuildError("apt knows no packages of Debian here", NO_MIRROR)
    if missing:
        names = " ".join(missing)
        raise CannotBuildError(
            f"this is missing to put the root file system together: {names}",
            f"sudo apt-get install {names} (on Debian or a system made from it), or install podman",
        )
    raise CannotBuildError(
        f"you are not root, and may not make user namespaces: {refusal}", NO_NAMESPACES
    )


def _knows_debian() -> bool:
    """Tell whether apt is set up with a mirror of Debian, and has read its lists."""
    try:
        debian.mirror()
    except CannotBuildError:
        return False
    return True


def _missing() -> list[str]:
    """Name the Debian packages whose programs are not there."""
    found = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    return found if debian.KEYRING.is_file() else [*found, "debian-archive-keyring"]


def _update(packages: list[str]) -> None:
    _apt("update", "apt-get knows no packages", packages)


def _install(packages: list[str], say: Say) -> None:
    names = ", ".join(packages)
    say(f"installing {names} by apt-get")
    words = f"install --yes --no-install-recommends {PATIENCE} {' '.join(packages)}"
    _apt(words, f"{names} could not be installed", packages)


def _apt(words: str, what: str, packages: list[str]) -> None:
    run(
        ["apt-get", "-q", *words.split()],
        what,
        f"apt-get update && apt-get install {' '.join(packages)}",
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )


def _refusal_of_namespaces() -> str | None:
    """Return why mmdebstrap cannot make a namespace with many users here; None if it can.

    It is asked itself: some systems let programs make namespaces by their names.
    """
    tried = subprocess.run(
        ["mmdebstrap", "--unshare-helper", "true"],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if tried.returncode == 0:
        return None
    return " ".join(tried.stderr.split()) or f"exit status {tried.returncode}"


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
        "apt-get -q update >/dev/null && apt-get -q -y install --no-install-recommends "
        "python3 python3-pip python3-venv ca-certificates mmdebstrap arch-test >/dev/null && "
        f"python3 {shlex.quote(str(ENGINE.parent / 'course.py'))} machine build; "
        'status=$?; chown -R "$OWNER" _build/machine; exit $status'
    )
    volumes = [f"{place}:{place}" for place in sorted({str(REPOSITORY), str(book)})]
    owner = "0:0" if "podman" in program else f"{os.getuid()}:{os.getgid()}"
    variables = ("DEBIAN_FRONTEND=noninteractive", "PYTHONDONTWRITEBYTECODE=1", f"OWNER={owner}")
    follow(
        [
            # SELinux keeps containers from files that are not labelled for them, and no label of
            # the checkout shall change.
            *(program, "run", "--rm", "--security-opt", "label=disable"),
            *(word for variable in variables for word in ("--env", variable)),
            *(word for volume in volumes for word in ("--volume", volume)),
            # A volume without a name hides the environment of this computer.
            *("--volume", str(REPOSITORY / ".venv")),
            *("--workdir", str(book), IMAGE, "bash", "-c", script),
        ],
        "the container could not build the machine",
        REPORT,
        lambda line: say(f"    {line}"),
    )
