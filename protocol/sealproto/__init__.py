# SPDX-License-Identifier: Apache-2.0
"""Bytes <-> meaning, shared by recorder and station. No input, no output, no clock."""

VERSION = 1  # of the record and object schema
