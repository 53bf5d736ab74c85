"""Enters a price or a message in an Account, in its place among the others; loaded when there is one."""

from micropython import const

_MOST_PRICES = const(5)  # of two rates, those of a day, the present and the next
_MOST_MESSAGES = const(3)
_FOR_EVER = const(0xFFFF)


def enter_price(account, start, minutes, price, label, event_id, told):
    """See home.account.Account.tell_price."""
    end = None if minutes == _FOR_EVER else start + 60 * minutes
    held = account.price(start)
    if held and held[1] and held[0][1:4] == (end, price, label):
        return  # a meter that says since when by the time at which it is asked
    prices = []
    for each in account.prices:
        if each[4] > event_id and each[0] <= start and (each[1] is None or start < each[1]):
            return  # stale
        if each[4] <= event_id and start <= each[0] and (end is None or each[0] < end):
            continue  # overtaken
        if each[0] == start:
            return
        prices.append(each)
    prices.append((start, end, price, label, event_id, told))
    prices.sort(key=_start)
    if len(prices) > _MOST_PRICES:
        del prices[0 if prices[1][0] <= told else -1]
    account.prices = prices


def enter_message(account, message):
    """See home.account.Account.show."""
    kept = [each for each in account.messages if each[0] != message[0]]
    if len(kept) == len(account.messages):
        account.unread = message[0]
    account.messages = sorted([message] + kept, key=_begin, reverse=True)[:_MOST_MESSAGES]


def _start(price):
    return price[0]


def _begin(message):
    return message[2]
