"""The Sphinx extension: one file for each thing that an author writes or a reader meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coursebook.sphinx_ext.belief import setup_belief
from coursebook.sphinx_ext.beside import setup_beside
from coursebook.sphinx_ext.big_number import setup_big_number
from coursebook.sphinx_ext.cells import setup_cells
from coursebook.sphinx_ext.columns import setup_columns
from coursebook.sphinx_ext.commands import setup_commands
from coursebook.sphinx_ext.comments import setup_comments
from coursebook.sphinx_ext.conditionals import setup_conditionals
from coursebook.sphinx_ext.counterpart import setup_counterpart
from coursebook.sphinx_ext.cross_references import setup_cross_references
from coursebook.sphinx_ext.deck import setup_deck
from coursebook.sphinx_ext.download import setup_download
from coursebook.sphinx_ext.emphasize_steps import setup_emphasize_steps
from coursebook.sphinx_ext.explained import setup_explained
from coursebook.sphinx_ext.figure_numbers import setup_figure_numbers
from coursebook.sphinx_ext.figures import setup_figures
from coursebook.sphinx_ext.footnotes import setup_footnotes
from coursebook.sphinx_ext.fragments import setup_fragments
from coursebook.sphinx_ext.from_headings import setup_from_headings
from coursebook.sphinx_ext.general_index import setup_general_index
from coursebook.sphinx_ext.glossary import setup_glossary
from coursebook.sphinx_ext.lean_builders import setup_lean_builders
from coursebook.sphinx_ext.live import setup_live
from coursebook.sphinx_ext.long_code import setup_long_code
from coursebook.sphinx_ext.math import setup_math
from coursebook.sphinx_ext.navigation import setup_navigation
from coursebook.sphinx_ext.page_blocks import setup_page_blocks
from coursebook.sphinx_ext.pitfall import setup_pitfall
from coursebook.sphinx_ext.policy import setup_policy
from coursebook.sphinx_ext.quotation import setup_quotation
from coursebook.sphinx_ext.reading_time import setup_reading_time
from coursebook.sphinx_ext.search import setup_search
from coursebook.sphinx_ext.section_ids import setup_section_ids
from coursebook.sphinx_ext.section_slide import setup_section_slide
from coursebook.sphinx_ext.self_check import setup_self_check
from coursebook.sphinx_ext.site import setup_site
from coursebook.sphinx_ext.slide_lines import setup_slide_lines
from coursebook.sphinx_ext.speaker_notes import setup_speaker_notes
from coursebook.sphinx_ext.summaries import setup_summaries
from coursebook.sphinx_ext.systems import setup_systems
from coursebook.sphinx_ext.term_links import setup_term_links
from coursebook.sphinx_ext.time_budget import setup_time_budget
from coursebook.sphinx_ext.true_lines import setup_true_lines
from coursebook.sphinx_ext.unfinished import setup_unfinished
from coursebook.sphinx_ext.versions import setup_versions
from coursebook.sphinx_ext.whole_output import setup_whole_output

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything, in the order in which the events fire."""
    app.add_config_value("cb_rendering", "pages", "env", frozenset({str}))
    app.add_config_value("cb_root", "", "", frozenset({str}))
    # With another engine, every chapter is read and written again.
    app.add_config_value("cb_engine", "", "env", frozenset({str}))
    setup_lean_builders(app)  # builder-inited: who writes the pages
    setup_deck(app)  # config-inited: builder, template and styles of the deck
    setup_site(app)  # config-inited … build-finished: theme, assets, what stands around the text
    setup_policy(app)  # html-page-context: what a page may load and run
    setup_live(app)  # html-page-context: the module that lets cells run again
    setup_math(app)  # config-inited; formulas while writing
    app.config.show_warning_types = True  # the code of a problem; off before Sphinx 8
    setup_unfinished(app)  # env-get-outdated: chapters with problems are read again
    setup_conditionals(app)  # source-read, include-read: what this rendering holds
    setup_true_lines(app)  # while MyST parses: warnings name the author's lines
    setup_cells(app)  # source-read, later: outputs of cells that ran before; doctree-read
    setup_comments(app)  # while reading, first of all: what authors say to each other
    setup_section_ids(app)  # while reading: addresses that both renderings share
    setup_speaker_notes(app)  # while reading: {speaker}
    setup_fragments(app)  # while reading: {fragments}
    setup_columns(app)  # while reading: {columns}
    setup_beside(app)  # while reading: {beside}
    setup_big_number(app)  # while reading: {big-number}
    setup_quotation(app)  # while reading: {quotation}
    setup_belief(app)  # while reading: {belief}
    setup_pitfall(app)  # while reading: {pitfall}
    setup_versions(app)  # while reading: {versions}
    setup_commands(app)  # while reading: {commands}
    setup_systems(app)  # while reading: {systems}
    setup_self_check(app)  # while reading: {choice}, {task}, …; doctree-read: their answers
    setup_section_slide(app)  # while reading: {section-slide}
    setup_emphasize_steps(app)  # while reading: an option of {code-block}
    setup_footnotes(app)  # while reading: footnotes to the slide that mentions them
    setup_glossary(app)  # doctree-read, env-get-updated: terms, and what a page says about them
    setup_from_headings(app)  # doctree-read: what slides show that nobody wrote
    setup_long_code(app)  # doctree-read: code and outputs that need more room
    setup_counterpart(app)  # doctree-read, build-finished: what page and deck have in common
    setup_page_blocks(app)  # doctree-read, build-finished: addresses of paragraphs
    setup_slide_lines(app)  # while writing; build-finished: where what stands on slides was written
    setup_time_budget(app)  # doctree-read: how long each part of a chapter may take
    setup_summaries(app)  # env-get-updated, doctree-resolved: blocks made from the whole book
    setup_explained(app)  # doctree-read: where terms stand in bold
    setup_general_index(app)  # one of them: {general-index}
    setup_reading_time(app)  # doctree-read: how long a chapter takes; {course-times}
    setup_search(app)  # doctree-read, build-finished: the words of every section
    setup_figure_numbers(app)  # doctree-read, env-get-updated
    setup_cross_references(app)  # doctree-read, env-get-updated: who quotes what has changed
    setup_whole_output(app)  # env-updated, build-finished: what is gone
    setup_figures(app)  # before writing: drawings that follow the scheme
    setup_download(app)  # doctree-resolved: the chapter as a notebook
    setup_term_links(app)  # doctree-resolved, last: terms where they are used first
    setup_navigation(app)  # html-page-context; build-finished: the pages that were not written
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
