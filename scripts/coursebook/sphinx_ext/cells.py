"""Code cells in the build: outputs that were made before, each cell in its own language.

config-inited     tells MyST-NB which form of a rich output a slide shows: the same as a page
env-get-outdated  chapters whose outputs are others than when they were read are read again
env-purge-doc     forgets a chapter's cells
env-merge-info    gathers them from parallel readers
source-read       finds the cells of a chapter, after its conditionals were decided
(parsing)         MyST-NB asks for a client that runs cells, and gets one that knows their outputs
doctree-read      gives every cell its language, its place and its line in the DOM; drops those
                  that the other rendering shows alone, and keeps them as data for who runs
                  cells; says with what the outputs were made, and below a stored one when

A cell of a page is, in HTML::

    <div class="cell … docutils container" data-cb-language="bash" data-cb-cell="0"
         data-cb-line="12" data-cb-status="0" id="before--cell-1">
      <div class="cell_input …">…</div>
      <div class="cell_output …">…</div>
    </div>

Its id, which codes on paper lead to, is that of its section and its number there.

One that the Linux of the reader's tab cannot run says why: ``data-cb-needs="2 GB of memory; …"``.
Below an output that this build did not make stands ``<p class="cb-stored">Made on …</p>``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import nbformat
from docutils import nodes
from myst_nb import sphinx_ as myst_nb_sphinx
from myst_nb.core.execute import NotebookClientBase
from myst_parser.config.main import MdParserConfig
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator

from coursebook import execute
from coursebook.course.cells import CellSequence, read_cells
from coursebook.execute import stored, tools
from coursebook.paths import Tree
from coursebook.problems import CourseError
from coursebook.sphinx_ext.cells_not_shown import cells_not_shown, setup_cells_not_shown
from coursebook.sphinx_ext.counterpart import section_id

SEQUENCE = "cb_cells"
"""Where the cells of the chapter under way are kept."""

OUTPUT = "cell_code_output"
"""MyST-NB's name for the box of a cell's outputs."""

ONLY = {"page-only": "pages", "slide-only": "slides"}
"""Tags that keep a cell in one rendering."""

DECIDED = 900
"""Later than the conditionals: handlers of an event run in the order of this number."""


class CellNode(nodes.container):
    """A code cell with its attributes; MyST-NB's own container, by another name."""


def setup_cells(app: Sphinx) -> None:
    """Show the outputs of cells; see the table of events above."""
    app.add_node(CellNode, html=(visit_cell, depart_cell))
    fold = (visit_fold, myst_nb_sphinx.depart_HideCellInput)
    app.add_node(myst_nb_sphinx.HideCodeCellNode, override=True, html=fold)
    setup_cells_not_shown(app)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("source-read", _find_cells, DECIDED)
    app.connect("doctree-read", _finish_cells)
    # MyST-NB chooses between its own clients by name in a function, and has no setting for
    # another one. Its parser calls that function by this name of its own module:
    # https://github.com/executablebooks/MyST-NB/blob/v1.4.0/myst_nb/sphinx_.py#L156
    # A test pins it.
    myst_nb_sphinx.create_client = _create_client


@dataclass
class ChapterUnderWay:
    """The chapter that is being read.

    Attributes:
        tree: The book.
        sequence: Its cells.
        numbers: Place of a cell among MyST-NB's cells, which count the Markdown between them,
            and its place in the sequence.
    """

    tree: Tree
    sequence: CellSequence
    numbers: dict[int, int] = field(default_factory=dict)


class StoredOutputs(NotebookClientBase):  # type: ignore[misc]
    """Gives MyST-NB the outputs of cells that ran before the build."""

    def start_client(self) -> None:
        """Fill the cells of the notebook."""
        chapter: ChapterUnderWay = self._kwargs["chapter"]
        from_dict: Callable[[object], Any] = nbformat.from_dict  # which has no types
        kept = execute.outputs(chapter.tree, chapter.sequence)
        places = [
            place for place, cell in enumerate(self.notebook.cells) if cell.cell_type == "code"
        ]
        for number, (place, outputs) in enumerate(zip(places, kept, strict=True)):
            chapter.numbers[place] = number
            filled = [from_dict(output) for output in outputs]
            self.notebook.cells[place].outputs = filled

    def nb_source_code_lexer(self) -> str:
        """Answer for the whole chapter; every cell gets a language of its own later."""
        return "text"


def _create_client(
    notebook: nbformat.NotebookNode,
    source: str,
    config: Any,
    logger: Any,
    read_format: dict[str, Any] | None = None,
) -> NotebookClientBase:
    """Take the place of MyST-NB's function of this name."""
    chapter = _under_way.get(source)
    if chapter is None:
        return NotebookClientBase(notebook, Path(source), config, logger)
    return StoredOutputs(notebook, Path(source), config, logger, chapter=chapter)


_under_way: dict[str, ChapterUnderWay] = {}
"""The chapter that is being read in this process, by its file; Sphinx reads one after the other."""


def _kept(env: BuildEnvironment) -> dict[str, tuple[CellSequence, str]]:
    """Return what is known of each chapter: its cells, and the name of their outputs."""
    if not hasattr(env, SEQUENCE):
        setattr(env, SEQUENCE, {})
    return cast(dict[str, tuple[CellSequence, str]], getattr(env, SEQUENCE))


def _syntax(env: BuildEnvironment) -> MdParserConfig:
    """Return the syntax that the book has switched on; MyST puts it there."""
    return cast(MdParserConfig, vars(env)["myst_config"])


