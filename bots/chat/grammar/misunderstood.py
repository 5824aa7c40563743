"""What a person wrote cannot be meant as it stands."""

from __future__ import annotations

from engine.debate.explained import Explained


class Misunderstood(Explained):
    """Nothing was done; the text says what to write instead."""
