# SPDX-License-Identifier: Apache-2.0
"""From sensors to sealed slots: sessions, capture, segments, the card."""
