# SPDX-License-Identifier: Apache-2.0
"""The simulator: starts recorders as processes of the real interpreter and plays the world around them."""
