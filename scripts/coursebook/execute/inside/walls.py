"""The walls of the clean room: Linux namespaces, and a root folder built from a list.

Runs in a process of its own, with nothing but the standard library, before any cell does. What
is not on the list does not exist in the room. The order of the steps is bubblewrap's; see
namespaces(7), user_namespaces(7), pivot_root(2) and mount_setattr(2).
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import socket
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_SLAVE = 32, 4096, 16384, 1 << 19
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
PR_SET_NO_NEW_PRIVS = 38
SYS_MOUNT_SETATTR = 442
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1

libc = ctypes.CDLL(None, use_errno=True)


class WallsError(Exception):
    """The kernel refused a step; the message names it."""


def _check(result: int, step: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise WallsError(f"{step}: {os.strerror(number)}")


def enter_namespaces(learner: int) -> None:
    """Leave the host's namespaces; the next child is the first process of the room.

    Root needs no user namespace. Anybody else gets one in which he is the learner.

    Args:
        learner: User and group number inside.

    Raises:
        WallsError: This host does not allow it.
    """
    flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC
    user, group = os.geteuid(), os.getegid()
    if user != 0:
        flags |= CLONE_NEWUSER
    _check(libc.unshare(flags), "unshare")
    if user != 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{learner} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{learner} {group} 1")


def mount(source: str, target: Path, kind: str, flags: int, data: str = "") -> None:
    """Mount something; the manual is mount in section 2."""
    done = libc.mount(
        source.encode(), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags), data.encode()
    )
    _check(done, f"mount {kind} on {target}")


def bind(source: str | Path, target: Path, *, writable: bool = False) -> None:
    """Show a file or folder of the host at a place in the room."""
    source = Path(source)
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    elif not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    mount(str(source), target, "", MS_BIND | MS_REC)
    if not writable:
        protect(target)


def protect(target: Path) -> None:
    """Make a mount, and those below it, read-only and without special powers."""
    # struct mount_attr: attr_set, attr_clr, propagation, userns_fd. The recursive call is what
    # mount(2) cannot do: a remount changes the topmost mount alone.
    attributes = struct.pack("QQQQ", MS_RDONLY | MS_NOSUID | MS_NODEV, 0, 0, 0)
    done = libc.syscall(
        SYS_MOUNT_SETATTR,
        AT_FDCWD,
        os.fsencode(target),
        AT_RECURSIVE,
        attributes,
        ctypes.c_size_t(len(attributes)),
    )
    _check(done, f"mount_setattr on {target}")


def build_root(plan: Mapping[str, Any]) -> None:
    """Build the room's root folder from the list, and move into it.

    Runs as the first process of the room.

    Args:
        plan: What ``coursebook.execute.plan`` wrote.

    Raises:
        WallsError: The kernel refused a step.
    """
    root = Path(plan["root"])
    mount("none", Path("/"), "", MS_REC | MS_SLAVE)
    mount("room", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,mode=0755")
    _system_folders(root)
    _local_python(root, plan)
    _etc(root, plan)
    _devices(root)
    for source, target in plan["binds"]:
        bind(source, root / target.lstrip("/"))
    _home(root, plan)
    (root / "proc").mkdir()
    mount("proc", root / "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _pivot(root)
    if plan["python"]["shared_library"]:
        # A relocated interpreter finds its own library by the loader's cache alone.
        os.spawnv(os.P_WAIT, "/sbin/ldconfig", ["ldconfig", "-X"])
    mount("room", Path("/"), "", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    socket.sethostname(plan["hostname"])
    _loopback()


def _system_folders(root: Path) -> None:
    """Bring the operating system's programs, read-only; the host's own /usr/local stays out."""
    bind("/usr", root / "usr")
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        host = Path("/", name)
        if host.is_symlink():
            (root / name).symlink_to(host.readlink())
        elif host.is_dir():
            bind(host, root / name)


def _local_python(root: Path, plan: Mapping[str, Any]) -> None:
    """Make /usr/local: the interpreter that runs the build (unless it is the system's), and uv."""
    local = root / "usr/local"
    mount("room", local, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=0755")
    for name in ("bin", "lib", "include", "share"):
        (local / name).mkdir()
    for source, target in plan["local_binds"]:
        bind(source, local / target)
    for target, text in plan["local_files"].items():
        (local / target).write_text(text, encoding="utf-8")
        (local / target).chmod(0o755)
    for link, target in plan["local_links"].items():
        (local / link).symlink_to(target)
    protect(local)


def _etc(root: Path, plan: Mapping[str, Any]) -> None:
    etc = root / "etc"
    etc.mkdir()
    for name, text in plan["etc"].items():
        (etc / name).write_text(text, encoding="utf-8")
    for name in ("ld.so.conf", "ld.so.cache"):
        host = Path("/etc", name)
        if host.exists():
            shutil.copyfile(host, etc / name)
    for pattern in ("ld.so.conf.d", "alternatives", "python3*", "os-release"):
        for host in sorted(Path("/etc").glob(pattern)):
            bind(host.resolve(), etc / host.name)


def _devices(root: Path) -> None:
    devices = root / "dev"
    devices.mkdir()
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        (devices / name).touch()
        mount(f"/dev/{name}", devices / name, "", MS_BIND)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        (devices / name).symlink_to(f"/proc/self/fd/{number}")
    (devices / "fd").symlink_to("/proc/self/fd")
    (devices / "pts").mkdir()
    mount("devpts", devices / "pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666")
    (devices / "ptmx").symlink_to("pts/ptmx")
    (devices / "shm").mkdir()
    mount("room", devices / "shm", "tmpfs", MS_NOSUID | MS_NODEV, "size=64m,mode=1777")


def _home(root: Path, plan: Mapping[str, Any]) -> None:
    """Make the two folders in which a cell can write."""
    limit = plan["limits"]
    (root / "tmp").mkdir()
    size = f"size={limit['tmp_bytes']},nr_inodes=50k,mode=1777"
    mount("room", root / "tmp", "tmpfs", MS_NOSUID | MS_NODEV, size)
    (root / "home").mkdir()
    size = f"size={limit['home_bytes']},nr_inodes=100k,mode=0755"
    mount("room", root / "home", "tmpfs", MS_NOSUID | MS_NODEV, size)
    fill_home(plan, root / plan["home"].lstrip("/"), root / plan["folder"].lstrip("/"))


def fill_home(plan: Mapping[str, Any], home: Path, folder: Path) -> None:
    """Make the learner's home: the chapter's folder and a package index of his own."""
    home.mkdir(parents=True)
    folder.mkdir()
    if plan["index"]:
        shutil.copytree(plan["index"], home / "index")
    if os.geteuid() == 0:
        learner = plan["learner"]
        for place, folders, files in os.walk(home):
            for name in (".", *folders, *files):
                os.chown(Path(place, name), learner, learner)


def _pivot(root: Path) -> None:
    """Make ``root`` the root folder, and forget the old one."""
    number = SYS_PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        raise WallsError(f"pivot_root: not known on {os.uname().machine}")
    os.chdir(root)
    # pivot_root(2): "." on "." stacks the old root on the new one, from where it is detached.
    _check(libc.syscall(number, b".", b"."), "pivot_root")
    _check(libc.umount2(b".", MNT_DETACH), "umount2")
    os.chdir("/")


def _loopback() -> None:
    """Switch on the only network of the room."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        request = struct.pack("16sh", b"lo", 0)
        (flags,) = struct.unpack_from(
            "h", fcntl.ioctl(device, SIOCGIFFLAGS, request + b"\0" * 14), 16
        )
        fcntl.ioctl(device, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def become_learner(learner: int) -> None:
    """Give up every power; nothing that is executed later gets one back."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(learner)
        os.setuid(learner)
    _check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
