"""Generated books: prose, code, cross-references, a grid, conditionals; no cells.

The same text is written in two forms. ``OURS`` has conditionals for both renderings. ``PLAIN``
has what the site's branches of those conditionals say, so that plain Jupyter Book makes the very
pages that our site shows, and no more.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

CHAPTERS_IN_A_PART = 10

VOCABULARY = """
    interpreter package wheel index lock hash environment folder path version shell prompt
    script module import cache resolver constraint marker platform archive metadata build
    backend frontend tag binary source install upgrade remove freeze pin drift project kernel
    process variable activate prefix site library header compiler linker symbol file name reader
    teacher finds writes keeps names shows opens follows explains starts ends changes first last
    small large plain quiet early late exact equal the a this that every one each before after
    within below above because while although when where
"""
WORDS = VOCABULARY.split()

CODE = {
    "python": """\
import sys
from pathlib import Path


def places(limit: int = {number}) -> list[Path]:
    \"\"\"Return where modules of chapter {number} are looked for.\"\"\"
    found = [Path(entry) for entry in sys.path if entry]
    return sorted(found)[:limit]


print(f"{{len(places())}} places, prefix {{sys.prefix!r}}")
""",
    "bash": """\
python3 -m venv .venv-{number}          # a folder, nothing more
. .venv-{number}/bin/activate
for name in alpha beta gamma; do
    python -m pip show "$name" | grep -i '^version'
done
""",
}


def topic(number: int) -> str:
    """Name a chapter's file below ``book/``, without its ending."""
    return f"part-{number // CHAPTERS_IN_A_PART:02d}/topic-{number:03d}"


def write_book(root: Path, chapters: int, conditionals: bool) -> None:
    """Write a book that can be built.

    Args:
        root: A folder that does not exist yet.
        chapters: How many, besides the front page.
        conditionals: Write the form for both renderings, or the site's text alone.
    """
    book = root / "book"
    book.mkdir(parents=True)
    settings = {
        "title": f"A book of {chapters} chapters",
        "author": "Bench",
        "only_build_toc_files": True,
        "execute": {"execute_notebooks": "off"},
        "parse": {"myst_enable_extensions": ["colon_fence", "deflist", "smartquotes"]},
    }
    # JSON is YAML, and needs no library to write.
    (root / "_config.yml").write_text(json.dumps(settings, indent=1), encoding="utf-8")
    parts: dict[str, list[dict[str, str]]] = {}
    for number in range(chapters):
        caption = f"Part {number // CHAPTERS_IN_A_PART + 1}"
        parts.setdefault(caption, []).append({"file": f"book/{topic(number)}"})
    contents = {
        "format": "jb-book",
        "root": "book/index",
        "parts": [{"caption": caption, "chapters": files} for caption, files in parts.items()],
    }
    (root / "_toc.yml").write_text(json.dumps(contents, indent=1), encoding="utf-8")
    (book / "index.md").write_text("# The front page\n\nWelcome.\n", encoding="utf-8")
    for number in range(chapters):
        path = book / f"{topic(number)}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(chapter(number, chapters, conditionals), encoding="utf-8")


def chapter(number: int, chapters: int, conditionals: bool) -> str:
    """Compose one chapter, always the same for the same arguments."""
    chance = random.Random(number)

    def sentence() -> str:
        words = " ".join(chance.choices(WORDS, k=chance.randint(8, 18)))
        return words.capitalize() + "."

    def paragraph() -> str:
        return " ".join(sentence() for _ in range(chance.randint(3, 6)))

    def either(slide: str, page: str) -> str:
        if not conditionals:
            return page
        return f"{{% if slide %}}\n{slide}\n{{% else %}}\n{page}\n{{% endif %}}"

    other = chance.randrange(chapters)
    up = f"../{topic(other)}.md"
    blocks = [f"(chapter-{number})=\n# Chapter {number} and its `topic`", paragraph()]
    for section in range(5):
        target = chance.randrange(chapters)
        points = "\n".join(f"- {sentence()}" for _ in range(4))
        language = chance.choice(sorted(CODE))
        blocks += [
            f"## Section {section}",
            either(points, "\n\n".join(paragraph() for _ in range(4))),
            f"```{language}\n{CODE[language].format(number=number)}```",
            either(
                f"See {{ref}}`chapter-{target}`.",
                f"{paragraph()} See {{ref}}`chapter-{target}`, [there]({up}) and `{section}`.",
            ),
        ]
    cards = "\n".join(f":::{{grid-item-card}} Card {card}\n{sentence()}\n:::" for card in range(4))
    blocks += [
        f"::::{{grid}} 2\n{cards}\n::::",
        f"```{{note}}\n{paragraph()}\n```",
        either(sentence(), f"| a | b |\n|---|---|\n| {sentence()} | {sentence()} |"),
    ]
    return "\n\n".join(blocks) + "\n"
