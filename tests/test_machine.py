"""The Linux of the reader's tab: the same inputs give the same files, and nothing foreign runs.

Here stand the parts, on small trees; ``test_machine_cells.py`` runs the whole.
"""

from __future__ import annotations

import io
import json
import os
import re
import stat
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from books import Book
from commands import type_in
from coursebook.course import tool_groups
from coursebook.execute import plan
from coursebook.execute import tools as cells_of_the_build
from coursebook.machine import (
    builder,
    cell_tools,
    debian,
    library,
    lock,
    make,
    manifest,
    packs,
    rootfs,
    tools,
    usual,
)
from coursebook.machine.debian import _locked
from coursebook.machine.initrd import MODULES, initrd
from coursebook.machine.layout import EPOCH, by_content, lay_out
from coursebook.machine.missing import CannotBuildError, MovedOnError, run
from coursebook.paths import NODE_MANIFESTS, REPOSITORY, Tree

HOUR = 3600


def archive(path: Path, *, late: int = 0, backwards: bool = False, owner: int = 1000) -> Path:
    """Write a small root file system, as mmdebstrap hands one over."""
    entries: list[tuple[str, bytes, int, bytes | str]] = [
        ("./home", tarfile.DIRTYPE, 0o755, b""),
        ("./home/learner", tarfile.DIRTYPE, 0o755, b""),
        ("./home/learner/long.txt", tarfile.REGTYPE, 0o644, b"long " * 200),
        ("./usr", tarfile.DIRTYPE, 0o755, b""),
        ("./usr/tool", tarfile.REGTYPE, 0o4755, b"#!/bin/sh\n"),
        ("./usr/same", tarfile.REGTYPE, 0o644, b"#!/bin/sh\n"),
        ("./bin", tarfile.SYMTYPE, 0o777, "usr"),
        ("./dev", tarfile.DIRTYPE, 0o755, b""),
        ("./dev/null", tarfile.CHRTYPE, 0o666, b""),
    ]
    if backwards:
        folders = [entry for entry in entries if entry[1] == tarfile.DIRTYPE]
        entries = folders + [entry for entry in reversed(entries) if entry not in folders]
    entries.append(("./usr/again", tarfile.LNKTYPE, 0o4755, "./usr/tool"))
    with tarfile.open(path, "w") as tar:
        for name, kind, mode, content in entries:
            member = tarfile.TarInfo(name)
            member.type, member.mode = kind, mode
            member.mtime = EPOCH + HOUR + late
            member.uid = member.gid = owner if "learner" in name else 0
            if isinstance(content, str):
                member.linkname = content
                tar.addfile(member)
            else:
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    return path


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def laid_out(tmp_path: Path, name: str, **how: int) -> tuple[str, Path]:
    folder = tmp_path / name
    folder.mkdir()
    tar = archive(tmp_path / f"{name}.tar", late=how.get("late", 0), owner=how.get("owner", 1000))
    return lay_out(tar, folder).digest, folder


# Files


