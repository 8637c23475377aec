# SPDX-License-Identifier: Apache-2.0
"""The rules of the verdict: state and conditions only. Nothing here reads a file or a clock."""
