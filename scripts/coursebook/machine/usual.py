"""``usual.lock``: what readers usually need of the machine's files, in the order of their needs.

Packs hold it in that order. It was found out by doing once what readers usually do, and is kept,
because no two times are alike: what the guest reads ahead depends on the clock, and threads of uv
are faster or slower. From one record, the same inputs give the same packs. What an older record
names and a machine has no longer is left out; it costs bytes, and breaks nothing.

A line is the numbers of some frames, as ``packs`` cuts them, and a path in the machine.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from coursebook.machine.layout import by_content

USUAL_LOCK = Path(__file__).parent / "usual.lock"

HEADER = "# Written by `course.py machine record`. Frames, and the paths of their files, in order\n"

USUAL = (
    ("bash", "echo; python3 -c 'print(1)'; type -a python3; ls; which python3"),
    ("python", "import sys, os, subprocess\nprint(sys.path)\nsys.flags"),
    ("bash", "uv venv -q .venv && source .venv/bin/activate && which python && ls -la .venv/bin"),
    ("bash", "python -c 'import sys; print(sys.prefix)'; deactivate; rm -r .venv"),
    ("bash", "python3 -m venv --without-pip .venv; cat .venv/pyvenv.cfg; python3 -m site"),
    ("bash", "cd ~; head -3 .profile; tree -L 1; file /bin/sh; sort .profile | uniq | wc; date"),
    ("bash", "sed -n 1p .profile; grep -c a .profile; find . -name x; diff .profile .bashrc; env"),
    ("bash", "cp .profile a; mv a b; ln -s b c; readlink c; chmod +x b; rm b c; ps aux; du -s ."),
    ("python", "1 / 0"),
    ("python", "import json, pathlib, re, importlib.util, site, sysconfig, textwrap, shutil"),
    ("bash", "package=$(ls ~/index/wheelhouse | sed -n 's/-.*none-any.whl$//p' | head -1)"),
    ("bash", "rm -r .venv; uv venv -q; uv pip install -q $package; uv pip list; uv pip freeze"),
    ("bash", "mkdir p; cd p; uv init -q --bare; uv add -q $package; uv lock; uv sync -q; uv tree"),
    ("bash", "uv run -q python -c 'import $package'; uv export -q; cd ..; rm -r p .venv"),
    ("bash", "python3 -m venv .venv; .venv/bin/pip install -q $package"),
)
"""What readers do, in the order in which most come to it: language and source."""


def read(path: Path = USUAL_LOCK) -> list[tuple[str, int]]:
    """Return path and number of each frame, in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    parts = [line.partition(" ") for line in lines if not line.startswith("#")]
    return [(place, int(number)) for numbers, _, place in parts for number in numbers.split(",")]


def write(frames: Iterable[tuple[str, int]], path: Path = USUAL_LOCK) -> None:
    """Write frames, in order."""
    runs = itertools.groupby(frames, key=lambda frame: frame[0])
    lines = [f"{','.join(str(number) for _, number in run)} {place}\n" for place, run in runs]
    path.write_text(HEADER + "".join(lines), encoding="utf-8")


def in_machine(folder: Path, frames: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return what a machine has of some frames, by the names of its contents."""
    names = {path: name for name, (path, _) in by_content(folder).items()}
    return [(names[place], number) for place, number in frames if place in names]


def in_paths(folder: Path, touched: Iterable[str]) -> list[tuple[str, int]]:
    """Return frames by paths, as they are recorded.

    Args:
        folder: A machine.
        touched: Of its contents, ``name number``, in order. What the guest wrote has no path.
    """
    paths = {name: path for name, (path, _) in by_content(folder).items()}
    pairs = [frame.split(" ") for frame in touched]
    return [(paths[name], int(number)) for name, number in pairs if name in paths]
