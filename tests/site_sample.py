"""The sample of the site's elements, built once for all tests that look at it."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from coursebook import steps
from coursebook.live import files
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem
from coursebook.renderings import SITE, output
from coursebook.workers import Worker

SAMPLE = Path(__file__).parent / "samples" / "site"


@dataclass
class Site:
    """A book of which the site alone is built.

    Attributes:
        root: Its folder.
    """

    root: Path

    @property
    def folder(self) -> Path:
        return output(Tree(self.root), SITE)

    def problems(self) -> list[Problem]:
        """Build the site and return what was found."""
        try:
            steps.prepare(Tree(self.root), lambda message: None)
        except CourseError as error:
            return list(error.problems)
        worker = Worker(Tree(self.root), SITE)
        try:
            worker.begin(files.folder())
            return worker.finish()
        finally:
            worker.close()

    def build(self) -> Site:
        """Build the site, which must give no problem."""
        found = self.problems()
        assert not found, "\n".join(map(str, found))
        return self

    def page(self, name: str) -> BeautifulSoup:
        text = (self.folder / name).read_text(encoding="utf-8")
        return BeautifulSoup(text, "html.parser")

    def pages(self) -> list[str]:
        return sorted(
            path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html")
        )

    def loaded(self, name: str) -> set[Path]:
        """Return the files that a page loads by itself, and the modules that those import."""
        folder = (self.folder / name).parent
        soup = self.page(name)
        found = {
            published((folder / str(tag[attribute]).partition("?")[0]).resolve())
            for selector, attribute in (
                ("link[rel=stylesheet]", "href"),
                ("link[rel=icon]", "href"),
                ("script[src]", "src"),
            )
            for tag in soup.select(selector)
        }
        modules = {path for path in found if path.name in ("site.js", "start.js", "checks.js")}
        while modules:
            module = modules.pop()
            found.add(module)
            modules |= imports(module) - found
        return found

    def weight(self, name: str) -> int:
        """Return a page's bytes of HTML, CSS and JavaScript, each file by gzip."""
        files = {path for path in self.loaded(name) if path.suffix in (".css", ".js")}
        files.add(self.folder / name)
        return sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in files)


def published(path: Path) -> Path:
    """Return a file of the site, or the one that will stand there: live files are put in last."""
    _, live, below = path.as_posix().partition(f"/{files.folder()}/")
    return files.SOURCE / below if live else path


def imports(module: Path) -> set[Path]:
    """Return the modules that a module names."""
    lines = module.read_text(encoding="utf-8").splitlines()
    return {
        (module.parent / line.rpartition(" from ")[2].strip(" ;\"'")).resolve()
        for line in lines
        if line.startswith(("import ", "} from "))
    }


def only(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    """Return the one element that a selector finds."""
    found = soup.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sample book, built."""
    root = tmp_path_factory.mktemp("sample") / "book"
    shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("_build"))
    return Site(root).build()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A small book that a test changes and builds."""
    root = tmp_path / "small"
    shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("_build", "start", "index.md"))
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nparts:\n- caption: Deep\n  chapters:\n"
        "  - file: book/deep/plain\n"
    )
    (root / "book" / "index.md").write_text("# Front\n\nA front page with words on it.\n")
    return Site(root)