def _tree(app: Sphinx) -> Tree:
    return Tree(Path(app.config.cb_root or app.srcdir))


def _find_cells(app: Sphinx, docname: str, content: list[str]) -> None:
    path = app.env.doc2path(docname)
    _under_way.clear()
    if not path.endswith(".md") or "{code-cell}" not in content[0]:
        return
    tree = _tree(app)
    try:
        sequence = read_cells(content[0], tree.relative(path), _syntax(app.env))
    except CourseError:
        # Told before anything was rendered; MyST-NB shows the cells without outputs.
        return
    _under_way[path] = ChapterUnderWay(tree, sequence)
    _kept(app.env)[docname] = (sequence, execute.name(tree, sequence))


def _finish_cells(app: Sphinx, doctree: nodes.document) -> None:
    known = _kept(app.env).get(app.env.docname)
    if known is None:
        return
    sequence = known[0]
    results = execute.results(_tree(app), sequence)
    notes = stored.find(_tree(app), sequence)
    notebook_cells = [
        node for node in doctree.findall(nodes.container) if node.get("nb_element") == "cell_code"
    ]
    chapter = _under_way[app.env.doc2path(app.env.docname)]
    shown = []
    addresses: Counter[str] = Counter()
    for node in notebook_cells:
        number = chapter.numbers[node["cell_index"]]
        cell = sequence.cells[number]
        if any(tag in cell.tags and app.config.cb_rendering != ONLY[tag] for tag in ONLY):
            node.parent.remove(node)
            continue
        shown.append(number)
        lexer = "ipython3" if _has_magic(cell.language, cell.source) else cell.language
        for block in node.findall(nodes.literal_block):
            if cast(nodes.Element, block.parent).get("nb_element") == "cell_code_source":
                block["language"] = lexer
                if cell.steps and app.config.cb_rendering == "slides":
                    block["cb_steps"] = cell.steps
        made = CellNode()
        made.attributes.update(node.attributes)
        made.source, made.line = node.source, node.line
        made["data"] = {
            "language": cell.language,
            "cell": number,
            "line": cell.line,
            "status": results[number]["status"],
        }
        if cell.local:
            made["data"]["needs"] = cell.needs
        if app.config.cb_rendering == "pages":
            made["ids"] = [_address(node, addresses)]
        made.extend(node.children)
        if number in notes:
            _say_stored(made, notes[number].note())
        node.replace_self(made)
    doctree.append(cells_not_shown(sequence, shown, app.env.docname))
    if app.config.cb_rendering == "pages" and any(cell.runs for cell in sequence.cells):
        _say_made_with(doctree, sequence)


def _address(node: nodes.Element, used: Counter[str]) -> str:
    """Name a cell by its section: that stays when a cell is added to another one."""
    section: nodes.Element | None = node.parent
    while section is not None and not isinstance(section, nodes.section):
        section = section.parent
    name = section_id(section) if section is not None else ""
    used[name] += 1
    return f"{name}--cell-{used[name]}"


def _has_magic(language: str, source: str) -> bool:
    """Tell whether a Python cell uses IPython's own syntax."""
    return language == "python" and any(
        line.lstrip().startswith(("%", "!")) for line in source.splitlines()
    )


def _say_stored(cell: CellNode, note: str) -> None:
    """Say below the output of a cell that this build did not make it."""
    paragraph = nodes.paragraph(note, note, classes=["cb-stored"])
    shown = [one for one in cell.findall(nodes.container) if one.get("nb_element") == OUTPUT]
    (shown[-1] if shown else cell).append(paragraph)


def _say_made_with(doctree: nodes.document, sequence: CellSequence) -> None:
    """Say at the end of a page with what its outputs were made."""
    made = execute.made_with()
    packages = [
        f"{package} {version}"
        for tool in sequence.tools
        for package, version in tools.versions(tool).items()
    ]
    words = [f"Python {made['python']}", f"uv {made['uv']}", f"bash {made['bash']}", *packages]
    text = f"Outputs made with {', '.join(words[:-1])} and {words[-1]} on {made['system']}."
    place: nodes.Element = next(iter(doctree.findall(nodes.section)), doctree)
    place.append(nodes.paragraph(text, text, classes=["cb-made-with"]))


def visit_cell(self: HTML5Translator, node: CellNode) -> None:
    """Open a cell in HTML."""
    data: dict[str, Any] = {f"data-cb-{name}": value for name, value in node["data"].items()}
    self.body.append(self.starttag(node, "div", CLASS="docutils container", **data))


def depart_cell(self: HTML5Translator, node: CellNode) -> None:
    """Close a cell."""
    self.body.append("</div>\n")


def visit_fold(self: HTML5Translator, node: nodes.Element) -> None:
    """Open a fold of MyST-NB; ears are told what is written on it, not "Toggle hidden content"."""
    myst_nb_sphinx.visit_HideCellInput(self, node)
    self.body[-4] = self.body[-4].replace(' aria-label="Toggle hidden content"', "")


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    tree = _tree(app)
    return [
        docname
        for docname, (sequence, name) in _kept(env).items()
        if docname not in removed and execute.name(tree, sequence) != name
    ]


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _kept(env).pop(docname, None)


def _merge(
    app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment
) -> None:
    theirs = _kept(other)
    _kept(env).update({docname: theirs[docname] for docname in docnames if docname in theirs})
