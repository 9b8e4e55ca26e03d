r"""``{systems}``: one thing to type, on several systems; each in its tab.

:::::{systems}
::::{system} bash
:ran:
```bash
source .venv/bin/activate
```
::::
::::{system} powershell
:manual: https://docs.python.org/3/library/venv.html
```powershell
.venv\\Scripts\\Activate.ps1
```
::::
:::::

The tabs stand in the order of ``SYSTEMS``, whatever the order in the source. All sets of a page
turn together, the choice is kept for the next page, and a reader who has not chosen begins with
the system that he reads on (``tabs.js``).

Every tab but bash says where its commands are from. ``manual`` names the page that says so.
``ran`` claims that they ran when the book was built: each line must stand in a cell of the chapter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx_design.shared import is_component
from sphinx_design.tabs import TabItemDirective, TabSetDirective

from coursebook.course.spelling import did_you_mean
from coursebook.sphinx_ext.ran import bare, lines_that_ran
from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.source_link import has_link, source_line
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SYSTEMS = {
    "bash": "Linux bash",
    "zsh": "macOS zsh",
    "fish": "fish",
    "powershell": "PowerShell",
    "cmd": "Windows cmd",
}
"""What an author writes, and what stands on the tab; in the order of the tabs."""

GROUP = "system"
"""The name by which all sets turn together; ``tabs.js`` has it, too."""

NATIVE = "bash"
"""The shell of the cells; only its tab may say nothing about where it is from."""

CODE = "bad-systems"
MANUAL = "write `:manual: https://…` with the page of the manual"
OUTER = "give the outer fence one colon more than each `{system}` within it"


class Systems(SlideBlock, TabSetDirective):
    """Puts the tabs into their order."""

    optional_arguments = 0
    option_spec: ClassVar = {}

    def run_with_defaults(self) -> list[nodes.Node]:
        """Make the set."""
        if not self.content:
            warning(self.place, "`{systems}` holds no tab", "write `::::{system} bash`", code=CODE)
            return []
        self.options["sync-group"] = GROUP
        (made,) = super().run_with_defaults()
        if not isinstance(made, nodes.Element):
            return [made]
        tabs = {}
        for tab in list(made.children):
            name = _name(tab)
            if not name:
                hint = f"put it into a `::::{{system}}`, and {OUTER}"
                warning(self.place, "something in `{systems}` is no `{system}`", hint, code=CODE)
            elif name in tabs:
                message = f"the system `{name}` stands twice"
                warning(_place(tab), message, "take one of the two out", code=CODE)
            else:
                tabs[name] = tab
        made.children = []
        made += [tabs[name] for name in SYSTEMS if name in tabs]
        return [made] if tabs else []


class System(SlideBlock, TabItemDirective):
    """One tab; says where its commands are from."""

    required_arguments = 0
    optional_arguments = 1
    option_spec: ClassVar = {
        "manual": directives.unchanged_required,
        "ran": directives.flag,
    }

    def run_with_defaults(self) -> list[nodes.Node]:
        """Make the tab."""
        name = self.argument
        if name not in SYSTEMS:
            what = f"`{name}` is no system that has a tab" if name else "this tab names no system"
            warning(self.place, what, did_you_mean(name, SYSTEMS), code=CODE)
            return []
        if not self.content:
            hint = "write the commands in a fence of their own, with the shell's name"
            warning(self.place, "this tab is empty", hint, code=CODE)
            return []
        self.arguments = [SYSTEMS[name]]
        self.options["sync"] = name
        manual = self.options.pop("manual", "")
        ran = "ran" in self.options
        (tab,) = super().run_with_defaults()
        assert isinstance(tab, nodes.Element)
        self.set_source_info(tab)
        content = tab.children[-1]
        assert isinstance(content, nodes.Element)
        if ran and manual:
            message = "this tab says both that it ran and that it is from a manual"
            warning(self.place, message, "keep one of the two options", code=CODE)
        elif ran:
            self.prove(content)
            words = "Ran when this book was built."
            content += nodes.paragraph("", words, classes=["cb-origin", "cb-ran"])
        elif has_link(manual):
            line = source_line(self, "From the manual, not run here: ", manual)
            line["classes"] = ["cb-origin", "cb-from-manual"]
            content += line
        elif manual or name != NATIVE:
            message = "this tab does not say where its commands are from"
            hint = f"{MANUAL}, or `:ran:` if its lines stand in a cell of this chapter"
            warning(self.place, message, hint, code=CODE)
        return [tab]

    def prove(self, content: nodes.Element) -> None:
        """See that every line of code in the tab stands in a cell that runs."""
        ran = lines_that_ran(self.env)
        for block in content.findall(nodes.literal_block):
            for line in block.astext().splitlines():
                command = bare(line)
                if command and command not in ran:
                    message = f"`{command}` ran in no cell of this chapter"
                    hint = f"write it into a cell, or {MANUAL}"
                    warning(self.place, message, hint, code=CODE)


def _name(tab: nodes.Node) -> str:
    """Return which system a tab is for; empty for what is no tab of ours."""
    if not is_component(tab, "tab-item") or not isinstance(tab, nodes.Element):
        return ""
    label = tab.children[0]
    return str(label.get("sync_id", "")) if isinstance(label, nodes.Element) else ""


def _place(node: nodes.Node) -> str:
    return f"{node.source}:{node.line}"


def setup_systems(app: Sphinx) -> None:
    """Register both directives."""
    app.add_directive("systems", Systems)
    app.add_directive("system", System)
