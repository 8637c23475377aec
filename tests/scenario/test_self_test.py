# SPDX-License-Identifier: Apache-2.0
"""At power-on and at each spoken check the recorder hears its own tone; what is dead or covered is seen, felt, said and signed."""
