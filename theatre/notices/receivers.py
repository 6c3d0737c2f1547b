"""Every receiver there is."""


def connect() -> None:
    """Connect the receivers to their events."""
