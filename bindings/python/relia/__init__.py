"""Reliability mathematics for site reliability engineers.

Every answer carries its uncertainty: a value, an interval, how many observations, and how it was made.
Submodules are named as the areas: ``relia.stats``, ``relia.sli``, ``relia.queueing`` and so on.
"""

import sys as _sys
import types as _types

from . import _core as _core


class _Check(_types.ModuleType):
    """relia.check: a module that can be called."""

    def __call__(self, path):
        """Evaluates the checks of a rules file, as the `relia check` command does, and returns the report."""
        return self.evaluate(_sys.modules["relia.io"].read_rules(path))


_sys.modules["relia.check"].__class__ = _Check
