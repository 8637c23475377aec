# SPDX-License-Identifier: Apache-2.0
"""Profiles: one bureau's rules as data, read from TOML and compiled for the recorder (docs/profiles.md)."""

from .compile import compile
from .load import ProfileError, load, loads, names
from .schema import Profile

__all__ = ["Profile", "ProfileError", "compile", "load", "loads", "names"]
