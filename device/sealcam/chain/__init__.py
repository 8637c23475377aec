# SPDX-License-Identifier: Apache-2.0
"""The records on internal flash, the keys that sign them, and what a boot makes of both."""
