"""``{versions}``: a table of versions, read from the lock, with which the course was made.

```{versions}
Python
uv   makes environments, and teaches
pip  installs, in the cells
```

A line names a package, and says what it is for. ``Python``, ``bash`` and ``system`` are those that
made the outputs; all others stand in ``uv.lock``. The page is made anew when the lock changes.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes

from coursebook import execute
from coursebook.course.spelling import did_you_mean
from coursebook.paths import LOCK
from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.tables import table
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MADE_WITH = {"Python": "python", "bash": "bash", "system": "system"}
"""What is no package, and its name in what a build says of itself."""


@lru_cache(maxsize=4)
def _locked(text: str) -> dict[str, str]:
    packages = tomllib.loads(text)["package"]
    return {package["name"]: package["version"] for package in packages if "version" in package}


class Versions(SlideBlock):
    """Makes the table."""

    optional_arguments = 0
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Make it."""
        self.env.note_dependency(str(LOCK))
        locked = _locked(LOCK.read_text(encoding="utf-8"))
        made = execute.made_with()
        known = {**{name: made[key] for name, key in MADE_WITH.items()}, **locked}
        rows = []
        for number, line in enumerate(self.content):
            name, _, purpose = line.strip().partition(" ")
            if name and name not in known:
                near = did_you_mean(name, known)
                hint = near if near.startswith("did") else "name a package of uv.lock"
                message = f"`{name}` is no package with which the course is made"
                warning(self.place_of(number), message, hint, code="bad-versions")
            elif name:
                rows.append((name, known[name], purpose.strip()))
        if not rows:
            hint = "name a package in each line, and behind it what it is for"
            warning(self.place, "`{versions}` names no package", hint, code="bad-versions")
            return []
        return [table(("", "Version", "For"), rows, classes=["cb-versions"])]


def setup_versions(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("versions", Versions)