def test_the_hour_of_a_build_and_the_order_of_its_files_change_no_byte(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    first = lay_out(archive(tmp_path / "a.tar"), one)
    second = lay_out(archive(tmp_path / "b.tar", late=HOUR, backwards=True), two)
    assert files_of(one) == files_of(two)
    assert first == second


def test_another_owner_is_another_tree(tmp_path: Path) -> None:
    assert laid_out(tmp_path, "a")[0] != laid_out(tmp_path, "b", owner=1001)[0]


def test_a_content_that_stands_twice_is_stored_once(tmp_path: Path) -> None:
    _, folder = laid_out(tmp_path, "a")
    assert sorted(path.read_bytes()[:4] for path in (folder / "files").iterdir()) == [
        b"#!/b",
        b"long",
    ]


def test_the_tree_keeps_owners_rights_and_links_and_no_device(tmp_path: Path) -> None:
    _, folder = laid_out(tmp_path, "a")
    nodes = {node[0]: node for node in json.loads((folder / "fs.json").read_text())["fsroot"]}
    assert set(nodes) == {"bin", "dev", "home", "usr"}
    assert nodes["dev"][6] == []
    assert nodes["bin"][3] == stat.S_IFLNK | 0o777
    assert nodes["bin"][6] == "usr"
    inside = {node[0]: node for node in nodes["usr"][6]}
    assert inside["tool"][3] == inside["again"][3] == stat.S_IFREG | 0o4755
    [learner] = nodes["home"][6]
    assert learner[4:6] == [1000, 1000]
    assert {node[2] for node in nodes.values()} == {EPOCH}


def test_every_content_can_be_found_by_a_path(tmp_path: Path) -> None:
    _, folder = laid_out(tmp_path, "a")
    paths = {path for path, _ in by_content(folder).values()}
    assert paths == {"/home/learner/long.txt", "/usr/again"}


def test_what_no_tree_can_hold_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        pipe = tarfile.TarInfo("./var-pipe")
        pipe.type = tarfile.FIFOTYPE
        tar.addfile(pipe)
    with pytest.raises(ValueError, match="var-pipe"):
        lay_out(tmp_path / "a.tar", tmp_path / "out")


# The first root


def test_the_first_root_is_an_archive_that_unpacks_to_what_went_in(tmp_path: Path) -> None:
    for name in MODULES:
        path = tmp_path / f"{name}.ko"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 3)
    (tmp_path / "busybox").write_bytes(b"box")
    packed = initrd(tmp_path, tmp_path / "busybox", rootfs.GUEST / "init")
    assert packed == initrd(tmp_path, tmp_path / "busybox", rootfs.GUEST / "init")
    entries = dict(unpacked(packed))
    assert entries["init"] == (stat.S_IFREG | 0o755, (rootfs.GUEST / "init").read_bytes())
    assert entries["bin/sh"] == (stat.S_IFLNK | 0o777, b"busybox")
    order = entries["modules/order"][1].decode().split()
    assert [entries[f"modules/{name}.ko"][1] for name in order] == [
        name.encode() * 3 for name in MODULES
    ]


def unpacked(data: bytes) -> list[tuple[str, tuple[int, bytes]]]:
    """Read a cpio archive of the form "newc", as the kernel's documentation describes it."""
    found: list[tuple[str, tuple[int, bytes]]] = []
    at = 0
    while True:
        assert data[at : at + 6] == b"070701"
        numbers = [int(data[at + 6 + 8 * i : at + 14 + 8 * i], 16) for i in range(13)]
        name = data[at + 110 : at + 110 + numbers[11] - 1].decode()
        begin = at + (110 + numbers[11] + 3) // 4 * 4
        if name == "TRAILER!!!":
            return found
        found.append((name, (numbers[1], data[begin : begin + numbers[6]])))
        at = begin + (numbers[6] + 3) // 4 * 4


# Locks


def test_the_lock_holds_what_is_asked_for_and_reads_as_it_was_written(tmp_path: Path) -> None:
    packages = lock.read()
    lock.write(reversed(packages), tmp_path / "again.lock")
    assert (tmp_path / "again.lock").read_bytes() == lock.PACKAGES_LOCK.read_bytes()
    names = {package.name for package in packages}
    wanted = {name for names in lock.WANTED.values() for name in names} - {"linux-image-686"}
    assert wanted <= names
    assert sum(name.startswith("linux-image-6") for name in names) == 1


def test_no_lock_names_where_its_parts_are_had() -> None:
    for path in (lock.PACKAGES_LOCK, *NODE_MANIFESTS):
        assert "://" not in path.read_text(encoding="utf-8"), path.name


def test_what_comes_from_npm_is_pinned_to_the_byte() -> None:
    manifest, locked = (json.loads(path.read_text("utf-8")) for path in NODE_MANIFESTS[:2])
    for name, version in (manifest["dependencies"] | manifest["devDependencies"]).items():
        entry = locked["packages"][f"node_modules/{name}"]
        assert entry["version"] == version
        assert entry["integrity"].startswith("sha512-")


def test_the_learners_uv_is_the_one_of_the_lock_for_32_bits() -> None:
    version, digest = tools.locked_guest_uv()
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert re.fullmatch(r"[0-9a-f]{64}", digest)


