"""What to type when a library tells what is wrong, and no more than that."""

from __future__ import annotations

import ast
import difflib
import re

OURS = (
    *("beside", "belief", "big-number", "choice", "code-cell", "column", "columns", "commands"),
    *("course-times", "fragments", "general-index", "glossary", "matching", "ordering"),
    *("pitfall", "predict", "question", "quotation", "revealjs-break", "section-slide"),
    *("speaker", "system", "systems", "task", "versions"),
)
"""Names of directives that authors use, to compare misspelt ones with."""

_UNKNOWN_OPTIONS = re.compile(r"Unknown option keys: (\[.*?\]) \(allowed: (\[.*?\])\)")
_UNKNOWN_DIRECTIVE = re.compile(r"Unknown directive type:? '([^']+)'")

_HINTS = (
    (
        r"myst\.substitution",
        r"",
        "write it in backticks to show the braces, or name the value in `_config.yml` below "
        "`parse: {myst_substitutions: …}`",
    ),
    (
        r"myst\.xref_missing",
        r"local id not found",
        "write a label above the heading, `(my-label)=`, and link to it by `#my-label`",
    ),
    (
        r"myst\.xref_missing",
        r"\.(md|ipynb)'",
        "name the file as seen from the chapter; a chapter that includes this file counts, "
        "unless it says `:relative-docs: ./`",
    ),
    (r"myst\.xref_missing", r"", "mend the name, or write the label `(…)=` where it shall lead"),
    (r"ref\.doc", r"", "name the chapter as seen from this one, without its ending"),
    (r"ref\..*", r"caption not found", "write a caption below it, or `` {ref}`text <name>` ``"),
    (r"ref\..*", r"", "mend the name, or write the label `(…)=` where it shall lead"),
    (r"myst\.directive_option.*", r"", "end the options of a directive with a blank line"),
    (r"myst\.directive_unknown", r"'toggle'", "write `{dropdown} Title` instead"),
    (
        r"myst\.directive_unknown",
        r"",
        "mend the name, or name its extension in `_config.yml` below "
        "`sphinx: {extra_extensions: […]}`",
    ),
    (r"image\.not_readable", r"", "name the image as seen from the chapter, with its ending"),
    (r"download\.not_readable", r"", "name the file as seen from the chapter, with its ending"),
    (
        r"design\..*",
        r"parent|children",
        "give every outer fence more colons than what stands inside it",
    ),
    (r"bibtex\..*", r"key", "mend the key, or add the entry to the file of `bibtex_bibfiles`"),
    (r"bibtex\.bibfile_error", r"", "name the file in `_config.yml` from the folder of that file"),
    (r"misc\.highlighting_failure", r"", "name another language at the fence, or `text`"),
)
"""Codes and messages of Sphinx and its extensions, the first that fits counts."""


def hint_for(code: str, message: str) -> str:
    """Return what to type; empty where we know no more than the library.

    Args:
        code: The library's own, such as ``myst.xref_missing``.
        message: What it says.
    """
    near = _near(message)
    if near:
        return near
    for wanted, says, hint in _HINTS:
        if re.fullmatch(wanted, code) and re.search(says, message):
            return hint
    return ""


def _near(message: str) -> str:
    """Name what was meant by a misspelt option or directive; empty where nothing is near."""
    options = _UNKNOWN_OPTIONS.search(message)
    if options:
        unknown, known = (ast.literal_eval(part) for part in options.groups())
        near = [(word, difflib.get_close_matches(word, known, 1)) for word in unknown]
        found = [f"`{close[0]}` instead of `{word}`" for word, close in near if close]
        listed = ", ".join(f"`{word}`" for word in known)
        return f"write {', '.join(found)}" if found else f"it has the options {listed}"
    directive = _UNKNOWN_DIRECTIVE.search(message)
    close = difflib.get_close_matches(directive[1], OURS, 1, 0.75) if directive else []
    return f"did you mean `{{{close[0]}}}`?" if close else ""
