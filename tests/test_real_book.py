"""The course itself: builds without a problem, and each cell ran once for both renderings."""

from __future__ import annotations

from commands import type_in
from coursebook import execute
from coursebook.course.book import read_book
from coursebook.course.cells import book_cells
from coursebook.paths import REPOSITORY, Tree


def test_the_course_has_no_problem() -> None:
    answer = type_in("check", REPOSITORY, seconds=900)
    assert answer.returncode == 0, answer.stderr


def test_a_rebuild_starts_no_interpreter() -> None:
    tree = Tree(REPOSITORY)
    sequences = book_cells(read_book(tree).chapters)
    execute.run(tree, sequences)
    again = execute.run(tree, sequences)
    assert (again.ran, again.interpreters) == (0, 0)
    assert again.sequences > 0


def test_every_chapter_runs_its_cells_once_for_both_renderings() -> None:
    sequences = [found for found in book_cells(read_book(Tree(REPOSITORY)).chapters) if found.cells]
    for path in {found.path for found in sequences}:
        page, deck = (found for found in sequences if found.path == path)
        assert page.cells and [cell.source for cell in page.cells] == [
            cell.source for cell in deck.cells
        ], f"{path} runs other cells for its slides"
