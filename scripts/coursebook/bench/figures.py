"""Figures that are taken several times."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field


@dataclass
class Collected:
    """Figures by name; each has one value for a run.

    Attributes:
        values: In the order in which they were taken.
    """

    values: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, value: float) -> None:
        """Add a value."""
        self.values.setdefault(name, []).append(value)

    def medians(self) -> dict[str, float]:
        """Return the middle of the values of each figure."""
        return {name: statistics.median(values) for name, values in self.values.items()}
