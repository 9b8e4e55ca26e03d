"""Rendering the book: settings as Jupyter Book makes them, and a Sphinx that can build again.

The only module that imports jupyter_book. The two builders must never share doctrees: the second
one would re-use what the first has read, and the deck would come out with the site's text.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursebook.disk import disk_errors
from coursebook.failed_markup import failed_markup
from coursebook.fingerprint import fingerprint
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem
from coursebook.renderings import DECK, SITE, Rendering, output
from coursebook.warning_stream import WarningStream

if TYPE_CHECKING:
    from sphinx.application import Sphinx


NOT_LOADED = {
    "sphinx_book_theme": "the site has a theme of its own, of a tenth of the weight",
    "sphinx_togglebutton": "folding is <details>",
    "sphinx_copybutton": "frontend/site/copy.js",
    "sphinx_thebe": "needs servers of others",
    "sphinx_comments": "needs servers of others",
}
"""Extensions that Jupyter Book adds by itself, and what stands in their place."""


PATHS = (
    *("html_logo", "html_favicon", "html_static_path", "html_extra_path", "templates_path"),
    *("bibtex_bibfiles", "revealjs_static_path"),
)
"""Settings that Jupyter Book counts from ``_config.yml``; Sphinx counts from its own folder."""


def configuration(
    tree: Tree, rendering: Rendering, live: str, speaker_notes: bool = False
) -> dict[str, Any]:
    """Turn ``_config.yml`` into Sphinx's settings, as Jupyter Book does.

    Args:
        tree: The book.
        rendering: Which form of it.
        live: The address of the live files, from the root of the site.
        speaker_notes: Whether the decks hold what is for the speaker alone.

    Raises:
        CourseError: The file is missing or cannot be read.
    """
    import yaml
    from jupyter_book.config import get_final_config

    name = tree.relative(tree.config)
    try:
        user = yaml.safe_load(tree.config.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(
            [Problem(name, 0, "no-config", "there is no _config.yml", "write `title: My book`")]
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise CourseError(
            [
                Problem(
                    name,
                    line,
                    "bad-config",
                    f"this is not YAML: {getattr(error, 'problem', None) or 'unreadable'}",
                    "check indentation, colons and quotes; write spaces, never tabs",
                )
            ]
        ) from None
    if not isinstance(user, dict):
        raise CourseError(
            [Problem(name, 1, "bad-config", "this holds no settings", "write `title: My book`")]
        )
    wrong = _wrong_settings(tree, user)
    if wrong:
        raise CourseError(wrong)
    # Jupyter Book appends these folders to sys.path relative to the working directory.
    extensions = user.pop("local_extensions", None) or {}
    for folder in dict.fromkeys(extensions.values()):
        place = str((tree.root / (folder or "")).resolve())
        if place not in sys.path:
            sys.path.append(place)
    sphinx = user.setdefault("sphinx", {})
    named = sphinx.get("extra_extensions") or []
    wanted = [*named, *[name for name in extensions if name not in named]]
    if "coursebook.sphinx_ext" not in wanted:
        wanted.append("coursebook.sphinx_ext")
    sphinx["extra_extensions"] = wanted
    settings: dict[str, Any]
    settings, _ = get_final_config(
        user_yaml=user,
        sourcedir=tree.root,
        cli_config={"latex_individualpages": False},
        validate=False,
    )
    settings["extensions"] = [
        name for name in settings["extensions"] if name in named or name not in NOT_LOADED
    ]
    if "sphinx_comments" not in settings["extensions"]:
        settings.pop("comments_config", None)
    settings.update({key: _from_root(tree, settings[key]) for key in PATHS if settings.get(key)})
    settings.update(
        cb_rendering=rendering.name,
        cb_root=str(tree.root),
        cb_engine=fingerprint(),
        cb_live=live,
        # Pages never hold them: the same for both, so that the other value reads no page anew.
        cb_speaker_notes=speaker_notes and rendering == DECK,
        external_toc_path=str(site_map(tree, rendering)),
        # A file that is only included is no page, whatever `only_build_toc_files` says.
        external_toc_exclude_missing=True,
        # What the site's theme is told means nothing to the deck's.
        html_theme_options=settings.get("html_theme_options", {}) if rendering == SITE else {},
        # Execution is ours, and comes before: see coursebook.execute.
        nb_execution_mode="off",
        # A chapter may go from its title straight to third-level headings: courses of this
        # shape do, and both renderings nest them well.
        suppress_warnings=[*settings.get("suppress_warnings", []), "myst.header"],
    )
    return settings


def _wrong_settings(tree: Tree, user: dict[str, Any]) -> list[Problem]:
    """Compare the settings with Jupyter Book's own schema of them."""
    import yaml
    from jupyter_book.config import get_validator

    text = tree.config.read_text(encoding="utf-8")
    found = []
    for error in get_validator().iter_errors(user):
        node, line = yaml.compose(text, Loader=yaml.SafeLoader), 1
        for key in error.absolute_path:
            pairs = node.value if isinstance(node, yaml.MappingNode) else []
            for name, value in pairs:
                if name.value == key:
                    node, line = value, name.start_mark.line + 1
        place = ".".join(str(key) for key in error.absolute_path)
        hint = "compare it with Jupyter Book's list of settings, or leave it out"
        message = f"`{place}` is not set right: {error.message}"
        found.append(Problem(tree.relative(tree.config), line, "bad-config", message, hint))
    return found


