# SPDX-License-Identifier: Apache-2.0
"""GPIO numbers. All are proposals until somebody has wired and measured a board; README.md has the same table in words."""

CARD_SCK, CARD_MOSI, CARD_MISO, CARD_CS, CARD_DETECT = 2, 3, 4, 5, 6
GREEN, RED, YELLOW = 7, 8, 9
MIC_SCK, MIC_SD = 10, 12  # WS is SCK + 1
VIBRATOR = 13
RTC_SDA, RTC_SCL, RTC_TICK = 14, 15, 28
AMP_ENABLE, AMP_SCK, AMP_SD = 17, 18, 20  # WS is SCK + 1
BUTTON_RECORD, BUTTON_MARK, BUTTON_MENU = 22, 21, 16
VBUS = 24  # on the Pico 2 itself: high while a USB cable gives power
BATTERY = 26
