# SPDX-License-Identifier: Apache-2.0
"""The dock line and what a station may do over it: read, put, set the clock, enrol, give receipts."""
