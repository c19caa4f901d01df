"""What a value means for the business."""

from enum import StrEnum


class Tone(StrEnum):
    """Good or bad by impact, not by sign; never told by colour alone."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    MUTED = "muted"
