# SPDX-License-Identifier: Apache-2.0
"""`sealdock demo`: the main job in one go on simulated hardware."""

from sealsim.demo.command import demo

__all__ = ["demo"]
