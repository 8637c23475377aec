# SPDX-License-Identifier: Apache-2.0
"""From clips to speech, and what the recorder hears: its own tone and another recorder's."""
