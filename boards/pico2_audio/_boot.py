# SPDX-License-Identifier: Apache-2.0
"""Runs first, in place of the port's own, which formats flash whenever mounting fails. Nothing is mounted here, and nothing formatted."""
