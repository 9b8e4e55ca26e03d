"""What to type when a library tells what is wrong, and no more than that."""

from __future__ import annotations

import re

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
    (r"ref\.term", r"", "mend the term, or write it into a `{glossary}`"),
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
    for wanted, says, hint in _HINTS:
        if re.fullmatch(wanted, code) and re.search(says, message):
            return hint
    return ""
