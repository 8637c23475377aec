# SPDX-License-Identifier: Apache-2.0
"""Starts the recorder on the board that stands on the import path. Nothing else imports `board`."""

import board

from sealcam.supervisor import run

run(board)
