# SPDX-License-Identifier: Apache-2.0
"""The recorder's own application, but refusals leave as soon as they are there: what campaign_answers must find."""

import board

from sealcam.dock import link
from sealcam.supervisor import run

link.ANSWER_STEP_MS = 1
run(board)
