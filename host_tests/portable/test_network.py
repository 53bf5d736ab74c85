"""Finding the meters and the time, in dialogues written out as bytes."""

from fakes import START, counts, indication
from test_inbox import Han

from ihd.clock import ticks_add

ESME = bytes.fromhex("00db1234567890a0")
GPF = bytes.fromhex("00db1234567890b0")
HUB = bytes.fromhex("00db1234567890c0")


class Play:
    """A HAN that answers what it is asked by a table: (cluster, request behind its sequence number) -> answer."""

    def __init__(self, answers):
        self.han = Han()
        self.answers = answers
        self.asked = []
        self.now = START

    def frame(self, address, short, cluster, profile, endpoint, payload, secured=True):
        source = HUB if address == bytes(8) else address
        frame = indication(
            payload, cluster, profile=profile, source=source, short=short, source_endpoint=endpoint, secured=secured
        )
        self.han.inbox.take(frame, self.now)

    def run(self, seconds):
        """Let `seconds` pass, answering everything at once."""
        han = self.han
        for _ in range(seconds * 2):
            for dialogue in (han.timekeeper.dialogue, han.network.dialogue):
                dialogue.step(self.now)
            han.exchange.step(self.now)
            while han.radio.sent:
                address, _, cluster, profile, _, endpoint, payload, _ = han.radio.sent.pop(0)
                sequence, at = (payload[1], 2) if profile else (payload[0], 1)
                self.asked.append((address, cluster, payload[at:].hex()))
                for source, source_short, answer in self.answers.get((address, cluster, payload[at:].hex()), ()):
                    data = bytes.fromhex(answer)
                    if profile:
                        data = bytes((0x18, sequence)) + data
                    else:
                        data = bytes((sequence,)) + data
                        cluster |= 0x8000
                    self.frame(source, source_short, cluster, profile, endpoint, data)
            self.now = ticks_add(self.now, 500)


BROADCAST = bytes.fromhex("000000000000ffff")
MATCH = (BROADCAST, 0x0006, "fdff0901" + "0202070807" + "00")


def meter(address, short, endpoint, device_type, zdo_short):
    """The table of one meter: its endpoints are one that does not meter and one that does."""
    return {
        (address, 0x0005, zdo_short): [(address, short, "00" + zdo_short + "02" + "03" + endpoint)],
        (address, 0x0004, zdo_short + "03"): [
            (address, short, "00" + zdo_short + "0a" + "03" + "0901" + "0005" + "00" + "01" + "0807" + "00")
        ],
        (address, 0x0004, zdo_short + endpoint): [
            (address, short, "00" + zdo_short + "0c" + endpoint + "0901" + "0105" + "00" + "02" + "00000207" + "00")
        ],
        (address, 0x0000, "000500"): [(address, short, "01" + "0500" + "00" + "42" + "04" + b"M100".hex())],
        (address, 0x0702, "000603"): [(address, short, "01" + "0603" + "00" + "18" + device_type)],
    }


def both():
    table = {MATCH: [(ESME, 0x5566, "00665501" + "21"), (GPF, 0x7788, "00887701" + "2a")]}
    table.update(meter(ESME, 0x5566, "21", "00", "6655"))
    table.update(meter(GPF, 0x7788, "2a", "80", "8877"))
    return table


def test_both_meters_are_found_by_what_they_say_of_themselves():
    play = Play(both())
    play.han.network.joined(START)
    play.run(10)
    devices = {device.fuel: device for device in play.han.directory.devices}
    assert (devices["electricity"].address, devices["electricity"].metering) == (ESME, 0x21)
    assert (devices["gas"].address, devices["gas"].metering) == (GPF, 0x2A)
    assert devices["gas"].bound and devices["electricity"].bound
    assert [devices[fuel].number for fuel in ("electricity", "gas")] == [0, 1]
    assert sorted(play.han.found) == [("00db1234567890a0", "M100"), ("00db1234567890b0", "M100")]
    assert counts(play.han.refused) == {}


