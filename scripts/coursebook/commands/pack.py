"""Build, and pack site, decks and live engines into one file for a lecture without a network.

The file is shown by any Python from 3.8 on, with nothing installed and nothing unpacked:
`python which-python.pyz`, also from a stick that cannot be written. It asks no other computer for
anything. Unpacked, `python start.py` in its folder does the same.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from coursebook.commands import build
from coursebook.paths import Tree


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's own arguments: those of ``build``, and where the file goes."""
    build.add_arguments(parser)
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="the file to write (default: _build/pack/ and the book's title, .pyz)",
    )


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Build, then pack what was built.

    Raises:
        CourseError: Problems were found, and nothing was packed; or the file cannot be written.
    """
    from coursebook import publish
    from coursebook.commands import say
    from coursebook.course.title import read_title
    from coursebook.disk import disk_errors
    from coursebook.pack import archive

    build.main(arguments, tree)
    title = read_title(tree)
    target = arguments.output or tree.packs / f"{archive.file_name(title)}.pyz"
    with publish.one_build_at_once(tree), disk_errors(tree):
        target.parent.mkdir(parents=True, exist_ok=True)
        packed = archive.pack(tree.site, title, target)
    if not arguments.quiet:
        size = packed.size / 1e6
        say(f"packed {packed.files} files, {size:.1f} MB: {tree.relative(target)}")
        say(f"show it on any computer with Python: python {target.name}")
    return 0
