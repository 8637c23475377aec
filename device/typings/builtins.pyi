# SPDX-License-Identifier: Apache-2.0
# Names of the native compiler: raw pointers take any buffer and are indexed like arrays.
from typing import Any as _Any

ptr: _Any
ptr8 = _Any
ptr16 = _Any
ptr32 = _Any
uint = int
