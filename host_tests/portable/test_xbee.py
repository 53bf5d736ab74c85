"""The XBee driver against a scripted module at the UART."""

from fakes import START, Uart, counts, raises, refusals

from ihd import radio as radios
from ihd.clock import ticks_add
from ihd.radio import api_frame, xbee

PROFILE = b"AP\x02AO\x07"


class Module:
    """Answers AT commands from `registers`; frames other than AT commands are kept in `frames`."""

    def __init__(self, **registers):
        self.uart = Uart()
        self.registers = {name.encode(): value for name, value in registers.items()}
        self.asked = []
        self.frames = []
        self._parser = api_frame.Parser(refusals())

    def say(self, frame):
        self.uart.incoming.extend(api_frame.write(frame))

    def run(self):
        """Answer all that was sent since the last call."""
        sent = self.uart.take()
        at = 0
        while at < len(sent):
            at, found = self._parser.feed(sent, at, len(sent))
            if found:
                self._take(bytes(self._parser.frame))

    def _take(self, frame):
        if frame[0] != 0x08:
            self.frames.append(frame)
            return
        name, value = frame[2:4], frame[4:]
        self.asked.append((name, value))
        if name in self.registers:
            if value:
                self.registers[name] = value
            held = b"" if value or name == b"WR" else self.registers[name]
            self.say(b"\x88" + frame[1:4] + b"\x00" + held)
        else:
            self.say(b"\x88" + frame[1:4] + b"\x02")


def module(**registers):
    held = {
        "AP": b"\x02",
        "AO": b"\x07",
        "WR": b"",
        "SH": b"\x00\x13\xa2\x00",
        "SL": b"\x41\x7e\x11\x13",
        "AI": b"\x00",
        "OP": b"\x11\x22\x33\x44\x55\x66\x77\x88",
        "MY": b"\x12\x34",
        "DB": b"\x34",
    }
    held.update(registers)
    return Module(**{name: value for name, value in held.items() if value is not None})


def driver(uart, refused=None, reports=None):
    reports = [] if reports is None else reports
    return xbee.XBee(uart, PROFILE, refused or refusals(), lambda what, where: reports.append(what))


def settle(radio, peer, now=START, steps=40):
    """Let both talk until they have nothing to say; returns the kinds that poll told."""
    kinds = []
    for _ in range(steps):
        kind = radio.poll(now)
        if kind:
            kinds.append((kind, radio.state))
        peer.run()
    return kinds


def test_a_module_that_is_set_up_is_only_read():
    peer = module()
    radio = driver(peer.uart)
    told = settle(radio, peer)
    assert told[-1] == (radios.NETWORK, radios.JOINED)
    assert [name for name, value in peer.asked if value] == []
    assert (b"WR", b"") not in peer.asked
    assert radio.eui64 == bytes.fromhex("0013a200417e1113")
    assert radio.pan == bytes.fromhex("1122334455667788")
    assert radio.short == 0x1234


def test_what_differs_is_written_and_saved_once():
    peer = module(AO=b"\x00")
    settle(driver(peer.uart), peer)
    assert [asked for asked in peer.asked if asked[1]] == [(b"AO", b"\x07")]
    assert peer.asked.count((b"WR", b"")) == 1


def test_an_unknown_command_is_tolerated_and_reported():
    peer = module(AO=None)
    reports = []
    radio = driver(peer.uart, None, reports)
    settle(radio, peer)
    assert radio.state == radios.JOINED
    assert reports == ["radio knows no AO"]


def test_the_last_hop_s_signal_is_asked_for_after_the_join_and_every_half_minute():
    peer = module()
    radio = driver(peer.uart)
    assert radio.signal is None
    settle(radio, peer)
    assert radio.signal == -52
    assert [name for name, _ in peer.asked if name in (b"MY", b"DB")] == [b"MY", b"DB"]
    for half_minute, held, told in ((1, 0x5C, -92), (2, 0xFF, -255), (3, 0x01, -1)):
        peer.registers[b"DB"] = bytes((held,))
        settle(radio, peer, ticks_add(START, half_minute * 30000 - 1))
        assert radio.signal != told
        settle(radio, peer, ticks_add(START, half_minute * 30000))
        assert radio.signal == told
    assert [name for name, _ in peer.asked if name in (b"MY", b"DB")] == [b"MY", b"DB"] * 4


def test_a_module_that_does_not_know_the_signal_is_asked_for_it_once():
    peer = module(DB=None)
    reports = []
    radio = driver(peer.uart, None, reports)
    for half_minute in range(4):
        settle(radio, peer, ticks_add(START, half_minute * 30000))
    assert radio.signal == 0 and radio.state == radios.JOINED
    assert [name for name, _ in peer.asked].count(b"DB") == 1
    assert reports == ["radio knows no DB"]


