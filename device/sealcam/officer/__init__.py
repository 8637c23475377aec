# SPDX-License-Identifier: Apache-2.0
"""What the officer does and hears: the table of states, buttons, lights, menus by ear, and each duty of a session."""
