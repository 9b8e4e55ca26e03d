"""Serve (being written).

All problems come in one list. Nothing that is served is touched.
"""

from __future__ import annotations

import argparse

from coursebook.paths import Tree


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The verb has no arguments of its own."""


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Check the book."""
    raise NotImplementedError
