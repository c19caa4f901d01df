"""Part ``rendering``."""


def measure(place, lines, rounds):
    pass
