"""Build the Linux that a browser can run, with this book's packages.

  lock    writes which Debian packages it is made of, at today's versions
  build   makes it in _build/machine, once for each state of what goes in
  info    prints its sizes, times and packages
  record  does in it what readers usually do: the next one has first what that needs of its files

It is made by mmdebstrap where apt has packages of Debian, as root or in user namespaces; as root,
missing programs are installed by apt-get. Elsewhere podman or docker does it, where one is.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from coursebook.commands import MISSING, say
from coursebook.paths import Tree

ACTIONS = ("build", "info", "lock", "record")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's own arguments."""
    parser.add_argument("action", choices=ACTIONS, help="what to do")


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Do what was asked for.

    Returns:
        0, or 3 where something is missing on this computer.
    """
    from coursebook.disk import disk_errors
    from coursebook.machine import make
    from coursebook.machine.missing import CannotBuildError

    try:
        with disk_errors(tree):
            if arguments.action == "lock":
                make.write_lock(tree, say)
                return 0
            if arguments.action == "record":
                make.record(tree, say)
                return 0
            if arguments.action == "info":
                return info(tree)
            begun = time.monotonic()
            folder = make.build(tree, say)
            say(f"{time.monotonic() - begun:.0f} s: {tree.relative(folder)}")
    except CannotBuildError as error:
        say(f"the machine cannot be built here: {error}\n    hint: {error.hint}")
        return MISSING
    return 0


def info(tree: Tree) -> int:
    """Print what is known of the machine that stands."""
    from coursebook.machine import make

    folder = make.standing(tree)
    if folder is None:
        say("no machine stands for these inputs")
        say("    hint: python3 scripts/course.py machine build")
        return MISSING
    print(described(folder))
    return 0


def described(folder: Path) -> str:
    """Write sizes in MB, times in seconds, and one line for each package."""
    from coursebook.machine import make

    facts = make.facts(folder)
    layout = facts["layout"]
    lines = [
        f"tree {layout['digest'][:16]}: {layout['files']} files, {layout['contents']} contents, "
        f"{layout['size'] / 1e6:.1f} MB; {facts['touched']} frames of them are packed first",
        f"restored in {facts['restored_milliseconds'] / 1000:.1f} s in Node, "
        f"first Python after {facts['proof_milliseconds'] / 1000:.1f} s",
        "",
        *(f"{size / 1e6:8.2f} MB  {name}" for name, size in make.sizes(folder).items()),
        "",
        *(f"{seconds:8.1f} s   {step}" for step, seconds in facts["seconds"].items()),
        "",
    ]
    for part in facts["packages"]:
        source = f"{part['source']} {part['source_version']}"
        lines.append(f"{part['name']} {part['version']}  from {source}  {part['licence']}")
    return "\n".join(lines)
