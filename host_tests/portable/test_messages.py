"""What a supplier says: shown for its time, confirmed when that is wanted, and never shown to the next occupant."""

from world import HALF_HOUR, UTC, World, le, tenancy

SUCCESS, NOT_FOUND = 0x00, 0x8B
MESSAGING = 0x0703
AN_ID = 7  # no time, as a GB message's is


def message(text, number=AN_ID, control=0, start=0, minutes=0xFFFF, rest=b""):
    """A DisplayMessage payload."""
    return le(number, 4) + bytes((control,)) + le(start, 4) + le(minutes, 2) + bytes((len(text),)) + text + rest


class Told(World):
    """A settled home whose electricity meter publishes messages from endpoint 3."""

    def __init__(self, **more):
        World.__init__(self, **more)
        self.electricity.serves = {MESSAGING: 3}
        self.electricity.publishes = {(MESSAGING, 0): NOT_FOUND, (MESSAGING, 1): SUCCESS}
        self.settle()

    def say(self, payload, command=0):
        """Publish; the status of our answer."""
        answer = self.publish(self.electricity, payload, command, cluster=MESSAGING, source_endpoint=3)
        return answer and answer[0]

    @property
    def shown(self):
        """The text of the message whose time it is."""
        found = self.app.electricity.account.message(self.now)
        return found and found[4]


def test_the_newest_message_is_shown_for_its_time():
    home = Told()
    assert home.say(message(b"Reset")) == SUCCESS and home.shown == b"Reset"
    assert home.say(message(b"Soon", 8, start=home.now + 120, minutes=3)) == SUCCESS
    assert home.shown == b"Reset"
    home.run(121)
    assert home.shown == b"Soon"
    home.run(180)
    assert home.shown == b"Reset"
    assert home.say(message(b"Late", 9, start=home.now - 600, minutes=10)) == SUCCESS and home.shown == b"Reset"
    assert [each["value"] for each in home.of("fact", what="message")] == [AN_ID, 8]


def test_a_new_message_is_a_notice_until_messages_are_looked_at_and_none_after_a_change():
    home = Told()
    assert not home.app.electricity.unread
    home.say(message(b"Reset"))
    assert home.app.electricity.unread
    while home.of("screen")[-1]["name"] != "messages":
        home.app.key("next")
        home.run(1)
    assert not home.app.electricity.unread
    home.say(message(b"Reset"))  # once more
    assert not home.app.electricity.unread
    home.say(message(b"Tomorrow", 8, start=home.now + 400))
    assert not home.app.electricity.unread
    home.run(900)  # nobody looks any more, and its meter is heard again
    assert home.app.electricity.unread
    home.publish(home.electricity, tenancy(home.now, 9))
    home.run(60)
    assert home.of("receipt") and not home.app.electricity.unread


def test_a_message_is_cancelled_by_its_id_and_all_are_at_once_or_at_a_time():
    home = Told()
    home.say(message(b"one", 1))
    home.say(message(b"two", 2, control=0x80, rest=b"\1"))
    assert home.say(le(3, 4) + b"\0", 1) == NOT_FOUND
    assert home.say(le(1, 4) + b"\0", 1) == SUCCESS and home.shown == b"two"
    assert home.say(le(home.now + 60, 4), 3) == SUCCESS and home.shown == b"two"
    home.run(61)
    assert home.shown is None
    home.say(message(b"three", 3))
    assert home.say(le(0, 4), 3) == SUCCESS and home.shown is None


def test_a_message_is_confirmed_once_and_only_if_that_is_wanted():
    home = Told()
    home.say(message(b"no answer", 1))
    home.app.confirm()
    home.run(30)
    assert (MESSAGING, 1) not in home.electricity.asked
    for control in (0x80, 0xA0):
        home.electricity.asked.clear()
        home.say(message(b"please confirm", 5, control))
        home.app.confirm()
        home.app.confirm()
        home.run(400)
        assert home.electricity.asked.count((MESSAGING, 1)) == 1


def test_what_was_said_before_a_change_is_gone_and_is_refused_when_the_meter_says_it_again():
    home = Told()
    floor = home.now
    home.say(message(b"Dear Ms Smith", 1))
    home.say(message(b"Your bill", floor - HALF_HOUR))
    home.run(60)
    home.publish(home.electricity, tenancy(floor + 30, 9))
    home.run(60)
    assert home.of("receipt") and home.shown is None
    assert not home.app.electricity.account.messages
    before = home.counts().get("before_floor", 0)
    assert home.say(message(b"Your bill", floor - HALF_HOUR)) == SUCCESS
    assert home.say(message(b"Dear Ms Smith", 1, start=floor - 5)) == SUCCESS
    assert home.shown is None and home.counts()["before_floor"] == before + 2
    assert home.say(message(b"Welcome", home.now)) == SUCCESS and home.shown == b"Welcome"
    home.cut()
    home.boot()
    home.run(60)
    assert home.say(message(b"Your bill", floor - HALF_HOUR)) == SUCCESS and home.shown is None


def test_messages_are_taken_from_the_bound_meter_alone_and_to_us_alone():
    home = Told()
    for wrong in ({"source": bytes(range(8))}, {"secured": False}, {"broadcast": True}, {"cluster": 0x0704}):
        given = {"cluster": MESSAGING, "source_endpoint": 3}
        given.update(wrong)
        home.publish(home.electricity, message(b"Not for you"), 0, **given)
        assert home.shown is None
    assert home.say(message(b"cut")[:-1]) == 0x80 and home.shown is None
    assert UTC <= home.now
