"""A small book with terms, beliefs, pitfalls, systems and commands, built once for all tests."""

from __future__ import annotations

import pytest

from books import Book

CELLS = "---\nfile_format: mystnb\nkernelspec:\n  name: bash\n"

GLOSSARY = """\
# Glossary

```{glossary}
wheel
  A built package, a zip file that an installer only unpacks. See {term}`PATH`.

lock file
lock
  A file that names every package, with version and hash.

PATH
  The list of folders in which a shell looks for programs.

virtual environment
  A folder with a `pyvenv.cfg`.
```
"""

BOXES = (
    CELLS
    + """\
minutes: 75
---
# Wheel boxes

{% if slide %}
Words for the wall
{% else %}
"""
    + "word " * 590
    + """
{% endif %}

% covers: S0-01
% a note from one author to another

On the PATH, not on a path: Wheels, another wheel, `lock file`, and **virtual environments**.
The {term}`locked thing <lock>` and [a lock file](https://example.org/lock).

## A belief

:::{belief} The order of `sys.path`
:source: https://docs.python.org/3/library/sys_path_init.html

It comes first.

```text
+++
```

+++
It comes **last**.
:::

## A pitfall

:::{pitfall} A lock from elsewhere
:source: https://github.com/pypa/pip/issues/11664

It was made on Windows.
:::

## Systems

```{code-cell} bash
true
  echo made by hand  # in a cell
```

:::::{systems}
::::{system} powershell
:manual: https://docs.python.org/3/library/venv.html

```powershell
.venv\\Scripts\\Activate.ps1
```
::::
::::{system} bash
:ran:

```bash
# a comment
true
echo made by hand
```
::::
::::{system} zsh
:manual: https://docs.python.org/3/library/venv.html

```zsh
true
```
::::
:::::

:::::{systems}
::::{system} powershell
:manual: https://docs.python.org/3/library/venv.html

```powershell
Get-Command
```
::::
::::{system} bash
```bash
ls
```
::::
:::::

## Commands

:::{commands}
bash: `true`
bash: `false` (https://www.gnu.org/software/bash/manual/)
other: `true or not` (https://example.org/true)
:::
"""
)

REST = """\
# Index and times

{index}`wheels on a shelf <wheel; shelf>`, and {index}`seed`.

```{general-index}
```

```{course-times}
```

```{versions}
Python  runs the cells
sphinx  renders
```
"""


def write_reference_book(book: Book) -> Book:
    """Write it into a folder."""
    book.chapter("boxes", BOXES)
    book.chapter("glossary", GLOSSARY)
    book.chapter("rest", REST)
    return book


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The book, built."""
    return write_reference_book(Book(tmp_path_factory.mktemp("reference") / "book")).build()
