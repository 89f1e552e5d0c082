"""Reliability mathematics for site reliability engineers.

Every answer carries its uncertainty: a value, an interval, how many observations, and how it was made.
Submodules are named as the areas: ``relia.stats``, ``relia.sli``, ``relia.queueing`` and so on.
"""

from . import _core as _core
