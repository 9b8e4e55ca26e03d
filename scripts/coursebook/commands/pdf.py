"""Print decks, handouts and the whole book as PDF, into _build/pdf/.

slides/ has every deck, a page for each slide, or with --steps for each of its steps. handouts/ has
for every chapter its slides with their notes, on A4, with codes for a phone's camera that lead to
the section on the published site and to its live cell. book.pdf is the whole course. A headless
Chromium prints. Behind the options stand the files of chapters to print, or nothing for all.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from coursebook.commands import MISSING, say
from coursebook.paths import Tree
from coursebook.problems import CourseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's own arguments."""
    parser.add_argument(
        "chapters", nargs="*", metavar="CHAPTER", help="print these files alone: book/part/topic.md"
    )
    parser.add_argument(
        "--kind",
        action="append",
        choices=("deck", "handout", "book"),
        help="print this kind alone; may be given twice",
    )
    parser.add_argument(
        "--steps", action="store_true", help="give each step of a slide a page of its own"
    )
    parser.add_argument(
        "--base-url",
        metavar="URL",
        help="where the site is published (default: html.baseurl in _config.yml)",
    )


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Render the book as it stands, and print it.

    Returns:
        0, or 3 where there is no Chromium.

    Raises:
        CourseError: Problems were found; PDFs that were there stand.
    """
    from coursebook import browser, publish, steps
    from coursebook.disk import disk_errors
    from coursebook.pdf.chapters import choose, read_chapters
    from coursebook.pdf.facts import check_base, read_facts
    from coursebook.pdf.make import KINDS, Press
    from coursebook.pdf.printing import Printer, require_chromium
    from coursebook.pdf.sheets import own_files

    started = time.monotonic()
    # What needs no build is told before it.
    chapters = choose(read_chapters(tree), arguments.chapters)
    check_base(arguments.base_url or "")
    try:
        require_chromium()
    except browser.NoBrowserError as error:
        say(f"nothing can be printed: {error}")
        return MISSING
    with publish.one_build_at_once(tree), disk_errors(tree):
        with steps.workers(tree) as crew:
            problems = steps.make(tree, crew, say)
        if problems:
            raise CourseError(problems)
        facts = read_facts(tree, arguments.base_url)
        kinds = arguments.kind or KINDS
        files = publish.published_files(tree, None) | own_files()
        with Printer(files) as printer:
            press = Press(tree, facts, printer, say)
            made = dict(press.run(chapters, kinds, steps=arguments.steps))
        write(tree, made, whole=not (arguments.kind or arguments.chapters))
    for address in sorted(set(printer.refused)):
        press.notes.append(f"left out, because the book does not have it: {address}")
    for note in press.notes:
        print(f"note: {note}", file=sys.stderr)
    if not facts.base:
        say(without_base(len(press.lost), codes="handout" in kinds))
    say(f"printed in {time.monotonic() - started:.1f} s: {len(made)} files")
    for name in sorted(made):
        print(tree.relative(tree.pdf / name))
    return 0


def without_base(lost: int, *, codes: bool) -> str:
    """Say what is missing where nobody said where the site is published."""
    missing = [f"{lost} links to other pages are plain text"] if lost else []
    if codes:
        missing.insert(0, "the handouts have no QR codes")
    told = f": {', and '.join(missing)}" if missing else ""
    return (
        f"note: nobody said where the site is published{told}\n"
        "    hint: write `html: {baseurl: https://…}` into _config.yml, or add --base-url https://…"
    )


def write(tree: Tree, made: dict[str, bytes], *, whole: bool) -> None:
    """Put all files in place, each whole or not at all.

    Args:
        tree: The book.
        made: Name below the folder of PDFs → content.
        whole: These are all there shall be; others go.
    """
    for name, content in made.items():
        target = tree.pdf / name
        target.parent.mkdir(parents=True, exist_ok=True)
        side = target.with_name(target.name + ".new")
        side.write_bytes(content)
        side.replace(target)
    kept = {tree.pdf / name for name in made}
    others: list[Path] = sorted(tree.pdf.rglob("*.pdf")) if whole else []
    for file in others:
        if file not in kept:
            file.unlink()
