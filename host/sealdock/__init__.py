# SPDX-License-Identifier: Apache-2.0
"""The station: takes recordings, verifies, archives, gives receipts, exports."""
