"""All steps from the lock to a machine that answers, kept by the hash of what goes in."""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
import shutil
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coursebook.execute import index, plan
from coursebook.fingerprint import fingerprint
from coursebook.machine import (
    builder,
    cell_tools,
    debian,
    library,
    lock,
    manifest,
    packs,
    rootfs,
    snapshot,
    tools,
    usual,
)
from coursebook.machine.initrd import initrd
from coursebook.machine.layout import by_content, lay_out
from coursebook.machine.missing import CannotBuildError, MovedOnError, run
from coursebook.machine.stages import Say, Stages
from coursebook.paths import Tree

HERE = Path(__file__).parent
FACTS = "machine.json"
PARTS = "parts.json"
SUBSTITUTE = "packages.lock"
WITHOUT_INFLUENCE = (
    *("__pycache__", "builder.py", "missing.py", "stages.py", "tools.py"),
    SUBSTITUTE,
)
"""What decides where things are made and had, and not what comes of them; locks count apart."""

PROOF = [{"language": "bash", "cell": "python3 -c 'print(1)'"}]
BIOS = {"bios.bin": "bios.bin", "vgabios-stdvga.bin": "vgabios.bin"}
V86_FILES = ("libv86.mjs", "v86.wasm")

KEPT = 2
"""Machines that stay: going back to the inputs of before costs nothing then."""


