"""What a home has to see of its meters, row by row, and where it sees it; makes the README's table of it.

The rows are those that the technical specification of In-Home Displays asks for. A row is shown by the tests with its
id in their names, test_H05_..., each of which begins with octets of a meter and ends with words on the panel.
"""

YES = "yes"

# id: (what is required, where it is seen, yes or why not)
ROWS = {
    "H01": ("price of the active tariff", "`tariff`: now, until when, and the next", YES),
    "H02": ("standing charge", "`tariff`: each day", YES),
    "H03": ("power now, in kW and £ an hour", "`now`", YES),
    "H04": ("whether that is low, medium or high", "`now`, as a word", YES),
    "H05": ("use of today, this week, this month", "`usage`", YES),
    "H06": ("use and cost of 8 days, 5 weeks, 13 months", "`past`, by SELECT", YES),
    "H07": ("cost of today, this week, this month", "`usage`; beside the meter's own in `links`", YES),
    "H08": ("meter reading", "`account`; what was exported in `tariff`", YES),
    "H09": ("payment mode", "`account`", YES),
    "H10": ("meter balance", "`account`, in prepayment mode", YES),
    "H11": ("emergency credit: balance, limit, threshold", "`account`, by SELECT", YES),
    "H12": ("low credit alert", "`now`, as a notice; its level in `account`", YES),
    "H13": ("debt, and what is taken for each", "`account`, by SELECT", YES),
    "H14": ("supply on, armed or off", "`account`", YES),
    "H15": ("supplier's name and phone", "`tariff`", YES),
    "H16": ("supplier's message, and its confirmation", "`messages`", YES),
    "H17": ("customer identification number", "`account`", YES),
    "H18": ("MPAN, MPRN", "`tariff`", YES),
    "H19": ("nothing of before a change of tenancy", "every screen; `fresh_start` says since when", YES),
    "H20": ("time", "every screen but the questions, local", YES),
    "H21": ("network and signal", "`status`: each meter; `links`: the last hop", YES),
    "H22": ("use without instruction, no cue by colour alone", "every screen: one key on, and words", YES),
    "H23": ("gas in m³ and in kWh", "`usage`, `past`; how it is reckoned in `tariff`", YES),
    "H24": ("speech (optional)", "", "no, because the board has no loudspeaker"),
    "H25": ("block prices and their thresholds", "", "no, because only the prices in force and to come are asked for"),
}


def readme():
    """The lines of the README's table."""
    rows = [f"| {name} | {' | '.join(row)} |" for name, row in ROWS.items()]
    return ["| id | requirement | where it is seen | |", "|---|---|---|---|", *rows]
