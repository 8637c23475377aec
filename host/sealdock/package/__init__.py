# SPDX-License-Identifier: Apache-2.0
"""Case packages: names and bytes of their files (docs/package.md). Reading is `sealdock.verify`'s."""
