"""Remove everything that was generated.

The outputs of cells are kept unless --cells is given, with the tools that cells use, and the
machine with what was downloaded for it unless --machine is: they cost the most to make again.
Machines of before go.
"""

from __future__ import annotations

import argparse
import shutil

from coursebook.paths import CELL_TOOLS, Tree


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's own arguments."""
    parser.add_argument(
        "--cells", action="store_true", help="forget outputs of cells and their tools as well"
    )
    parser.add_argument("--machine", action="store_true", help="forget the machine as well")


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Remove generated files, and say what went."""
    from coursebook import publish
    from coursebook.disk import disk_errors
    from coursebook.machine import make

    with publish.one_build_at_once(tree, wait=False), disk_errors(tree):
        for place in sorted(tree.build.iterdir()):
            if place.name.endswith(".lock") or (
                place in (tree.cells, CELL_TOOLS) and not arguments.cells
            ):
                continue
            if place == tree.machine and not arguments.machine:
                for folder in make.prune(tree):
                    print(f"removed {tree.relative(folder)}")
                continue
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            else:
                place.unlink()
            print(f"removed {tree.relative(place)}")
    return 0
