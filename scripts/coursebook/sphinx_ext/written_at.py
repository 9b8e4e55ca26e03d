"""Where a node was written: file and line, also of those that know their own line badly."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes

from coursebook.sphinx_ext.cells import CellNode


class WrittenAt:
    """Finds files and lines.

    Args:
        top: Folder that files are named from.
    """

    def __init__(self, top: Path) -> None:
        self.top = top

    def place(self, node: nodes.Element, source: str, line: int) -> tuple[str, int]:
        """Find file and line of a node; those of what stands before it if it has none.

        Of a directive the first thing inside it may know its line better than it does itself.

        Args:
            node: The node.
            source: File of what stands before it.
            line: Its line.
        """
        data = node.get("data")
        if isinstance(node, CellNode) and data:
            line = data["line"]
            return self.name(node.source or "") or source, line
        for one in (node, *node.findall(nodes.Element)):
            if one.line:
                return self.name(one.source or "") or source, one.line
        return source, line

    def name(self, source: str) -> str:
        """Name a file from the top; empty if it stands elsewhere."""
        path = Path(source)
        return path.relative_to(self.top).as_posix() if path.is_relative_to(self.top) else ""
