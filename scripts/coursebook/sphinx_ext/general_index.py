"""``{general-index}``: all terms of the glossary, and what authors mark by ``{index}``, in order.

Sphinx sorts and groups the entries. Each is followed by the titles of the pages that it leads to,
among them those that explain it::

    <p class="cb-index-letters"><a href="#index-a">A</a> …</p>
    <div class="cb-index"> <div class="cb-index-group" id="index-a"><p class="rubric">A</p><ul>
      <li><p>activation <a href="…#term-activation">Glossary</a>, <a …>Activation …</a></p>
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.environment.adapters.indexentries import IndexEntries

from coursebook.sphinx_ext.explained import places
from coursebook.sphinx_ext.summaries import Summary, add_summary

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

Targets = list[tuple[str, str]]
"""Where an entry leads to: page and id. The most important place stands first."""

Line = tuple[str, Targets]
Group = tuple[str, list[tuple[Line, list[Line]]]]
"""A letter; and its entries, each with those below it."""


class _Addresses:
    """What Sphinx's adapter needs of a builder: here a page's address is its name."""

    def get_relative_uri(self, start: str, target: str) -> str:
        """Return the name of the page."""
        return target


def entries(app: Sphinx) -> list[Group]:
    """Return all entries of the book, sorted by Sphinx."""
    found = IndexEntries(app.env).create_index(cast("Builder", _Addresses()))
    return [
        (
            letter,
            [
                (
                    (name, _with_more(_targets(links), places(app.env, name))),
                    [(sub, _targets(more)) for sub, more in below],
                )
                for name, (links, below, _) in group
            ],
        )
        for letter, group in found
    ]


def _targets(links: Any) -> Targets:
    """Split addresses into page and id; of several places on a page the first counts."""
    found: dict[str, str] = {}
    for _, address in links:
        if address:
            docname, _, anchor = address.partition("#")
            found.setdefault(docname, anchor)
    return list(found.items())


def _with_more(targets: Targets, more: Targets) -> Targets:
    """Add places on other pages."""
    known = {docname for docname, _ in targets}
    return targets + [place for place in more if place[0] not in known]


def facts(app: Sphinx) -> Any:
    """Return the entries, and the titles that stand behind them."""
    found = entries(app)
    named = {
        docname
        for _, group in found
        for line, below in group
        for _, targets in (line, *below)
        for docname, _ in targets
    }
    return found, {name: app.env.titles[name].astext() for name in sorted(named)}


def draw(app: Sphinx, docname: str, known: Any) -> list[nodes.Node]:
    """Make the index for a page."""
    groups, titles = known

    def line(name: str, targets: Targets) -> nodes.paragraph:
        made = nodes.paragraph("", "", nodes.inline("", name, classes=["cb-index-name"]))
        for place, (page, anchor) in enumerate(targets):
            address = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
            made += nodes.Text(", " if place else " ")
            made += nodes.reference("", titles[page], internal=True, refuri=address)
        return made

    letters = nodes.paragraph(classes=["cb-index-letters"])
    index = nodes.container(classes=["cb-index"])
    for place, (letter, group) in enumerate(groups):
        address = f"index-{letter.lower() if letter.isalpha() else 'other'}"
        letters += nodes.Text(" " if place else "")
        letters += nodes.reference("", letter, internal=True, refid=address)
        items = nodes.bullet_list(classes=["cb-index-list"])
        for (name, targets), below in group:
            item = nodes.list_item("", line(name, targets))
            if below:
                more = [nodes.list_item("", line(sub, places)) for sub, places in below]
                item += nodes.bullet_list("", *more)
            items += item
        head = nodes.rubric("", letter)
        index += nodes.container("", head, items, ids=[address], classes=["cb-index-group"])
    return [letters, index]


def setup_general_index(app: Sphinx) -> None:
    """Register the directive."""
    add_summary(app, "general-index", Summary(facts, draw))