def test_a_mistake_in_the_lock_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "packages.lock"
    path.write_text("# c\ntrixie bash 5.2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"packages\.lock:2"):
        lock.read(path)


def test_what_the_mirrors_forgot_is_replaced_by_what_they_have_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = Tree(Book(tmp_path / "book").root)
    before = make.inputs(tree)
    tree.machine.mkdir(parents=True)
    today = [replace(one, version=f"{one.version}+new") for one in lock.read()]

    def fetch(packages: list[lock.Locked], debs: Path, lists: Path) -> None:
        if packages != today:
            raise MovedOnError("Debian's mirror has no longer: bash=5", "type this")

    monkeypatch.setattr(debian, "fetch", fetch)
    monkeypatch.setattr(debian, "resolve", lambda lists: today)
    told: list[str] = []
    make.fetch_packages(tree, told.append)
    assert "Debian's mirror has no longer: bash=5" in told[-1]
    after = make.inputs(tree)
    assert after != before, "other packages are another machine"
    make.fetch_packages(tree, told.append)
    assert len(told) == 1, "the second time, today's versions are the lock"
    assert make.inputs(tree) == after
    other = tmp_path / "other.lock"
    other.write_text(lock.PACKAGES_LOCK.read_text("utf-8") + "# mended\n", encoding="utf-8")
    monkeypatch.setattr(lock, "PACKAGES_LOCK", other)
    assert make.inputs(tree) == before, "a substitute is for one lock alone"


def test_a_version_that_apt_does_not_list_any_more_is_known_before_it_is_asked_for(
    computer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs(computer, apt_get="echo 'Packages|Debian|a-mirror'", apt_cache="echo 'a | 2 | x'")
    (tmp_path / "keyring").touch()
    monkeypatch.setattr(debian, "KEYRING", tmp_path / "keyring")
    packages = [lock.Locked("trixie", "a", version, "a", version, "0" * 64) for version in "12"]
    with pytest.raises(MovedOnError, match=r"no longer: a=1$"):
        debian.Apt(tmp_path / "lists", "trixie").fetch(packages, tmp_path / "debs")


def test_a_source_package_has_its_own_name_and_version_where_debian_says_so() -> None:
    about = "Package: zlib1g\nVersion: 1:1.3-1+b1\nSource: zlib (1:1.3-1)\nSHA256: aa\n"
    found = _locked("trixie", about)
    assert (found.source, found.source_version) == ("zlib", "1:1.3-1")
    assert _locked("trixie", "Package: a\nVersion: 1\nSHA256: b\n").source_version == "1"


def test_a_licence_is_found_where_packages_share_their_documents(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        text = tarfile.TarInfo("./usr/share/doc/gcc-14-base/copyright")
        text.size = 3
        tar.addfile(text, io.BytesIO(b"GPL"))
        link = tarfile.TarInfo("./usr/share/doc/libgcc-s1")
        link.type, link.linkname = tarfile.SYMTYPE, "gcc-14-base"
        tar.addfile(link)
    with tarfile.open(tmp_path / "a.tar") as tar:
        assert make.licence_in(tar, "libgcc-s1") == b"GPL"


# The room


def words(name: str) -> list[str]:
    """Let bash read what the scripts of the machine read."""
    return subprocess.run(
        ["bash", "-c", f'{rootfs.words("a-mark")}\nprintf "%s\\0" "${{{name}[@]}}"'],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")[:-1]


def test_the_learner_finds_the_variables_of_the_cells_room() -> None:
    found = dict(line.split("=", 1) for line in words("VARIABLES"))
    assert found == dict(plan.ENVIRONMENT)


def test_interpreters_of_cells_are_started_as_in_the_builds_room() -> None:
    place = plan.MACHINERY
    started = plan.commands(
        "a-mark", f"{place}/post", f"{place}/library", f"{place}/programs", rootfs.PYTHON
    )
    assert words("BASH_CELLS") == started["bash"]
    assert words("PYTHON_CELLS") == started["python"][1:]
    assert words("MARK") == ["a-mark"]


def test_terminals_of_cells_are_as_large_as_in_the_builds_room() -> None:
    warden = (plan.INSIDE / "warden.py").read_text(encoding="utf-8")
    assert f"COLUMNS, ROWS = {rootfs.COLUMNS}, {rootfs.ROWS}" in warden


# Packs and their manifest


def machine(tmp_path: Path, name: str, size: int = 10) -> Path:
    """Make what a machine has beside its packs, of a few bytes."""
    folder = tmp_path / name
    (folder / "files").mkdir(parents=True)
    for file in ("libv86.packed", "v86.packed", "packs.packed", "state.bin.zst", "fs.json"):
        (folder / file).write_bytes(b"x" * size)
    return folder


def packed(folder: Path, paths: dict[str, str], sizes: dict[str, int], **how: Any) -> list[str]:
    for name in paths:
        (folder / "files" / name).write_bytes(name[:1].encode() * sizes.get(name, 1000))
    found = packs.frames(folder, paths, how.get("owners", {}), how.get("touched", ()))
    written = packs.write(folder, found)
    manifest.write(folder, memory=64, mark="m", python="/usr/local/bin/python3", packs=written)
    return written


def test_every_content_is_found_in_its_pack(tmp_path: Path) -> None:
    folder = machine(tmp_path, "a")
    paths = {f"{letter}.bin": f"/usr/lib/{letter}" for letter in "abcdefgh"}
    sizes = {name: 90_000 * number for number, name in enumerate(paths, 1)}
    written = packed(folder, paths, sizes)
    index = json.loads((folder / packs.INDEX).read_text())
    assert set(index) == set(paths)
    for name, (number, offset, length) in index.items():
        data = (folder / written[number]).read_bytes()[offset : offset + length]
        assert data == (folder / "files" / name).read_bytes()
    alone = [name for name in written if (folder / name).stat().st_size > packs.SIZE]
    assert len(alone) == sum(size > packs.SIZE for size in sizes.values())


def test_what_is_needed_together_lies_together(tmp_path: Path) -> None:
    paths = {
        "s.bin": "/usr/lib/python3/pip/a.py",
        "c.bin": "/usr/lib/python3/pip/__pycache__/a.cpython-313.pyc",
        "d.bin": "/usr/lib/python3/pip/__pycache__/b.cpython-313.pyc",
        "o.bin": "/usr/bin/other",
        "w.bin": "/usr/bin/warm",
    }
    owners = {"/usr/lib/python3/pip/a.py": "pip", "/usr/lib/python3/pip/b.py": "pip"}
    owners |= {"/usr/bin/other": "other", "/usr/bin/warm": "other"}
    folder = machine(tmp_path, "a")
    for name in paths:
        (folder / "files" / name).write_bytes(b"x")
    found = packs.frames(folder, paths, owners, [("w.bin", 0)])
    groups = {frame.name: frame.group for frame in found}
    assert groups["c.bin"] == groups["d.bin"]
    assert len(set(groups.values())) == 4


def test_frames_that_were_needed_come_first_in_their_order(tmp_path: Path) -> None:
    folder = machine(tmp_path, "a")
    (folder / "files" / "large.bin.zst.frames").write_text("[3, 2, 1]")
    pieces = [b"aaa", b"bb", b"c"]
    (folder / "files" / "large.bin.zst").write_bytes(b"".join(pieces))
    (folder / "files" / "small.bin").write_bytes(b"small")
    paths = {"large.bin.zst": "/usr/bin/large", "small.bin": "/etc/small"}
    touched = [("large.bin.zst", 2), ("small.bin", 0), ("large.bin.zst", 0)]
    [pack] = packs.write(folder, packs.frames(folder, paths, {}, touched))
    assert (folder / pack).read_bytes() == b"csmallaaabb"
    index = json.loads((folder / packs.INDEX).read_text())
    places = index["large.bin.zst"]
    read = [(folder / pack).read_bytes()[places[at + 1] :][: places[at + 2]] for at in (0, 3, 6)]
    assert read == pieces
    assert index["small.bin"] == [0, 1, 5]


def test_the_same_contents_are_packed_alike_in_any_order(tmp_path: Path) -> None:
    paths = {f"{letter}.bin": f"/{letter}" for letter in "abcd"}
    first, second = machine(tmp_path, "a"), machine(tmp_path, "b")
    packed(first, paths, {})
    packed(second, dict(reversed(paths.items())), {})
    assert files_of(first) == files_of(second)
    assert manifest.name(first) == manifest.name(second)


def test_another_byte_is_another_machine(tmp_path: Path) -> None:
    first, second = machine(tmp_path, "a"), machine(tmp_path, "b", size=11)
    packed(first, {"a.bin": "/a"}, {})
    packed(second, {"a.bin": "/a"}, {})
    assert manifest.name(first) != manifest.name(second)


def test_a_site_gets_all_that_the_manifest_names_and_no_more(tmp_path: Path) -> None:
    folder = machine(tmp_path, "a")
    written = packed(folder, {"a.bin": "/a"}, {})
    assert set(manifest.files(folder)) == {
        *("manifest.json", "libv86.packed", "v86.packed", "state.bin.zst", "packs.packed"),
        *written,
    }


@pytest.mark.parametrize("file", ["state.bin.zst", "packs.packed", "a pack"])
def test_a_part_that_is_cut_off_is_refused(tmp_path: Path, file: str) -> None:
    folder = machine(tmp_path, "a")
    [pack] = packed(folder, {"a.bin": "/a"}, {})
    manifest.check(folder)
    path = folder / (pack if file == "a pack" else file)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(manifest.ForeignSnapshotError, match=path.name):
        manifest.check(folder)


def test_what_was_recorded_once_orders_the_packs_of_every_machine(tmp_path: Path) -> None:
    _, folder = laid_out(tmp_path, "a")
    names = {path: name for name, (path, _) in by_content(folder).items()}
    long, again = names["/home/learner/long.txt"], names["/usr/again"]
    touched = [f"{again} 0", "what-the-guest-wrote 0", f"{long} 1", f"{long} 0"]
    usual.write(usual.in_paths(folder, touched), tmp_path / "usual.lock")
    with (tmp_path / "usual.lock").open("a") as file:
        file.write("2,3 /usr/lib/of an older machine.so\n")
    recorded = usual.read(tmp_path / "usual.lock")
    assert recorded[-1] == ("/usr/lib/of an older machine.so", 3)
    assert usual.in_machine(folder, recorded) == [(again, 0), (long, 1), (long, 0)]


def test_the_record_begins_with_what_readers_do_first() -> None:
    places = [place for place, _ in usual.read()]
    ensurepip = "/usr/local/lib/python3.13/ensurepip/__pycache__/__init__.cpython-313.pyc"
    assert places.index("/usr/local/bin/uv") < places.index(ensurepip)


# What the machine gets from PyPI


def test_ipython_comes_with_what_it_needs_on_linux_and_no_more() -> None:
    names = {one.name for one in library.locked()}
    assert {"ipython", "traitlets", "pygments", "stack-data", "pexpect"} <= names
    assert not names & {"colorama", "jedi", "psutil", "typing-extensions"}
    assert all(one.hashes for one in library.locked())


# What is refused


def test_tools_of_cells_are_those_of_the_build_as_far_as_32_bits_have_them() -> None:
    assert set(cell_tools.names()) <= set(tool_groups.names(tool_groups.TOOL))
    for name, packages in cell_tools.locked().items():
        here = cells_of_the_build.versions(name)
        assert here.items() <= {one.name: one.version for one in packages}.items()


def test_a_missing_program_is_told_with_what_to_type() -> None:
    with pytest.raises(CannotBuildError, match="there is no no-such-program") as caught:
        run(["no-such-program"], "it was not done", "type this")
    assert caught.value.hint == "type this"


def programs(folder: Path, **scripts: str) -> Path:
    """Write programs of bash into a folder."""
    folder.mkdir(exist_ok=True)
    for name, script in scripts.items():
        (folder / name.replace("_", "-")).write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        (folder / name.replace("_", "-")).chmod(0o755)
    return folder


DEBIAN = "echo 'Packages|Debian|a-mirror'"
"""What apt says of a mirror of Debian, as a script."""


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A computer of somebody who is not root, with no program but those that a test writes."""
    (tmp_path / "keys").touch()
    monkeypatch.setattr(debian, "KEYRING", tmp_path / "keys")
    monkeypatch.setenv("PATH", str(programs(tmp_path / "bin")))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    return tmp_path / "bin"


def test_without_rights_or_programs_it_is_told_what_to_type(computer: Path) -> None:
    programs(computer, dpkg_deb="", apt_get=DEBIAN)
    with pytest.raises(CannotBuildError, match="mmdebstrap") as caught:
        builder.prepare(print)
    assert caught.value.hint.startswith("sudo apt-get install mmdebstrap")
    programs(computer, mmdebstrap="echo 'E: no newuidmap' >&2; exit 1", arch_test="")
    with pytest.raises(CannotBuildError, match="namespaces: E: no newuidmap") as caught:
        builder.prepare(print)
    assert "sudo apt-get install uidmap" in caught.value.hint


def test_who_may_make_namespaces_needs_no_root(computer: Path) -> None:
    programs(computer, dpkg_deb="", apt_get=DEBIAN, mmdebstrap="[[ $* == *helper* ]]", arch_test="")
    assert builder.prepare(print) == "unshare"


@pytest.mark.parametrize("user", [0, 1000])
def test_where_apt_has_no_packages_of_debian_a_container_has_them(
    computer: Path, monkeypatch: pytest.MonkeyPatch, user: int
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user)
    ubuntu = "echo 'Packages|Ubuntu|a-mirror'; [[ $* != *install* ]]"
    programs(computer, dpkg_deb="", apt_get=ubuntu)
    with pytest.raises(CannotBuildError, match="no packages of Debian") as caught:
        builder.prepare(print)
    assert "install podman" in caught.value.hint
    programs(computer, podman="")
    assert builder.prepare(print) == "container"
    programs(computer, mmdebstrap="", arch_test="")
    assert builder.prepare(print) == "container"


def test_root_reads_the_lists_of_packages_where_nobody_did(
    computer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    listed = (
        f"if [[ $* == *update* ]]; then echo >$0.read; elif [[ -e $0.read ]]; then {DEBIAN}; fi"
    )
    programs(computer, dpkg_deb="", apt_get=listed, mmdebstrap="", arch_test="")
    assert builder.prepare(print) == "root"


def test_the_root_of_a_namespace_is_never_sent_into_the_checkout(
    computer: Path, tmp_path: Path
) -> None:
    # It is another user there, and homes are closed to others on most systems.
    programs(computer, mmdebstrap='printf "%s\\0" "$@" >$0.log')
    for name in ("repository", "library", *(f"tools/{tool}" for tool in cell_tools.names())):
        (tmp_path / name).mkdir(mode=0o700, parents=True)
    for name in ("busybox", "uv"):
        (tmp_path / name).touch(mode=0o600)
    parts = tmp_path / "parts"
    program, uv, library, tools = (tmp_path / name for name in "busybox uv library tools".split())
    rootfs.gather_parts(program, uv, None, library, tools, "", parts)
    rootfs.make_root([], tmp_path / "repository", parts, "unshare", tmp_path / "root.tar")
    log = (computer / "mmdebstrap.log").read_text()
    assert str(REPOSITORY) not in log
    assert f'--customize-hook=bash {parts}/furnish "$1" {parts}' in log.split("\0")
    assert (parts / "furnish").read_bytes() == (rootfs.GUEST / "furnish").read_bytes()
    for path in (tmp_path / "repository", parts, *parts.rglob("*")):
        assert path.stat().st_mode & 0o004, path


def test_root_gets_what_is_missing_by_apt_and_is_told(
    computer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    made = "echo '#!/bin/bash' >$0.made; /bin/chmod 755 $0.made; /bin/mv $0.made ${0%/*}/mmdebstrap"
    programs(
        computer,
        dpkg_deb="",
        arch_test="",
        apt_get=f"""{DEBIAN}; echo "$DEBIAN_FRONTEND $*" >>$0.log
                    [[ $* != *install* ]] || {{ {made}; }}""",
    )
    told: list[str] = []
    assert builder.prepare(told.append) == "root"
    assert told == ["installing mmdebstrap by apt-get"]
    log = (computer / "apt-get.log").read_text().splitlines()
    assert [line for line in log if "indextargets" not in line] == [
        "noninteractive -q update",
        f"noninteractive -q install --yes --no-install-recommends {builder.PATIENCE} mmdebstrap",
    ]


def test_elsewhere_a_container_of_debian_builds_and_is_heard(computer: Path) -> None:
    programs(computer, docker='printf "%s\\0" "$@" >$0.log; echo booting; echo saved >&2')
    assert builder.prepare(print) == "container"
    told: list[str] = []
    builder.build_in_container(Path("/a/book"), told.append)
    assert told[1:] == ["    booting", "    saved"]
    words = (computer / "docker.log").read_text().split("\0")
    assert words[:2] == ["run", "--rm"]
    assert {"/a/book:/a/book", f"{REPOSITORY}:{REPOSITORY}"} <= set(words)
    assert words[words.index("bash") - 1] == builder.IMAGE
    assert "course.py machine build" in words[-2]


def test_what_a_container_said_last_is_told_with_its_failure(computer: Path) -> None:
    programs(computer, podman="echo no network >&2; exit 1")
    with pytest.raises(CannotBuildError, match="no network"):
        builder.build_in_container(Path("/a/book"), lambda line: None)


# What stays


def test_two_machines_stay_and_all_that_was_downloaded(tmp_path: Path) -> None:
    tree = Tree(Book(tmp_path / "book").root)
    for number in range(4):
        folder = tree.machine / f"{number:016x}"
        folder.mkdir(parents=True)
        os.utime(folder, (number, number))
    (tree.machine / "debs").mkdir()
    notes = tree.machine / "standing"
    notes.mkdir()
    (notes / "old").write_text(f"{0:016x}\n")
    (notes / make.inputs(tree)).write_text(f"{1:016x}\n")
    (tree.machine / f"{1:016x}" / make.FACTS).write_text("{}")
    make.prune(tree)
    left = {path.name for path in tree.machine.iterdir()}
    assert left == {f"{1:016x}", f"{3:016x}", "debs", "standing"}
    assert [note.name for note in notes.iterdir()] == [make.inputs(tree)]


# Compiling


def test_what_was_compiled_before_is_what_python_would_compile(tmp_path: Path) -> None:
    source = "def f():\n    return __file__\n"
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as archive:
        archive.writestr("a/__init__.py", source)
        archive.writestr("a/other.py", "x = 1\n")
        archive.writestr("a/wrong.py", "x =\n")
    (tmp_path / "b.py").write_text(source)
    (tmp_path / "new.py").write_text("y = 2\n")
    script = f"""
import sys; sys.path.insert(0, {str(rootfs.GUEST)!r})
import _compiled_before as before, marshal, py_compile, runpy
sys.argv[1:] = ["kept", "a.whl"]
runpy.run_path({str(rootfs.GUEST / "compile_wheels.py")!r})
before.FOLDER = "kept"
compiled = []
sys.addaudithook(lambda event, arguments: event == "compile" and compiled.append(arguments[1]))
for name in ("b.py", "new.py"):
    py_compile.compile(name, cfile=name + "c", doraise=True)
code = marshal.loads(open("b.pyc", "rb").read()[16:])
print(compiled, code.co_filename, code.co_consts[0].co_filename)
"""
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "['new.py'] b.py b.py\n"


# Which machine a book gets


def test_the_packages_of_a_book_decide_which_machine_it_gets(book: Book) -> None:
    before = make.inputs(Tree(book.root))
    assert make.inputs(Tree(book.root)) == before
    book.write("book/_index/packages.toml", '[tidy."1.0"]\nfiles."tidy.py" = ""\n')
    assert make.inputs(Tree(book.root)) != before


def test_where_no_machine_stands_info_says_how_to_build_one(book: Book) -> None:
    answer = type_in("machine", book.root, "info")
    assert answer.returncode == 3
    assert "course.py machine build" in answer.stderr
