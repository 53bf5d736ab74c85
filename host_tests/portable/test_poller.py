"""What a meter is asked, and when."""

from fakes import START, Home, counts, indication

from ihd.clock import ticks_add, ticks_diff
from ihd.home.meter import Meter
from ihd.home.poller import Poller

METER = bytes(range(8))
NOON = 821577600 + 43200
SCALE = "0003003000" + "01030022010000" + "02030022e80300"
GAS_SCALE = "0003003001" + "01030022010000" + "02030022e80300"
READING = "0004002ad20400" + "00000025e80300000000"


class Talk:
    """A poller and a meter that answers from a table: attributes asked, as hex -> records; None is silence."""

    def __init__(self, fuel, poll_s, answers, utc=NOON):
        self.home = home = Home(fuel, utc)
        self.refused = home.refused
        self.meter = Meter(home.device, home)
        self.poller = Poller(self.meter, home, poll_s)
        self.answers = answers
        self.asked = []  # (seconds since the start, attributes as hex, network address)
        self.now = START
        self.poller.begin(START)

    def run(self, seconds):
        for _ in range(seconds):
            self.poller.dialogue.step(self.now)
            self.home.exchange.step(self.now)
            while self.home.radio.sent:
                _, short, _, _, _, _, payload, _ = self.home.radio.sent.pop(0)
                wanted = payload[3:].hex()
                self.asked.append((ticks_diff(self.now, START) // 1000, wanted, short))
                records = self.answers.get(wanted)
                if records is not None:
                    answer = indication(bytes.fromhex("18%02x01" % payload[1] + records), 0x0702)
                    request = self.home.exchange.match(answer, 0x0702, payload[1], 1)
                    request.dialogue.answered(1, answer.payload[3:], self.now)
            self.now = ticks_add(self.now, 1000)


def test_the_scale_is_asked_first_and_once():
    talk = Talk("electricity", 10, {"000301030203": SCALE, "00040000": READING})
    talk.run(31)
    assert [wanted for _, wanted, _ in talk.asked] == ["000301030203"] + ["00040000"] * 4
    assert [second for second, _, _ in talk.asked] == [0, 0, 10, 20, 30]
    assert talk.meter.watts == 1234


def test_a_meter_that_never_says_its_scale_is_asked_no_oftener():
    talk = Talk("electricity", 10, {"000301030203": "000386" + "010386" + "020386"})
    talk.run(25)
    assert [second for second, _, _ in talk.asked] == [0, 10, 20]


def test_electricity_is_also_asked_when_a_half_hour_closes():
    talk = Talk("electricity", 300, {"000301030203": SCALE, "00040000": READING}, NOON + 1690)
    talk.run(420)
    assert [second for second, _, _ in talk.asked] == [0, 0, 110, 410]


def test_gas_is_asked_two_minutes_after_each_half_hour():
    talk = Talk("gas", 1800, {"000301030203": GAS_SCALE, "0000": "00000025e80300000000"}, NOON + 1000)
    talk.run(3000)
    assert [second for second, _, _ in talk.asked] == [0, 0, 920, 2720]


def test_without_time_gas_is_asked_every_minute():
    talk = Talk("gas", 1800, {"000301030203": GAS_SCALE, "0000": "00000025e80300000000"}, None)
    talk.run(130)
    assert [second for second, _, _ in talk.asked] == [0, 0, 60, 120]


def test_a_silent_meter_is_asked_with_growing_pauses_and_sought_anew():
    talk = Talk("electricity", 10, {})
    talk.run(140)
    assert talk.meter.lost
    firsts = [asked for n, asked in enumerate(talk.asked) if n % 3 == 0]  # each question is sent three times
    assert [second for second, _, _ in firsts] == [0, 17, 39, 71, 123]
    assert [short for _, _, short in firsts] == [0x5566] + [0xFFFE] * 4


def test_records_cut_short_are_counted_and_the_meter_is_asked_again():
    talk = Talk("electricity", 10, {"000301030203": SCALE, "00040000": "0004002ad2"})
    talk.run(15)
    assert counts(talk.refused) == {"malformed": 2}
    assert not talk.meter.lost