def inputs(tree: Tree) -> str:
    """Name what a machine of this book is made from: 16 hexadecimal digits.

    The lock and the files of this package count, what is fetched by lock, the programs and the
    variables of cells, and the book's packages.
    """
    ours = [path for path in sorted(HERE.iterdir()) if path.name not in WITHOUT_INFLUENCE]
    parts = [
        fingerprint([*ours, *sorted(plan.INSIDE.glob("*_cells.*"))]),
        str(_packages(tree)),
        *tools.locked_guest_uv(),
        tools.locked_node(),
        str(library.locked()),
        str(cell_tools.locked()),
        tools.locked_v86(),
        rootfs.words(""),
        str(sorted(plan.ETC.items())),
        index.build(tree).digest,
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _packages(tree: Tree) -> list[lock.Locked]:
    return lock.read(lock.in_force(tree.machine / SUBSTITUTE))


def standing(tree: Tree) -> Path | None:
    """Return the folder of the machine that fits today's inputs, if it was built.

    Its name is that of its manifest, which is its address on a site.
    """
    note = tree.machine / "standing" / inputs(tree)
    if not note.is_file():
        return None
    folder = tree.machine / note.read_text(encoding="utf-8").strip()
    return folder if (folder / FACTS).is_file() else None


def write_lock(tree: Tree, say: Say) -> None:
    """Find out which packages Debian has today, and write them into the lock."""
    say("asking Debian's mirror for today's versions")
    packages = debian.resolve(tree.machine / "lists")
    lock.write(packages)
    say(f"{len(packages)} packages stand in {lock.PACKAGES_LOCK.name}")


def build(tree: Tree, say: Say) -> Path:
    """Make the machine, unless it stands.

    Args:
        tree: The book whose packages go in.
        say: Is told what is being done.

    Returns:
        Its folder.

    Raises:
        CannotBuildError: Something is missing on this computer.
        CourseError: The description of the book's packages is wrong.
    """
    folder = standing(tree)
    if folder is not None:
        return folder
    mode = builder.prepare(say)
    tree.machine.mkdir(parents=True, exist_ok=True)
    if mode == "container":
        builder.build_in_container(tree.root, say)
        folder = standing(tree)
        assert folder is not None, "the container built another machine"
        return folder
    with (tree.machine / "build.lock").open("w") as handle:
        # A second call waits, and finds what the first one made.
        fcntl.flock(handle, fcntl.LOCK_EX)
        folder = standing(tree)
        if folder is not None:
            return folder
        stages = Stages(say)
        with stages.timed("fetching the packages of Debian"):
            fetch_packages(tree, say)
        name = inputs(tree)
        for left in tree.machine.glob(".making-*"):
            shutil.rmtree(left)
        making = tree.machine / f".making-{name}"
        making.mkdir()
        try:
            facts = {"inputs": name, **_make(tree, making, mode, stages)}
            parts = json.dumps(facts["packages"], indent=1) + "\n"
            (making / PARTS).write_text(parts, encoding="utf-8")
            (making / FACTS).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
            folder = _settle(tree, name, making)
            prune(tree)
            return folder
        finally:
            shutil.rmtree(making, ignore_errors=True)


def record(tree: Tree, say: Say) -> None:
    """Do in the machine what readers usually do, and write down what that needs of its files.

    Raises:
        CannotBuildError: The machine cannot be built here.
    """
    folder = build(tree, say)
    had = tools.fetch(tree.machine / "tools")
    say("doing what readers usually do, which takes minutes")
    steps = [{"language": language, "cell": source} for language, source in usual.USUAL]
    answer = snapshot.run_steps(folder, had, steps)
    for (_, source), one in zip(usual.USUAL, answer["answers"], strict=True):
        say(f"    status {one['status']}, {one['milliseconds']} ms: {source.splitlines()[0]}")
        if one["end"] != "done":
            raise CannotBuildError(f"a cell was {one['end']}: {source}", snapshot.REPORT)
    frames = usual.in_paths(folder, answer["touched"])
    usual.write(frames)
    say(f"{len(frames)} frames stand in {usual.USUAL_LOCK.name}: the next machine has them first")


def fetch_packages(tree: Tree, say: Say) -> None:
    """Bring the packages of the lock; today's in their place, if the mirrors have moved on."""
    debs, lists = tree.machine / "debs", tree.machine / "lists"
    try:
        debian.fetch(_packages(tree), debs, lists)
    except MovedOnError as error:
        say(f"{error}\n    today's versions are taken here; for all: course.py machine lock")
        today = debian.resolve(lists)
        debian.fetch(today, debs, lists)
        lock.substitute(today, tree.machine / SUBSTITUTE)


def _settle(tree: Tree, name: str, making: Path) -> Path:
    """Give a machine its address, and note by what it was made."""
    address = manifest.name(making)
    folder = tree.machine / address
    shutil.rmtree(folder, ignore_errors=True)
    making.rename(folder)
    notes = tree.machine / "standing"
    notes.mkdir(exist_ok=True)
    (notes / f".{name}").write_text(address + "\n", encoding="utf-8")
    (notes / f".{name}").rename(notes / name)
    return folder


def prune(tree: Tree) -> list[Path]:
    """Remove all machines but the one that fits and the newest other; keep what was downloaded.

    Returns:
        What was removed.
    """
    fitting = standing(tree)
    machines = [path for path in tree.machine.glob("*") if re.fullmatch(r"[0-9a-f]{16}", path.name)]
    machines.sort(key=lambda path: (path == fitting, path.stat().st_mtime))
    removed = machines[:-KEPT]
    for folder in removed:
        shutil.rmtree(folder)
    for note in tree.machine.glob("standing/*"):
        if not (tree.machine / note.read_text(encoding="utf-8").strip()).is_dir():
            note.unlink()
    return removed


def _make(tree: Tree, making: Path, mode: str, stages: Stages) -> dict[str, Any]:
    """Take all steps in a folder, and return what is worth noting."""
    packages = _packages(tree)
    debs = tree.machine / "debs"
    mark = hashlib.sha256(f"mark {inputs(tree)}".encode()).hexdigest()[:24]
    with tempfile.TemporaryDirectory(prefix="coursebook-machine-") as place:
        work = Path(place)
        # A namespace's own root must be able to enter.
        work.chmod(0o755)
        with stages.timed("fetching Node, v86, uv and IPython"):
            had = tools.fetch(tree.machine / "tools")
        with stages.timed("putting the root file system together"):
            archive = _root(tree, packages, debs, had, mark, mode, work)
        with stages.timed("laying out its files, and the first root"):
            layout = lay_out(archive, making)
            _boot_files(work / "boot", had, making)
            licences = _licences(packages, archive, work / "boot", had, making / "licences")
            owners = debian.owners(archive)
    with stages.timed("compressing the files"):
        cache = tree.machine / f"compressed-{tools.locked_node()}-{packs.FRAME}"
        cache.mkdir(exist_ok=True)
        run(
            [
                had.node,
                snapshot.PROGRAMS / "compress.mjs",
                making / "files",
                cache,
                str(packs.FRAME),
            ],
            "the files could not be compressed",
            snapshot.REPORT,
        )
    with stages.timed("booting, warming up, taking the snapshot"):
        snapshot.take(making, had, mark, lambda line: stages.say(f"    {line}"))
    with stages.timed("packing the files"):
        touched = usual.in_machine(making, usual.read())
        paths = {name: path for name, (path, _) in by_content(making).items()}
        packed = packs.write(making, packs.frames(making, paths, owners, touched))
        written = [making / name for pair in manifest.PACKED.items() for name in reversed(pair)]
        run(
            [had.node, snapshot.PROGRAMS / "pack.mjs", *written],
            "the emulator could not be packed",
            snapshot.REPORT,
        )
        manifest.write(
            making, memory=snapshot.MEMORY, mark=mark, python=rootfs.PYTHON, packs=packed
        )
        shutil.rmtree(making / "files")
    with stages.timed("restoring the snapshot, and asking its Python"):
        answer = snapshot.run_steps(making, had, PROOF)
    proof = answer["answers"][0]
    if (proof["status"], [one.get("text") for one in proof["outputs"]]) != (0, ["1\n"]):
        raise CannotBuildError(f"{PROOF} printed {proof}", snapshot.REPORT)
    return {
        "layout": asdict(layout),
        "touched": len(touched),
        "restored_milliseconds": answer["restored"],
        "proof_milliseconds": proof["milliseconds"],
        "seconds": stages.seconds,
        "packages": licences,
    }


def _root(
    tree: Tree,
    packages: Sequence[lock.Locked],
    debs: Path,
    had: tools.Tools,
    mark: str,
    mode: str,
    work: Path,
) -> Path:
    rootfs.unpack_boot(packages, debs, work / "boot")
    rootfs.make_repository(packages, debs, work / "repository")
    busybox = work / "boot" / "bin" / "busybox"
    book = index.build(tree).folder
    rootfs.gather_parts(busybox, had.uv, book, had.library, had.cell_tools, mark, work / "parts")
    rootfs.make_root(packages, work / "repository", work / "parts", mode, work / "root.tar")
    return work / "root.tar"


def _boot_files(boot: Path, had: tools.Tools, folder: Path) -> None:
    """Put beside the tree what the machine is switched on with."""
    [kernel] = boot.glob("boot/vmlinuz-*")
    [modules] = boot.glob("lib/modules/*/kernel")
    shutil.copyfile(kernel, folder / "kernel")
    first = initrd(modules, boot / "bin" / "busybox", rootfs.GUEST / "init")
    (folder / "initrd").write_bytes(first)
    for name, ours in BIOS.items():
        shutil.copyfile(boot / "usr" / "share" / "seabios" / name, folder / ours)
    for name in V86_FILES:
        shutil.copyfile(had.v86 / "build" / name, folder / name)


def _licences(
    packages: Sequence[lock.Locked], archive: Path, boot: Path, had: tools.Tools, folder: Path
) -> list[dict[str, str]]:
    """Write the licence of every part into a folder, and list the parts.

    Returns:
        Name, version, source package, its version, and the licence's file.
    """
    folder.mkdir()
    listed = []
    with tarfile.open(archive) as tar:
        for package in packages:
            if package.suite == lock.BOOT:
                text = (boot / _copyright(package.name)).read_bytes()
            else:
                text = licence_in(tar, package.name)
            (folder / package.name).write_bytes(text)
            listed.append(
                _part(package.name, package.version, package.source, package.source_version)
            )
    version, _ = tools.locked_guest_uv()
    (folder / "uv").write_bytes(b"\n\n".join(had.uv_licences.values()))
    (folder / "v86").write_bytes((had.v86 / "LICENSE").read_bytes())
    manifest = json.loads((had.v86 / "package.json").read_text(encoding="utf-8"))
    theirs = {**had.cell_tools_licences, **had.library_licences}
    several = [library.locked(), *cell_tools.locked().values()]
    for one in {one.name: one for packages in several for one in packages}.values():
        (folder / one.name).write_bytes(theirs[one.name])
        listed.append(_part(one.name, one.version, f"{one.name} (PyPI)", one.version))
    return [
        *listed,
        _part("uv", version, "uv (PyPI)", version),
        _part("v86", manifest["version"], "v86 (npm)", manifest["version"]),
    ]


def _part(name: str, version: str, source: str, source_version: str) -> dict[str, str]:
    return {
        "name": name,
        "version": version,
        "source": source,
        "source_version": source_version,
        "licence": f"licences/{name}",
    }


def _copyright(name: str) -> str:
    return f"usr/share/doc/{name}/copyright"


def licence_in(tar: tarfile.TarFile, name: str) -> bytes:
    """Read a package's licence; its folder of documents may be a link to another package's."""
    try:
        member = tar.getmember(f"./{_copyright(name)}")
    except KeyError:
        folder = tar.getmember(f"./usr/share/doc/{name}")
        return licence_in(tar, Path(folder.linkname).name)
    stream = tar.extractfile(member)
    assert stream is not None, member.name
    return stream.read()


def sizes(folder: Path) -> dict[str, int]:
    """Return bytes by file or folder of a machine that stands."""

    def size(path: Path) -> int:
        files = path.rglob("*") if path.is_dir() else [path]
        return sum(one.stat().st_size for one in files if one.is_file())

    return {path.name: size(path) for path in sorted(folder.iterdir())}


def facts(folder: Path) -> dict[str, Any]:
    """Return what was noted when a machine was built."""
    read: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    return read
