from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from notebooks import run_notebook
from site_sample import Site, sample, site

__all__ = ["sample", "site"]


def notebook(built: Site, name: str) -> Any:
    path = built.folder / f"{name}.ipynb"
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def text(built: Site, name: str) -> str:
    """Return the words of a notebook, without its code cells."""
    cells = notebook(built, name).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def test_the_notebook_holds_what_the_page_holds_and_nothing_of_the_slide(site: Site) -> None:
    (site.root / "book/deep/part.md").write_text(
        "{% if page %}\nRead.\n{% else %}\nSee.\n{% endif %}\n"
    )
    (site.root / "book/deep/plain.md").write_text(
        "# Plain\n\n{% if slide %}\nShort.\n{% else %}\nLong.\n{% endif %}\n\n"
        "```{include} part.md\n```\n"
    )
    assert text(site.build(), "deep/plain") == "# Plain\n\nLong.\n\nRead."


def test_a_drawing_that_the_page_holds_travels_as_a_picture(site: Site) -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        '<path d="M0 0h9" stroke="var(--cb-figure-ink, #222)"/></svg>'
    )
    (site.root / "book/deep/line.svg").write_text(drawing)
    (site.root / "book/deep/plain.md").write_text("# Plain\n\n![A line](line.svg)\n")
    site.build()
    assert "<svg" in str(site.page("deep/plain.html").select_one("article"))
    assert text(site, "deep/plain") == "# Plain\n\n![A line](attachment:deep-line.svg)"
    assert list(notebook(site, "deep/plain").cells[0].attachments) == ["deep-line.svg"]


def test_every_chapter_is_offered_as_a_notebook(sample: Site) -> None:
    made = sorted(
        path.relative_to(sample.folder).as_posix() for path in sample.folder.rglob("*.ipynb")
    )
    assert made == [
        "deep/plain.ipynb",
        "start/elements.ipynb",
        "start/notebook.ipynb",
        "start/shell.ipynb",
    ]


@pytest.mark.parametrize("name", ["start/elements", "start/notebook", "start/shell", "deep/plain"])
def test_a_notebook_is_valid_and_asks_for_the_common_kernel(sample: Site, name: str) -> None:
    made = notebook(sample, name)
    nbformat.validate(made)
    assert made.metadata.kernelspec.name == "python3"
    again = json.loads((sample.folder / f"{name}.ipynb").read_text(encoding="utf-8"))
    assert all(
        "execution_count" not in cell or cell["execution_count"] is None for cell in again["cells"]
    )


def test_nothing_of_myst_is_left_in_the_text(sample: Site) -> None:
    words = text(sample, "start/elements")
    for mark in (":::", "```{", "{math}", "{bdg-", ":sync:", "{%", "<svg"):
        assert mark not in words


def test_admonitions_and_asides_become_quotations(sample: Site) -> None:
    words = text(sample, "start/elements")
    assert "> **Note**\n>\n> A note, with `code` and a [link](https://example.org)." in words
    assert "> **Goals**\n>\n> - Say what `sys.path` holds, and why" in words
    assert "> **In the margin**" in words


def test_tabs_and_grids_stand_one_below_the_other(sample: Site) -> None:
    words = text(sample, "start/elements")
    assert "**Windows**\n\n```powershell\n.venv\\Scripts\\Activate.ps1\n```" in words
    assert "**Portable**\n\n**Bound to hardware**\n\n- compiled for one system" in words
    assert "**More of it**\n\nFolded text." in words


def test_tables_lists_and_formulas_are_markdown(sample: Site) -> None:
    words = text(sample, "start/elements")
    assert "| pip | `pylock.toml` | yes |" in words
    assert "- [x] read the page\n- [ ] forget it" in words
    assert "$p = 1 - (1 - q)^n$" in words
    assert "2. then the standard library\n\n   - as a zip" in words


def test_pictures_travel_inside_the_notebook(sample: Site) -> None:
    (cell,) = [cell for cell in notebook(sample, "start/elements").cells if "attachments" in cell]
    assert "![Three folders in a row](attachment:start-path.svg)" in cell.source
    assert list(cell.attachments["start-path.svg"]) == ["image/svg+xml"]


def test_links_lead_to_the_published_site(sample: Site) -> None:
    address = "https://example.org/course/deep/plain.html#far-away"
    assert f"[a heading of it]({address})" in text(sample, "start/elements")


def test_links_are_words_if_nobody_knows_where_the_site_is(site: Site) -> None:
    config = site.root / "_config.yml"
    config.write_text(
        config.read_text().replace("baseurl: https://example.org/course/", "baseurl: ''")
    )
    (site.root / "book/deep/plain.md").write_text(
        "# Plain\n\nBack to [the front](../index.md) now.\n"
    )
    assert "Back to the front now." in text(site.build(), "deep/plain")


def test_dollars_and_stars_of_the_prose_stay_what_they_are(site: Site) -> None:
    (site.root / "book/deep/plain.md").write_text("# Plain\n\n$PATH is \\*not\\* $HOME.\n")
    assert text(site.build(), "deep/plain").endswith("\\$PATH is \\*not\\* \\$HOME.")


def test_stored_outputs_come_along(sample: Site) -> None:
    room, *cells = [
        cell for cell in notebook(sample, "start/notebook").cells if cell.cell_type == "code"
    ]
    assert "makes a room for the others" in room.source
    assert cells[0].outputs[0].text == "/home/learner/.venv\n"
    assert "raises-exception" in cells[3].metadata.tags


def test_a_chapter_of_bash_runs_in_a_python_kernel_and_its_cells_share_their_state(
    sample: Site, tmp_path: Path
) -> None:
    made = notebook(sample, "start/shell")
    run_notebook(made, tmp_path)
    shown = [output for cell in made.cells for output in cell.get("outputs", [])]
    # What a cell that the page does not show has set, a later cell knows.
    assert shown[0].text == "seen once in deeper\n"
    assert shown[1].output_type == "error"


def test_the_notebook_of_a_chapter_that_went_goes_too(site: Site) -> None:
    extra = site.root / "book/deep/extra.md"
    toc = site.root / "_toc.yml"
    shorter = toc.read_text()
    extra.write_text("# Extra\n\nText.\n")
    toc.write_text(shorter + "  - file: book/deep/extra\n")
    assert (site.build().folder / "deep/extra.ipynb").exists()
    extra.unlink()
    toc.write_text(shorter)
    assert not (site.build().folder / "deep/extra.ipynb").exists()
