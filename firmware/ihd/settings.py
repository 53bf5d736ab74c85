"""The installation settings: names, units, ranges, defaults."""

# name, default, lowest, highest, or for a word the two that it may be; the README explains them in the same order
TABLE = (
    ("electricity_poll_s", 10, 5, 300),
    ("gas_poll_s", 1800, 60, 7200),
    ("time_poll_s", 300, 30, 86400),
    ("tenancy_poll_s", 900, 60, 86400),
    ("tenancy_stale_s", 86400, 3600, 432000),
    ("supplier_change", "rewind", "rewind", "supplier-data"),
    ("backfill_unproven", 0, 0, 1),
)


def checked(given, refuse):
    """A dict of every setting in TABLE, from the dict `given` where it holds a whole number in range, or a right word.

    refuse(name) is called for every name that is unknown or has a bad value; the default stands in for it.
    """
    settings = {name: default for name, default, _, _ in TABLE}
    ranges = {name: (low, high) for name, _, low, high in TABLE}
    for name, value in given.items():
        low, high = ranges.get(name, (0, -1))
        if isinstance(low, str):
            good = value in (low, high)
        else:
            good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        if good:
            settings[name] = value
        else:
            refuse(name)
    return settings
