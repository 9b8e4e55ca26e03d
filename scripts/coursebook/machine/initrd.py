"""The first root of the machine: busybox, the modules that reach the files, and ``init``.

A cpio archive of the form "newc", which is what the kernel unpacks. It is not compressed: what
zlib makes of it, and what Python writes at its head, changes from version to version.
Source: https://docs.kernel.org/driver-api/early-userspace/buffer-format.html
"""

from __future__ import annotations

import stat
from pathlib import Path

MODULES = (
    "drivers/virtio/virtio",
    "drivers/virtio/virtio_ring",
    "drivers/virtio/virtio_pci_modern_dev",
    "drivers/virtio/virtio_pci_legacy_dev",
    "drivers/virtio/virtio_pci",
    "drivers/char/virtio_console",
    "fs/netfs/netfs",
    "fs/fscache/fscache",
    "net/9p/9pnet",
    "net/9p/9pnet_virtio",
    "fs/9p/9p",
    "fs/overlayfs/overlay",
)
"""In the order in which one needs the other."""

FOLDERS = ("bin", "modules", "proc", "sys", "dev", "lower", "above", "merged")
END = "TRAILER!!!"


def initrd(modules: Path, busybox: Path, init: Path) -> bytes:
    """Pack the first root.

    Args:
        modules: The kernel's folder ``lib/modules/<version>/kernel``.
        busybox: A busybox without shared libraries.
        init: The first program.
    """
    order = "".join(f"{Path(name).name}\n" for name in MODULES)
    entries = [(name, stat.S_IFDIR | 0o755, b"") for name in FOLDERS]
    entries += [
        ("bin/busybox", stat.S_IFREG | 0o755, busybox.read_bytes()),
        ("bin/sh", stat.S_IFLNK | 0o777, b"busybox"),
        ("init", stat.S_IFREG | 0o755, init.read_bytes()),
        ("modules/order", stat.S_IFREG | 0o644, order.encode()),
    ]
    entries += [
        (
            f"modules/{Path(name).name}.ko",
            stat.S_IFREG | 0o644,
            (modules / f"{name}.ko").read_bytes(),
        )
        for name in MODULES
    ]
    return b"".join(
        _entry(number, *entry) for number, entry in enumerate([*entries, (END, 0, b"")], 1)
    )


def _entry(number: int, name: str, mode: int, data: bytes) -> bytes:
    """Pack one entry: a header of 13 hexadecimal numbers, its name, its bytes, each padded to 4."""
    encoded = name.encode() + b"\0"
    # inode, mode, owner, group, links, time, size, four numbers of devices, length of the name
    numbers = [number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0]
    header = b"070701" + b"".join(b"%08X" % one for one in numbers)
    head = header + encoded
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)