def test_a_module_that_received_nothing_yet_is_asked_for_the_signal_again():
    peer = module(DB=b"\x00")
    radio = driver(peer.uart)
    settle(radio, peer)
    assert radio.signal is None
    peer.registers[b"DB"] = b"\x34"
    settle(radio, peer, ticks_add(START, 30000))
    assert radio.signal == -52


def test_an_answer_about_the_signal_that_is_lost_is_not_taken_for_not_knowing():
    peer = module(AI=b"\xff")
    radio = driver(peer.uart)
    settle(radio, peer)
    peer.registers[b"AI"] = b"\x00"
    held = peer.registers.pop(b"DB")
    take = peer._take
    peer._take = lambda frame: None if frame[2:4] == b"DB" else take(frame)
    for half_second in range(4, 16):
        settle(radio, peer, ticks_add(START, half_second * 500 + 1))
    assert radio.state == radios.JOINED and radio.signal is None
    peer.registers[b"DB"] = held
    peer._take = take
    settle(radio, peer, ticks_add(START, 60000))
    assert radio.signal == -52


def test_at_values_longer_than_they_can_be_are_not_taken():
    peer = module(SH=bytes(5), OP=bytes(9), MY=bytes(3), AI=b"\x00\x00")
    radio = driver(peer.uart)
    settle(radio, peer)
    assert radio.state == radios.JOINED
    assert (radio.eui64, radio.pan, radio.short) == (None, None, radios.UNKNOWN_SHORT)


def test_joining_is_waited_for():
    peer = module(AI=b"\xff")
    radio = driver(peer.uart)
    settle(radio, peer)
    assert radio.state == radios.JOINING
    assert radio.send(radios.COORDINATOR, 0, 0x000A, 0x0109, 1, 2, b"\x00\x01\x00", True) is None
    peer.registers[b"AI"] = b"\x00"
    settle(radio, peer, ticks_add(START, 2001))
    assert radio.state == radios.JOINED


def test_modem_status_makes_the_association_be_asked_for_at_once():
    peer = module()
    radio = driver(peer.uart)
    settle(radio, peer)
    peer.registers[b"AI"] = b"\x21"
    peer.say(b"\x8a\x03")
    assert settle(radio, peer) == [(radios.NETWORK, radios.JOINING)]


def test_modem_status_during_a_question_is_not_forgotten():
    peer = module()
    radio = driver(peer.uart)
    settle(radio, peer)
    now = ticks_add(START, 30000)
    radio.poll(now)  # asks for the association ...
    peer.run()
    peer.registers[b"AI"] = b"\x21"  # ... and is answered before the network is lost
    peer.say(b"\x8a\x03")
    assert settle(radio, peer, now) == [(radios.NETWORK, radios.JOINING)]


def test_a_reset_of_the_module_sets_it_up_again():
    peer = module()
    radio = driver(peer.uart)
    settle(radio, peer)
    peer.asked.clear()
    peer.say(b"\x8a\x00")
    settle(radio, peer)
    assert peer.asked[0] == (b"AP", b"")
    assert radio.state == radios.JOINED


def test_ten_seconds_of_silence_are_a_missing_radio_that_is_sought():
    peer = module()
    radio = driver(peer.uart)
    for half_second in range(20):
        radio.poll(ticks_add(START, half_second * 500))
    assert radio.state == radios.STARTING
    radio.poll(ticks_add(START, 10000))
    assert radio.state == radios.MISSING
    peer.uart.take()
    for half_second in range(21, 30):
        radio.poll(ticks_add(START, half_second * 500))
    sent = peer.uart.take()
    assert b"+++" in sent and b"ATAP2\r" in sent
    settle(radio, peer, ticks_add(START, 20000))
    assert radio.state == radios.JOINED
    assert (b"WR", b"") in peer.asked


def test_mode_1_is_tried_with_a_frame_without_escapes():
    uart = Uart()
    radio = driver(uart)
    for half_second in range(21):
        radio.poll(ticks_add(START, half_second * 500))
    assert b"\x7e\x00\x05\x08" in uart.sent and b"AP\x02" in uart.sent


def joined():
    peer = module()
    radio = driver(peer.uart)
    settle(radio, peer)
    return radio, peer


def test_a_frame_is_sent_as_digi_s_manual_has_it():
    radio, peer = joined()
    address = bytes.fromhex("0013a20040522baa")
    token = radio.send(address, 0x7D84, 0x0702, 0x0109, 1, 9, b"\x00\x05\x00\x00\x04", True)
    peer.run()
    (frame,) = peer.frames
    wanted = "11%02x0013a20040522baa7d840109070201090020" % token + "0005000004"
    assert frame == bytes.fromhex(wanted)


