"""What must not come back after a change, nor be lost by one: new meters, clocks set back, rounds that are cut."""

from test_messages import MESSAGING, Told, message
from world import HALF_HOUR, UTC, World, le, tenancy

PRICE = 0x0700
DAY = 86400


def published(start, price, minutes=0xFFFF, event=5):
    """A PublishPrice payload: 826, five digits, a kWh."""
    head = le(0, 4) + b"\0" + le(event, 4) + le(start, 4) + b"\0" + le(826, 2) + b"\x50\x11"
    return head + le(start, 4) + le(minutes, 2) + le(price, 4)


def selling(home):
    """The electricity meter of `home` has prices and a standing charge, at endpoint 3."""
    meter = home.electricity
    meter.serves = {PRICE: 3}
    meter.publishes = {(PRICE, 0): [(0, published(UTC - HALF_HOUR, 24500))]}
    meter.records = {(PRICE, 0x0301): b"\x23" + le(54794, 4), (PRICE, 0x0617): b"\x18\x50"}
    return meter


def test_a_meter_that_is_bound_anew_after_a_factory_reset_tells_nothing_of_before():
    home = Told()
    old = message(b"Dear Ms Smith", home.now - HALF_HOUR)
    home.say(old)
    home.electricity.publishes[MESSAGING, 0] = [(0, old)]
    home.app.factory_reset()
    home.run(1200)
    assert home.app.electricity.account.floor > UTC
    assert home.shown is None and home.say(old) == 0 and home.shown is None


def test_what_was_told_while_the_clock_was_ahead_goes_with_the_next_change():
    home = Told()
    home.utc += DAY
    home.run(700)
    home.say(message(b"Dear Ms Smith"))
    assert home.shown == b"Dear Ms Smith"
    home.utc -= DAY
    home.run(700)
    home.publish(home.electricity, tenancy(0, 9))
    home.run(120)
    assert home.of("receipt")
    home.utc += 2 * DAY
    home.run(700)
    assert home.shown is None


def test_a_message_of_before_is_not_shown_because_the_clock_fell_back_for_a_while():
    home = Told()
    home.app.moved_in()
    home.run(120)
    old = message(b"Dear Ms Smith", home.now - 2 * HALF_HOUR)
    assert home.say(old) == 0 and home.shown is None
    home.utc -= 4 * HALF_HOUR
    home.run(700)
    home.say(old)
    home.utc += 4 * HALF_HOUR
    home.run(700)
    assert home.shown is None


def test_a_rewind_within_the_hour_s_round_has_prices_asked_again():
    home = World()
    meter = selling(home)
    home.settle()
    account = home.app.electricity.account
    account.hour = account.minute = None
    home.app.pollers["electricity"].dialogue.hurry(home.ticks)
    meter.asked.clear()
    for _ in range(1000):
        if (PRICE, 0) in meter.asked:
            break
        home.step()
    assert (PRICE, 0) in meter.asked and account.hour is None
    home.app.moved_in()
    home.run(700)
    assert home.of("receipt") and account.prices and account.standing == 54794000


def test_clusters_are_looked_for_again_where_the_meter_s_address_was_not_known():
    home = World()
    selling(home)
    home.settle()
    account = home.app.electricity.account
    assert account.places[PRICE] == 3
    home.app.electricity.device.short = 0xFFFE
    account.joined()
    home.run(700)  # its answers tell the address
    assert account.places[PRICE] == 3 and home.app.electricity.device.short == home.electricity.short


def test_what_a_meter_fails_to_tell_for_once_is_asked_again():
    home = World()
    meter = selling(home)
    good = meter.attribute
    meter.attribute = lambda cluster, number: None if cluster == PRICE else good(cluster, number)
    home.settle()
    assert home.app.electricity.account.standing is None
    assert PRICE << 16 | 0x0301 in home.app.electricity.account.lacking  # World says 0x86


def test_a_message_told_again_keeps_its_time_and_that_it_was_confirmed():
    home = Told()
    start = home.now
    told = message(b"please confirm", start, control=0x80, minutes=90)
    home.electricity.publishes[MESSAGING, 0] = [(0, told)]
    home.say(told)
    home.app.confirm()
    home.run(5000)
    assert home.shown == b"please confirm"
    assert home.app.electricity.account.message(home.now)[1] == 0
    home.run(600)
    assert home.shown is None


def test_a_clock_that_is_put_right_has_nothing_read_back_again():
    home = World()
    home.settle()
    home.run(200)
    assert (0x0702, 8) in home.electricity.asked
    home.electricity.asked.clear()
    home.utc += 100
    home.run(310)
    assert home.electricity.asked and (0x0702, 8) not in home.electricity.asked


def test_a_message_of_before_that_was_told_since_goes_with_a_change_that_is_told_late():
    home = Told()
    home.run(600)
    floor = home.now - 300
    home.say(message(b"Dear Ms Smith", floor - 60))
    home.say(message(b"Also to her", 2, start=floor - 30))
    home.say(message(b"Welcome", floor + 60))
    home.publish(home.electricity, tenancy(floor, 9))
    home.run(60)
    assert home.of("receipt")[0]["verified"] and [each[4] for each in home.app.electricity.account.messages] == [
        b"Welcome"
    ]


def test_a_message_without_a_text_changes_nothing():
    home = Told()
    home.say(message(b"Reset"))
    for length in (b"\xff", b"\0"):
        assert home.say(message(b"")[:-1] + length) == 0 and home.shown == b"Reset"


def test_a_poller_that_was_stopped_stays_so():
    home = Told()
    poller = home.app.pollers["electricity"]
    home.app.electricity.account.joined()
    poller.dialogue.hurry(home.ticks)
    home.electricity.asked.clear()
    for _ in range(1000):
        if home.electricity.asked.count((0x0702, 0)) > 1:  # the register, and what changes seldom
            break
        home.step()
    poller.stop()
    home.run(30)
    home.electricity.asked.clear()
    home.app.make_room()
    home.run(700)
    assert (0x0702, 0) not in home.electricity.asked
