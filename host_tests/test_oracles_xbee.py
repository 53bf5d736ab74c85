"""XBee frames agree with digi-xbee both ways: what the driver writes it reads, and what it writes the driver reads."""

import itertools

from digi.xbee.models.address import XBee16BitAddress, XBee64BitAddress
from digi.xbee.models.status import ATCommandStatus, ModemStatus, TransmitStatus
from digi.xbee.packets.base import XBeePacket
from digi.xbee.packets.common import (
    ATCommPacket,
    ATCommResponsePacket,
    ExplicitAddressingPacket,
    ExplicitRXIndicatorPacket,
    ModemStatusPacket,
    TransmitStatusPacket,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from portable.fakes import START, Uart, counts
from whole_board import WholeBoard, fields, packets, received
from xbee3_profile import PROFILE

from ihd import radio as radios
from ihd.radio import api_frame
from ihd.radio.xbee import XBee
from ihd.refused import Refused
from tools.bench.registers import TABLE

OCTET = st.integers(0, 0xFF)
WORD = st.integers(0, 0xFFFF)
EUI64 = st.binary(min_size=8, max_size=8)
PAYLOAD = st.binary(max_size=255)
RESERVED = b"\x7e\x7d\x11\x13"
DATA = st.lists(st.one_of(st.sampled_from(RESERVED), OCTET), max_size=120).map(bytes)
thorough = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def joined(sh=b"", sl=b"", op=b"", my=b"", status=ATCommandStatus.OK):
    """A driver that found its module joined, its UART, its counts and its reports; digi-xbee wrote the answers."""
    held = {"SH": sh, "SL": sl, "AI": b"\0", "OP": op, "MY": my, "DB": b"\x34"}
    uart, refused, reports = Uart(), Refused(), []
    radio = XBee(uart, (), refused, lambda what, where: reports.append(what))
    while radio.state != radios.JOINED:
        radio.poll(START)
        for asked in packets(uart.take()):
            assert isinstance(asked, ATCommPacket) and asked.parameter is None
            told = ATCommandStatus.OK if asked.command == "AI" else status
            answer = ATCommResponsePacket(asked.frame_id, asked.command, told, bytearray(held[asked.command]) or None)
            uart.incoming.extend(answer.output(escaped=True))
    radio.poll(START)
    return radio, uart, refused, reports


def read(stream, cuts=()):
    """The frame data that the parser finds in a stream that comes in pieces, and what it refused."""
    refused = Refused()
    parser = api_frame.Parser(refused)
    found = []
    for at, end in itertools.pairwise([0, *sorted(cuts), len(stream)]):
        while at < end:
            at, complete = parser.feed(stream, at, end)
            if complete:
                found.append(bytes(parser.frame))
    return found, counts(refused)


@thorough
@given(EUI64, WORD, WORD, WORD, OCTET, OCTET, PAYLOAD, st.booleans())
@example(RESERVED * 2, 0x7E7D, 0x1113, 0x7E11, 0x7E, 0x7D, RESERVED * 60, True)
def test_an_explicit_transmit_request_says_to_digi_xbee_what_was_meant(
    address, short, cluster, profile, source_endpoint, endpoint, payload, secured
):
    radio, uart, _, _ = joined()
    token = radio.send(address, short, cluster, profile, source_endpoint, endpoint, payload, secured)
    (packet,) = packets(uart.take())
    assert isinstance(packet, ExplicitAddressingPacket)
    assert packet.frame_id == token != 0
    assert fields(packet) == {
        "address": address.hex(),
        "short": short,
        "source_endpoint": source_endpoint,
        "endpoint": endpoint,
        "cluster": cluster,
        "profile": profile,
        "options": 0x20 if secured and address != radios.BROADCAST else 0,
        "payload": payload,
    }


@thorough
@given(EUI64, WORD, WORD, WORD, OCTET, OCTET, PAYLOAD)
def test_the_octets_of_a_transmit_request_are_those_digi_xbee_writes(
    address, short, cluster, profile, source_endpoint, endpoint, payload
):
    radio, uart, _, _ = joined()
    token = radio.send(address, short, cluster, profile, source_endpoint, endpoint, payload, False)
    to = XBee64BitAddress(bytearray(address)), XBee16BitAddress(bytearray(short.to_bytes(2, "big")))
    way = source_endpoint, endpoint, cluster, profile
    packet = ExplicitAddressingPacket(token, *to, *way, rf_data=bytearray(payload))
    assert uart.take() == bytes(packet.output(escaped=True))


def test_no_frame_id_is_0_and_none_is_soon_used_again():
    radio, uart, _, _ = joined()
    tokens = [radio.send(radios.COORDINATOR, 0, 0x000A, 0x0109, 1, 7, b"", True) for _ in range(600)]
    assert [packet.frame_id for packet in packets(uart.take())] == tokens
    assert 0 not in tokens and all(len(set(tokens[at : at + 255])) == 255 for at in range(345))


def test_every_other_frame_of_a_set_up_is_an_at_command_digi_xbee_reads_as_it_was_meant():
    changed = {"CE": 1, "NJ": 254}
    board = WholeBoard("[radio]\n" + "".join(f"{name} = {value}\n" for name, value in changed.items()))
    board.run(20_000)
    commands = [packet for packet in board.sent if packet.get_frame_type_value() != 0x11]
    assert all(isinstance(packet, ATCommPacket) and packet.frame_id for packet in commands)
    profile = {PROFILE[at : at + 2].decode(): PROFILE[at + 2] for at in range(0, len(PROFILE), 3)}
    assert {packet.command for packet in commands} == {*profile, "WR", "SH", "SL", "AI", "OP", "MY", "DB"}
    written = {packet.command: int.from_bytes(packet.parameter, "big") for packet in commands if packet.parameter}
    held = {name: register.value for name, register in TABLE.items()} | changed
    assert written == {name: value for name, value in profile.items() if held[name] != value}


@thorough
@given(st.lists(DATA.filter(len), min_size=1, max_size=4))
@example([bytes(range(256))])
def test_what_the_writer_escapes_digi_xbee_unescapes(frames):
    for frame in frames:
        stream = api_frame.write(frame)
        assert not any(octet in stream[1:] for octet in (0x7E, 0x11, 0x13))
        plain = bytes(XBeePacket.unescape_data(stream))
        assert plain == b"\x7e" + len(frame).to_bytes(2, "big") + frame + bytes((0xFF - sum(frame) % 256,))


@st.composite
def digi_packets(draw):
    """Any packet that a module sends us, written by digi-xbee."""
    address = XBee64BitAddress(bytearray(draw(EUI64)))
    short = XBee16BitAddress(bytearray(draw(st.binary(min_size=2, max_size=2))))
    kind = draw(st.sampled_from((0x88, 0x8A, 0x8B, 0x91)))
    if kind == 0x88:
        name = draw(st.sampled_from(("AI", "AO", "MY", "OP", "SH")))
        status = draw(st.sampled_from(list(ATCommandStatus)))
        return ATCommResponsePacket(draw(OCTET), name, status, bytearray(draw(DATA)) or None)
    if kind == 0x8A:
        return ModemStatusPacket(draw(st.sampled_from(list(ModemStatus))))
    if kind == 0x8B:
        return TransmitStatusPacket(draw(OCTET), short, draw(OCTET), draw(st.sampled_from(list(TransmitStatus))))
    way = [draw(OCTET), draw(OCTET), draw(WORD), draw(WORD), draw(OCTET)]
    return ExplicitRXIndicatorPacket(address, short, *way, bytearray(draw(DATA)) or None)


@thorough
@given(st.lists(digi_packets(), min_size=1, max_size=5), st.data())
def test_every_frame_digi_xbee_writes_is_found_wherever_the_stream_is_cut(sent, data):
    stream = b"".join(bytes(packet.output(escaped=True)) for packet in sent)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    expected = [bytes(packet.get_frame_spec_data()) for packet in sent]
    assert read(stream, cuts) == (expected, {})
    assert read(stream, range(1, len(stream))) == (expected, {})


@thorough
@given(EUI64, WORD, WORD, WORD, OCTET, OCTET, OCTET, DATA)
def test_an_indication_has_the_fields_of_digi_xbee_s_packet(
    source, short, cluster, profile, source_endpoint, endpoint, options, payload
):
    radio, uart, refused, _ = joined()
    uart.incoming.extend(received(cluster, payload, profile, source.hex(), short, source_endpoint, endpoint, options))
    assert radio.poll(START) == radios.INDICATION
    told = radio.indication
    assert (told.source, told.short) == (source, short)
    assert (told.source_endpoint, told.endpoint) == (source_endpoint, endpoint)
    assert (told.cluster, told.profile) == (cluster, profile)
    assert (told.broadcast, told.secured) == (bool(options & 0x02), bool(options & 0x20))
    assert bytes(told.payload) == payload
    assert counts(refused) == {}


def test_every_delivery_status_digi_xbee_knows_is_read_and_only_success_is_one():
    for status in TransmitStatus:
        for frame_id in (1, 0x11, 0x7E, 0xFF):
            radio, uart, _, _ = joined()
            packet = TransmitStatusPacket(frame_id, XBee16BitAddress.from_hex_string("7d13"), 3, status)
            uart.incoming.extend(packet.output(escaped=True))
            assert radio.poll(START) == radios.DELIVERY
            assert (radio.token, radio.delivered) == (frame_id, status is TransmitStatus.SUCCESS)


@thorough
@given(st.binary(min_size=1, max_size=4), st.binary(min_size=1, max_size=4), EUI64, st.binary(min_size=2, max_size=2))
@example(RESERVED, RESERVED, RESERVED * 2, b"\x7e\x7d")
def test_at_responses_have_the_values_digi_xbee_gave_them(high, low, pan, short):
    radio, _, refused, reports = joined(high, low, pan, short)
    assert radio.eui64 == high.rjust(4, b"\0") + low.rjust(4, b"\0")
    assert (radio.pan, radio.short) == (pan, int.from_bytes(short, "big"))
    assert (counts(refused), reports) == ({}, [])


def test_at_responses_that_refuse_are_reported_and_have_no_value():
    for status in ATCommandStatus:
        if status is not ATCommandStatus.OK:
            radio, _, _, reports = joined(bytes(4), bytes(4), bytes(8), bytes(2), status)
            assert (radio.eui64, radio.pan, radio.short) == (None, None, radios.UNKNOWN_SHORT)
            assert [sentence[-2:] for sentence in reports] == ["SH", "SL", "OP", "MY", "DB"]


def test_every_modem_status_digi_xbee_knows_is_taken_without_complaint():
    for status in ModemStatus:
        radio, uart, refused, _ = joined()
        uart.incoming.extend(ModemStatusPacket(status).output(escaped=True))
        radio.poll(START)
        assert counts(refused) == {}
        if status in (ModemStatus.HARDWARE_RESET, ModemStatus.WATCHDOG_TIMER_RESET):
            assert radio.state == radios.STARTING
