# SPDX-License-Identifier: Apache-2.0
"""Stories about a recorder in the field: told in YAML, played by the real interpreter, checked by ear, by record and by article.

docs/scenarios.md is the language.
"""
