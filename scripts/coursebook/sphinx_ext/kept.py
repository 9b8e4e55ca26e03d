"""What collectors keep of each chapter in Sphinx's environment, from one build to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sphinx.environment.collectors import EnvironmentCollector

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def kept(environment: BuildEnvironment, key: str) -> dict[str, Any]:
    """Return what is kept under a name, by chapter; it is pickled with the environment."""
    found: dict[str, Any] = vars(environment).setdefault(key, {})
    return found


class ChapterCollector(EnvironmentCollector):
    """Keeps something of every chapter, as long as the chapter stands.

    Attributes:
        key: The name it is kept under.
    """

    key: ClassVar[str]

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a chapter that is read again or gone."""
        kept(env, self.key).pop(docname, None)

    def merge_other(
        self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
    ) -> None:
        """Take over what another process read."""
        theirs = kept(other, self.key)
        kept(env, self.key).update({name: theirs[name] for name in docnames if name in theirs})
