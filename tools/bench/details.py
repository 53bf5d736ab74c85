"""What a meter has been told of its supplier and its customer; None for what it has not."""

import dataclasses


@dataclasses.dataclass
class Details:
    """provider: its id. site: the MPAN or MPRN. cin: the customer identification number. low_medium, medium_high: the
    thresholds of consumption, watts. event: the issuer event id of the last change."""

    provider: int | None = None
    name: str | None = None
    contact: str | None = None
    site: str | None = None
    cin: str | None = None
    low_medium: int | None = None
    medium_high: int | None = None
    event: int = 0

    def reader(self, field):
        """A function of Zigbee UTC that returns the field as an attribute has it: a text as bytes."""

        def read(utc):
            value = getattr(self, field)
            return value.encode() if isinstance(value, str) else value

        return read