def test_a_broadcast_is_never_encrypted():
    radio, peer = joined()
    radio.send(radios.BROADCAST, radios.UNKNOWN_SHORT, 0x0006, 0, 0, 0, b"\x01", True)
    peer.run()
    assert peer.frames[0][2:12] == bytes.fromhex("000000000000fffffffe")
    assert peer.frames[0][19] == 0


def test_a_payload_longer_than_a_module_carries_is_refused():
    radio, _ = joined()
    assert raises(ValueError, radio.send, radios.COORDINATOR, 0, 0, 0, 0, 0, bytes(256), False)


def test_what_the_uart_does_not_take_is_sent_later():
    radio, peer = joined()
    peer.uart.room = 7
    radio.send(bytes(range(8)), 1, 0x0702, 0x0109, 1, 9, bytes(range(60)), True)
    assert radio.wake(START) <= 5 or peer.uart.sent
    for _ in range(20):
        radio.poll(START)
    peer.run()
    assert peer.frames[0][20:] == bytes(range(60))


def test_an_indication_says_who_what_and_how_secured():
    radio, peer = joined()
    for options, secured, broadcast in ((0x21, True, False), (0x01, False, False), (0x02, False, True)):
        head = bytes.fromhex("910013a20040522baa7d840901070201 09".replace(" ", ""))
        peer.say(head + bytes((options,)) + b"\x18\x01\x0a")
        assert radio.poll(START) == radios.INDICATION
        got = radio.indication
        assert got.source == bytes.fromhex("0013a20040522baa")
        assert (got.short, got.source_endpoint, got.endpoint) == (0x7D84, 9, 1)
        assert (got.cluster, got.profile) == (0x0702, 0x0109)
        assert (got.secured, got.broadcast) == (secured, broadcast)
        assert bytes(got.payload) == b"\x18\x01\x0a"


def test_a_delivery_names_the_token():
    radio, peer = joined()
    peer.say(bytes((0x8B, 0x42, 0x12, 0x34, 0, 0x24, 0)))
    assert radio.poll(START) == radios.DELIVERY
    assert (radio.token, radio.delivered) == (0x42, False)


def test_unknown_and_short_frames_are_counted():
    refused = refusals()
    peer = module()
    radio = driver(peer.uart, refused)
    settle(radio, peer)
    peer.say(b"\xa1\x01\x02")
    peer.say(b"\x91\x01\x02")
    peer.say(b"\x8b\x01")
    peer.say(b"\x98\x00\x00")
    settle(radio, peer)
    assert counts(refused) == {"api_type": 1, "length": 2}


EVERYTHING = (0, 0xFFFFFFFF, 3)
HEAD = bytes.fromhex("910013a20040522baa7d8409010702010921")
SECRET = b"\x7e\x7d\x11\x13\xa5" * 40


def test_what_was_received_is_overwritten_by_the_poll_that_finds_nothing_more():
    for secrets in ((SECRET,), (SECRET[:5],), (SECRET, SECRET[:60], SECRET[:7]), (SECRET[:7], SECRET)):
        radio, peer = joined()
        for secret in secrets:
            peer.say(HEAD + secret)
        for secret in secrets:
            assert radio.poll(START) == radios.INDICATION
            assert bytes(radio.indication.payload) == secret
            assert radio.holds(*EVERYTHING)
        assert radio.poll(START) is None
        assert not radio.holds(*EVERYTHING)
        assert not any(radio._rx) and not any(radio._parser._buffer)
        assert not any(radio.indication.payload)


def test_a_frame_that_was_refused_is_overwritten_too():
    for wrong in (api_frame.write(HEAD + SECRET)[:-1] + b"\x01", b"\x7e\xff\xff" + SECRET[4:5] * 99, SECRET[4:5] * 99):
        radio, peer = joined()
        peer.uart.incoming.extend(wrong)
        assert radio.poll(START) is None
        assert not radio.holds(*EVERYTHING)
        assert not any(radio._rx) and not any(radio._parser._buffer)


def test_a_frame_that_comes_in_halves_is_not_harmed():
    whole = api_frame.write(HEAD + SECRET)
    for cut in range(1, len(whole)):
        radio, peer = joined()
        peer.uart.incoming.extend(whole[:cut])
        assert radio.poll(START) is None
        assert not any(radio._rx)
        radio.forget(*EVERYTHING)
        peer.uart.incoming.extend(whole[cut:])
        assert radio.poll(START) == radios.INDICATION
        assert bytes(radio.indication.payload) == SECRET, cut


def test_what_was_taken_is_forgotten_and_what_was_not_is_not_harmed():
    radio, peer = joined()
    for secret in (SECRET[:9], SECRET[:30]):
        peer.say(HEAD + secret)
    assert radio.poll(START) == radios.INDICATION
    assert radio.forget(*EVERYTHING) is False
    assert not any(radio.indication.payload)
    assert radio.poll(START) == radios.INDICATION
    assert bytes(radio.indication.payload) == SECRET[:30]