def _from_root(tree: Tree, value: Any) -> Any:
    """Turn a path of the settings, or a list of them, into what Sphinx finds from its folder."""
    if isinstance(value, list):
        return [_from_root(tree, one) for one in value]
    if isinstance(value, str) and (tree.root / value).exists():
        return Path(os.path.relpath(tree.root / value, tree.book)).as_posix()
    return value


def site_map(tree: Tree, rendering: Rendering) -> Path:
    """Write the reading order as sphinx-external-toc wants it, from the folder of the chapters.

    Sphinx reads ``book/`` alone: nothing else of the checkout can stray into the book, and no
    address on the site begins with ``book/``.
    """
    from coursebook.course.outline import read_outline

    def entry(node: Any) -> dict[str, Any]:
        made: dict[str, Any] = {"file": docname(tree, node.path)}
        if node.title:
            made["title"] = node.title
        if node.children:
            made["entries"] = [entry(child) for child in node.children]
        return made

    outline = read_outline(tree)
    data: dict[str, Any] = {"root": docname(tree, outline.root.path)}
    parts = [
        {
            **({"caption": part.caption} if part.caption else {}),
            **({"numbered": part.numbered} if part.numbered else {}),
            "entries": [entry(node) for node in part.entries],
        }
        for part in outline.parts
        if part.entries
    ]
    if parts:
        data["subtrees"] = parts
    path = tree.work / rendering.name / "toc.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(data, indent=1)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path


def docname(tree: Tree, path: str) -> str:
    """Name a chapter as Sphinx does: from ``book/``, without its ending."""
    return Path(path).relative_to(tree.relative(tree.book)).with_suffix("").as_posix()


@contextlib.contextmanager
def as_raised() -> Iterator[None]:
    """Raise what a handler of an event raised, which Sphinx wraps into an error of its own."""
    from sphinx.errors import ExtensionError

    try:
        yield
    except ExtensionError as error:
        if isinstance(error.orig_exc, CourseError | OSError):
            raise error.orig_exc from error
        raise


class Session:
    """One rendering in this process, ready to be built again and again.

    Args:
        tree: The book.
        rendering: Which form of it.
        speaker_notes: Whether a deck holds what is for the speaker alone.

    Attributes:
        broken: A library has raised in the middle of a build, so another session must go on.
    """

    def __init__(self, tree: Tree, rendering: Rendering, speaker_notes: bool = False) -> None:
        self.tree = tree
        self.rendering = rendering
        self.speaker_notes = speaker_notes
        self.warnings = WarningStream(tree)
        self.app: Sphinx | None = None
        self.broken = False
        self.excluded: list[str] = []
        self.order: tuple[bytes, frozenset[str]] | None = None

    def build(self, live: str) -> list[Problem]:
        """Render what changed, and all that had problems before; return the warnings.

        Args:
            live: The address of the live files; a session keeps the first.
        """
        from coursebook.sphinx_ext.unfinished import remember

        problems = self._build(live)
        if self.app is not None:
            try:
                remember(self.app, problems)
            except OSError:
                # Nothing may pass next time because this could not be written: read all again.
                Path(self.app.doctreedir, "environment.pickle").unlink(missing_ok=True)
        return problems

    def _build(self, live: str) -> list[Problem]:
        from sphinx.errors import SphinxError

        try:
            with disk_errors(self.tree), as_raised():
                if self.app is None:
                    self.app = self._start(live)
                else:
                    self._read_order()
                self.app.build()
        except CourseError as error:
            return [*self.warnings.take(), *error.problems]
        except SphinxError as error:
            return [*self.warnings.take(), Problem("", 0, "sphinx", str(error))]
        except Exception as error:
            problem = failed_markup(error, self.tree)
            if problem is None:
                raise
            self.broken = True
            return [*self.warnings.take(), problem]
        return self.warnings.take()

    def _start(self, live: str) -> Sphinx:
        from sphinx.application import Sphinx

        place = output(self.tree, self.rendering)
        settings = configuration(self.tree, self.rendering, live, self.speaker_notes)
        self.excluded = list(settings.get("exclude_patterns", []))
        self.order = self._order()
        return Sphinx(
            srcdir=self.tree.book,
            confdir=None,
            outdir=place,
            doctreedir=place.parent / "doctrees",
            buildername=self.rendering.builder,
            confoverrides=settings,
            status=None,
            warning=self.warnings,
        )

    def _read_order(self) -> None:
        """Take over a reading order that changed while the session lives.

        sphinx-external-toc reads it when an application starts. It also shuts out the files that
        the order does not name, such as parts that chapters include.
        """
        from sphinx_external_toc.events import parse_toc_to_env

        assert self.app is not None
        order = self._order()
        if order == self.order:
            return
        site_map(self.tree, self.rendering)
        self.app.config["exclude_patterns"] = list(self.excluded)
        parse_toc_to_env(self.app, self.app.config)
        self.order = order

    def _order(self) -> tuple[bytes, frozenset[str]]:
        """Return what decides the reading order: ``_toc.yml``, and which files there are."""
        files = {
            os.path.join(folder, name)  # noqa: PTH118 - thrice as fast, at every save
            for folder, _, names in os.walk(self.tree.book)
            for name in names
        }
        return self.tree.toc.read_bytes(), frozenset(files)
