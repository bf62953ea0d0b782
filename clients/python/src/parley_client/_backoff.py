from __future__ import annotations

import random


class Backoff:
    """Waiting times that double up to a bound, spread over their whole length so that many clients do not come back at once."""

    def __init__(self, base: float, cap: float, chance: random.Random | None = None) -> None:
        self._base = base
        self._cap = cap
        self._chance = chance or random.Random()
        self.failures = 0

    def next(self) -> float:
        bound: float = min(self._cap, self._base * 2 ** min(self.failures, 30))
        self.failures += 1
        return self._chance.random() * bound

    def reset(self) -> None:
        self.failures = 0
