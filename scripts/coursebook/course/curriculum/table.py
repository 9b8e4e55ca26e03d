"""The table item → section → cell, for whoever wants to see where everything is taught."""

from __future__ import annotations

from coursebook.course.curriculum.coverage import Coverage


def write_table(coverage: Coverage) -> str:
    """Write all items by chapter, each with its home and the cell that shows it.

    Args:
        coverage: What the book teaches.
    """
    lines: list[str] = []
    for name, title in coverage.curriculum.titles.items():
        items = coverage.curriculum.of(name)
        path = coverage.chapters.get(name)
        lines += ["", f"{name} {title}: {path or 'not written yet'}"]
        for item in items if path else ():
            mark = coverage.homes.get(item.name)
            if mark is None:
                lines.append(f"  {item.name}  –  has no home")
                continue
            shown = f"cell in line {mark.cell.line}" if mark.cell else "–"
            place = f"{mark.place.path}:{mark.place.line}"
            lines.append(f"  {item.name}  {place}  {mark.section}  {shown}")
        if not path:
            lines.append(f"  {', '.join(item.name for item in items) or 'no item'}")
    return "\n".join([*lines[1:], "", coverage.summary])