def described(endpoint, *servers):
    """A Simple_Desc_rsp behind its sequence number, of the electricity meter."""
    simple = endpoint + "0901" + "0105" + "00" + "%02x" % len(servers) + "".join(servers) + "00"
    return [(ESME, 0x5566, "00" + "6655" + "%02x" % (len(simple) // 2) + simple)]


def test_the_endpoint_of_device_management_is_learnt_wherever_it_is():
    for first, second, management in (
        (("0807",), ("0207",), 0x03),
        (("0207",), ("0807",), 0x21),
        (("0207", "0807"), ("0007",), 0x03),
        (("0207", "0807"), ("0807",), 0x03),  # the first of several
        (("0207",), ("0007",), 0x03),  # none is found: the meter will say so itself
        (("0007",), ("0207",), 0x21),
    ):
        table = both()
        table[(ESME, 0x0004, "665503")] = described("03", *first)
        table[(ESME, 0x0004, "665521")] = described("21", *second)
        play = Play(table)
        play.han.network.joined(START)
        play.run(10)
        device = play.han.directory.find(ESME)
        assert (device.metering, device.management) == (0x03 if "0207" in first else 0x21, management)


def test_a_meter_that_meters_at_two_endpoints_is_told_of_once_and_with_all_that_was_learnt():
    table = both()
    table[(ESME, 0x0004, "665503")] = described("03", "0207")
    table[(ESME, 0x0004, "665521")] = described("21", "0207", "0807")
    play = Play(table)
    told = []
    play.han.network._found = lambda device: told.append((device.name, device.metering, device.management))
    play.han.network.joined(START)
    play.run(10)
    assert told.count(("00db1234567890a0", 0x21, 0x21)) == 1
    assert sorted({name for name, _, _ in told}) == ["00db1234567890a0", "00db1234567890b0"] and len(told) == 2


def test_a_meter_whose_further_answers_are_malformed_is_a_meter():
    table = both()
    table[(ESME, 0x0004, "665503")] = described("03", "0207")
    table[(ESME, 0x0004, "665521")] = [(ESME, 0x5566, "00" + "6655" + "0c" + "2109")]
    play = Play(table)
    play.han.network.joined(START)
    play.run(10)
    device = play.han.directory.find(ESME)
    assert device.bound and (device.metering, device.management) == (3, 3)
    assert counts(play.han.refused) == {"malformed": 1}
    assert len(play.han.found) == 2


def test_a_meter_bound_before_the_start_is_looked_for_and_stays_bound():
    play = Play(both())
    restored = play.han.directory.restore("gas", GPF, 0x2A, 0x03)
    assert (restored.bound, restored.lost, restored.number, restored.short) == (True, True, 1, 0xFFFE)
    assert play.han.directory.bound("gas") is restored
    play.han.network.joined(START)
    play.run(10)
    assert play.han.directory.find(GPF) is restored and restored.short == 0x7788
    assert (restored.metering, restored.management, restored.model) == (0x2A, 0x03, "M100")
    assert len(play.han.directory.devices) == 2


class Nosy:
    """A table of answers in whose HAN the hub reads our Basic cluster whenever a meter's is read."""

    def __init__(self, play):
        self._play = play
        self._table = play.answers

    def get(self, key, default):
        if key[1] == 0x0000 and key in self._table:
            self._play.frame(HUB, 0, 0x0000, 0x0109, 9, b"\x00\x77\x00\x05\x00", False)
        return self._table.get(key, default)


def test_our_basic_cluster_may_be_read_while_a_meter_s_is():
    play = Play(both())
    play.answers = Nosy(play)
    play.han.network.joined(START)
    play.run(10)
    assert sorted(play.han.found) == [("00db1234567890a0", "M100"), ("00db1234567890b0", "M100")]


def test_a_second_meter_of_a_fuel_is_listed_not_bound():
    table = both()
    table.update(meter(GPF, 0x7788, "2a", "00", "8877"))
    play = Play(table)
    play.han.network.joined(START)
    play.run(10)
    assert sorted(device.bound for device in play.han.directory.devices) == [False, True]


def test_a_mirrored_electricity_meter_or_water_is_no_meter_of_ours():
    for device_type in ("7f", "02"):
        table = {MATCH: [(ESME, 0x5566, "00665501" + "21")]}
        table.update(meter(ESME, 0x5566, "21", device_type, "6655"))
        play = Play(table)
        play.han.network.joined(START)
        play.run(10)
        assert play.han.directory.devices == []


def test_a_meter_without_model_is_a_meter():
    table = both()
    table[(ESME, 0x0000, "000500")] = [(ESME, 0x5566, "01" + "0500" + "86")]
    play = Play(table)
    play.han.network.joined(START)
    play.run(10)
    assert ("00db1234567890a0", None) in play.han.found


def test_a_meter_that_is_known_and_answers_is_not_asked_again():
    table = both()
    del table[(GPF, 0x0005, "8877")]
    play = Play(table)
    play.han.network.joined(START)
    play.run(120)
    assert play.asked.count((ESME, 0x0005, "6655")) == 1
    assert [address for address, _, _ in play.asked].count(BROADCAST) == 3


def test_a_meter_whose_address_the_radio_does_not_know_is_asked_for_it():
    unknown = b"\xff" * 8
    table = both()
    table[MATCH] = [(unknown, 0x5566, "00665501" + "21"), (unknown, 0x7788, "00887701" + "2a")]
    for address, short, text in ((ESME, 0x5566, "6655"), (GPF, 0x7788, "8877")):
        answer = "00" + bytes(reversed(address)).hex() + text
        table[(unknown, 0x0001, text + "0000")] = [(unknown, short, answer)]
    play = Play(table)
    play.han.network.joined(START)
    play.run(10)
    assert sorted(device.name for device in play.han.directory.devices) == ["00db1234567890a0", "00db1234567890b0"]


def test_a_further_endpoint_of_a_listed_meter_that_meters_neither_fuel_changes_nothing():
    directory = Han().directory
    directory.enter(ESME, 0x5566, 1, 0x00)
    listed = directory.enter(GPF, 0x7788, 2, 0x00)
    assert directory.enter(GPF, 0x7788, 3, 0x0D) is None
    assert (listed.fuel, listed.bound, listed.metering) == ("electricity", False, 2)


def test_missing_meters_are_looked_for_with_growing_pauses():
    play = Play({})
    play.han.network.joined(START)
    asked_at = []
    for second in range(1300):
        before = len(play.asked)
        play.run(1)
        if len(play.asked) > before:
            asked_at.append(second)
    pauses = [asked_at[n + 1] - asked_at[n] for n in range(len(asked_at) - 1)]
    assert pauses == [32, 62, 122, 242, 482]


def test_a_device_that_announces_itself_is_looked_at_at_once():
    table = both()
    table[MATCH] = []
    play = Play(table)
    play.han.network.joined(START)
    play.run(5)
    assert play.han.directory.devices == []
    announcement = bytes((1,)) + bytes.fromhex("6655") + bytes(reversed(ESME)) + b"\x8e"
    play.frame(ESME, 0x5566, 0x0013, 0, 0, announcement, False)
    play.run(5)
    assert [device.address for device in play.han.directory.devices] == [ESME]


def test_a_known_device_that_announces_itself_has_a_new_address():
    play = Play(both())
    play.han.network.joined(START)
    play.run(10)
    announcement = bytes((1,)) + bytes.fromhex("0102") + bytes(reversed(ESME)) + b"\x8e"
    play.frame(ESME, 0x0201, 0x0013, 0, 0, announcement, False)
    assert play.han.directory.find(ESME).short == 0x0201


def test_a_match_reply_to_no_question_of_ours_proposes_nobody():
    play = Play(both())
    play.frame(ESME, 0x5566, 0x8006, 0, 0, bytes.fromhex("990066550121"), False)
    play.run(5)
    assert play.asked == []
    assert counts(play.han.refused) == {"unasked": 1}


def test_a_crowd_that_announces_itself_takes_no_more_memory():
    play = Play({})
    for n in range(20):
        play.frame(ESME, n, 0x0013, 0, 0, bytes((n,)) + bytes((n, 0)) + bytes(7) + bytes((n,)) + b"\x8e", False)
    play.han.network.joined(START)
    play.run(120)
    assert len({address for address, cluster, _ in play.asked if cluster == 0x0005}) == 6


def test_a_crowd_of_meters_is_not_listed_without_end():
    han = Han()
    entered = [han.directory.enter(bytes(7) + bytes((n,)), n, 1, 0x00) for n in range(20)]
    assert entered.count(None) == 14
    assert han.directory.devices == entered[:6]


READ_TIME = "00" + "0000" + "0100" + "0200" + "0300" + "0400" + "0500"
TIME = {
    (bytes(8), 0x0001, "00000000"): [(HUB, 0, "00" + bytes(reversed(HUB)).hex() + "0000")],
    (HUB, 0x0006, "0000" + "0901" + "010a00" + "00"): [(HUB, 0, "00" + "0000" + "01" + "0c")],
    (HUB, 0x000A, READ_TIME): [(HUB, 0, "01" + "000000e2206ec61f" + "01000018" + "03")],
}
NOVEMBER = 0x1FC66E20


def timed(table, seconds=3):
    play = Play(table)
    play.han.timekeeper.joined(START)
    play.run(seconds)
    return play


def test_time_comes_from_the_trust_centre_s_time_cluster():
    play = timed(TIME)
    assert play.han.clock.utc(START) == NOVEMBER
    assert play.han.timekeeper.trust_centre == HUB


def test_an_endpoint_that_does_not_answer_is_asked_for_again():
    play = timed(dict(TIME))
    play.answers[(HUB, 0x000A, READ_TIME)] = []
    play.run(640)
    assert len([asked for asked in play.asked if asked[1] == 0x0006]) > 1
    assert len([asked for asked in play.asked if asked[1] == 0x0001]) == 1  # the trust centre is known by its time


def test_a_trust_centre_that_was_misheard_is_asked_for_again():
    table = dict(TIME)
    table[(bytes(8), 0x0001, "00000000")] = [(HUB, 0, "00" + bytes(reversed(ESME)).hex() + "0000")]
    play = timed(table, 40)
    assert len([asked for asked in play.asked if asked[1] == 0x0001]) > 1


def test_time_that_cannot_be_had_is_told_once():
    play = Play({})
    told = []
    play.han.timekeeper._told = told.append
    play.han.timekeeper.joined(START)
    play.run(90)
    assert told == [None]


def test_a_clock_that_is_not_set_is_not_believed():
    table = dict(TIME)
    table[(HUB, 0x000A, READ_TIME)] = [(HUB, 0, "01" + "000000e2206ec61f" + "01000018" + "00")]
    play = timed(table)
    assert play.han.clock.utc(START) is None
    assert counts(play.han.refused) == {"not_synchronised": 1}


def test_a_time_that_is_no_time_is_asked_for_again_after_five_seconds():
    table = dict(TIME)
    table[(HUB, 0x000A, READ_TIME)] = [(HUB, 0, "01" + "000000e2ffffffff" + "01000018" + "03")]
    play = timed(table, 12)
    assert play.han.clock.utc(START) is None
    assert len([asked for asked in play.asked if asked[1] == 0x000A]) == 3


def test_time_from_another_than_the_trust_centre_is_refused():
    table = dict(TIME)
    table[(HUB, 0x000A, READ_TIME)] = [(ESME, 0x5566, "01" + "000000e2206ec61f" + "01000018" + "03")]
    play = timed(table)
    assert play.han.clock.utc(START) is None
    assert counts(play.han.refused) == {"stranger": 1}


def test_time_counts_from_the_trust_centre_s_two_addresses_together():
    play = timed(TIME)
    for source, short, taken in ((HUB, 0, True), (ESME, 0, False), (HUB, 0x5566, False)):
        assert play.han.timekeeper.accepts(indication(b"", 0x000A, source=source, short=short)) == taken


def test_unsecured_time_is_taken_until_secured_time_came():
    play = timed(TIME)
    frame = indication(b"", 0x000A, source=HUB, short=0, secured=False)
    assert not play.han.timekeeper.accepts(frame)
    fresh = Han()
    assert fresh.timekeeper.accepts(frame)
