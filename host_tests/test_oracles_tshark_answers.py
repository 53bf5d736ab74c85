"""What the board answers to frames that it cannot take is to tshark the answer that ZCL prescribes."""

import tshark
import tshark_commands
from whole_board import ESME_NWK, at_home, received

OWN_NWK = 0x5AD1
SECURED, OPEN, BROADCAST = 0x21, 0x01, 0x02
METERING, TIME, BASIC, PRICE, ON_OFF, MANAGEMENT = 0x0702, 0x000A, 0x0000, 0x0700, 0x0006, 0x0708
MESSAGING, PREPAYMENT, METERING_TUNNEL = 0x0703, 0x0705, 0x0704
# A price of 24.5 pence a kWh until it is changed, and a message.
PUBLISHED = "00000000 00 01000000 00000000 00 3a03 50 00 00000000 ffff b45f0000"
MESSAGE = "01000000 00 00000000 ffff 04 74657874"
CANCELLED = "00000000 01000000 00 ffffffff 00020000"  # a change of tenancy that was never announced

# cluster, frame, receive options: the Default Response that is due, as (to the client, command, status), or None
FRAMES = (
    (METERING, "09 11 42 00", SECURED, (False, 0x42, 0x81)),  # a cluster command nobody knows
    (METERING, "08 12 0c 0000 ff", SECURED, (False, 0x0C, 0x82)),  # a general command: discover attributes
    (METERING, "08 13 02 0000 20 00", SECURED, (False, 0x02, 0x82)),  # a write to a client
    (METERING, "0d 1e10 7e 42", SECURED, (False, 0x42, 0x83)),  # a manufacturer's
    (METERING, "0c 1e10 7d 42", SECURED, (False, 0x42, 0x84)),
    (METERING_TUNNEL, "09 15 00 00", SECURED, (False, 0x00, 0xC3)),  # a cluster that is not ours
    (ON_OFF, "01 16 02", OPEN, (True, 0x02, 0xC3)),
    (METERING, "00 17 00 0004", SECURED, (True, 0x00, 0xC3)),  # we do not serve Metering
    (METERING, "08 18 0a 0004", SECURED, (False, 0x0A, 0x80)),  # a report that ends too early
    (METERING, "08 19 0a 0004 48 20 0100 07", SECURED, (False, 0x0A, 0x80)),  # of a type whose end cannot be told
    (METERING, "08 1a 0a 0004 2a d20400", SECURED, (False, 0x0A, 0x00)),  # a good one that wants to know
    (METERING, "18 1b 0a 0004 2a d20400", SECURED, None),  # a good one that does not
    (METERING, "18 1c 0a 0004 2a d20400", OPEN, (False, 0x0A, 0x01)),  # without encryption
    (BASIC, "00 1d 00 00", OPEN, (True, 0x00, 0x80)),  # half an attribute
    (BASIC, "01 1e 00", OPEN, (True, 0x00, 0x81)),  # reset to factory defaults, which we do not
    (METERING, "08 1f 0b 00 81", SECURED, None),  # a Default Response to nothing
    (METERING, "08 20 0b 00 81", OPEN, None),
    (METERING, "18 21 01 0004 00 2a d20400", SECURED, None),  # an answer to nothing
    (METERING, "09 22 42", BROADCAST, None),
    (METERING, "0a 23 42", SECURED, None),  # no type of frame
    (MANAGEMENT, "09 24 00" + CANCELLED, SECURED, (False, 0x00, 0x8B)),
    (MANAGEMENT, "19 25 00" + CANCELLED, SECURED, (False, 0x00, 0x8B)),  # it does not want to know of success only
    (MANAGEMENT, "09 26 00" + CANCELLED, OPEN, (False, 0x00, 0x01)),
    (MANAGEMENT, "09 27 00" + CANCELLED, BROADCAST | 0x20, None),
    (MANAGEMENT, "09 28 00" + CANCELLED[:-2], SECURED, (False, 0x00, 0x80)),  # a change that ends too early
    (MANAGEMENT, "09 29 01" + CANCELLED, SECURED, (False, 0x01, 0x80)),  # of supplier it says too little
    (MANAGEMENT, "09 2a 02 00", SECURED, (False, 0x02, 0x80)),  # half a password
    (MANAGEMENT, "18 2b 0a 0002 e2 00000000", SECURED, (False, 0x0A, 0x82)),  # it is asked, not reported
    (MANAGEMENT, "01 2c 00", SECURED, (True, 0x00, 0xC3)),  # we do not serve Device Management
    (METERING, "09 2d 07 0000 00000000 00 0807 0000", SECURED, (False, 0x07, 0x00)),  # samples that come too late
    (PRICE, "09 30 00" + PUBLISHED, SECURED, (False, 0x00, 0x00)),
    (PRICE, "19 31 00" + PUBLISHED, SECURED, None),  # it does not want to know of success
    (PRICE, "19 32 00" + PUBLISHED.replace("3a03", "d203"), SECURED, (False, 0x00, 0x87)),  # euros
    (PRICE, "09 33 00" + PUBLISHED, OPEN, (False, 0x00, 0x01)),
    (PRICE, "09 34 00" + PUBLISHED, BROADCAST | 0x20, None),
    (PRICE, "09 35 00" + PUBLISHED[:-2], SECURED, (False, 0x00, 0x80)),  # a price that ends too early
    (PRICE, "09 36 09 00", SECURED, (False, 0x09, 0x81)),  # a command of Price that is no concern of a display
    (PRICE, "01 37 00 00", SECURED, (True, 0x00, 0xC3)),  # we do not serve Price
    (PREPAYMENT, "09 38 00 00", SECURED, (False, 0x00, 0x81)),
    (MESSAGING, "09 39 00" + MESSAGE, SECURED, (False, 0x00, 0x00)),
    (MESSAGING, "09 3a 00" + MESSAGE, OPEN, (False, 0x00, 0x01)),
    (MESSAGING, "09 3b 00" + MESSAGE[:-2], SECURED, (False, 0x00, 0x80)),
    (MESSAGING, "09 3c 01 07000000 00", SECURED, (False, 0x01, 0x8B)),  # no such message to cancel
    (MESSAGING, "09 3d 01 01000000 00", SECURED, (False, 0x01, 0x00)),
    (MESSAGING, "09 3e 02" + MESSAGE, SECURED, (False, 0x02, 0x00)),  # a protected one
    (MESSAGING, "09 3f 03 00000000", SECURED, (False, 0x03, 0x00)),  # all are cancelled
    (MESSAGING, "09 40 04 00", SECURED, (False, 0x04, 0x81)),
    (MANAGEMENT, "09 41 03 01000000 00000000 00000000 04 4d50414e", SECURED, (False, 0x03, 0x00)),  # a site id
    (MANAGEMENT, "09 43 04 01000000 00000000 01 00 01 0100", SECURED, (False, 0x04, 0x89)),  # we log no events
    (MANAGEMENT, "09 44 02 01000000 00000000 0a00 01 04 31323334", SECURED, (False, 0x02, 0x00)),  # a password
    (METERING, "09", SECURED, None),  # no header
)


def test_every_refusal_is_the_default_response_that_is_due(tmp_path):
    tshark.needed()
    path = tmp_path / "answers.pcap"
    board = at_home(capture=path)
    known = len(board.sent)
    due = []
    for cluster, digits, options, answer in FRAMES:
        frame = bytes.fromhex(digits)
        sent = board.hear(received(cluster, frame, options=options))
        assert len(sent) == (answer is not None), digits
        if answer:
            sequence = frame[3] if frame[0] & 0x04 else frame[1]
            due.append((cluster, sequence, *answer))
        board.run(50)
    assert len(board.sent) - known == len(due) and board.counts["malformed"] == 10
    board.bench.close()
    assert tshark.malformed(path) == 0
    heard = [each for each in tshark.frames(path) if each["source"] == OWN_NWK and "default_response" in each]
    assert [(e["cluster"], e["tsn"], e["to_client"], *e["default_response"]) for e in heard] == due
    for each in heard:
        assert (each["profile"], each["destination"], each["broadcast"]) == (0x0109, ESME_NWK, False)
        assert (each["source_endpoint"], each["destination_endpoint"]) == (1, 21)


def test_our_basic_cluster_is_read_by_tshark(tmp_path):
    tshark.needed()
    path = tmp_path / "basic.pcap"
    board = at_home(capture=path)
    board.hear(received(BASIC, bytes.fromhex("007e00" + "0000" + "0400" + "0500" + "0700" + "1113"), options=OPEN))
    board.bench.close()
    (answer,) = (each for each in tshark.frames(path, "zbee_zcl.cmd.id == 1") if each["source"] == OWN_NWK)
    assert (answer["tsn"], answer["to_client"], answer["general"]) == (0x7E, True, True)
    model = next(each for each in answer["attributes"] if each[0] == 0x0005)
    assert answer["attributes"][0] == (0x0000, 0, 8)
    assert isinstance(model[2], str) and model[1] == 0
    assert answer["attributes"][3:] == [(0x0007, 0, 1), (0x1311, 0x86, None)]


def test_our_answer_about_events_that_are_logged_is_read_by_tshark_as_none(tmp_path):
    tshark.needed()
    path = tmp_path / "events.pcap"
    board = at_home(capture=path)
    assert len(board.hear(received(MANAGEMENT, bytes.fromhex("09 7e 05 0180"), options=SECURED))) == 1
    board.bench.close()
    (answer,) = (each for each in tshark.frames(path) if each["source"] == OWN_NWK and each.get("tsn") == 0x7E)
    assert (answer["cluster"], answer["general"], answer["to_client"]) == (MANAGEMENT, False, False)
    command = tshark_commands.COMMANDS[MANAGEMENT, False, answer["command"]]
    assert command.name == "REPORT_EVENT_CONFIGURATION"
    assert [(name.rpartition(".")[2], tshark.value(text)) for name, text, _ in answer["payload"]] == [
        ("command_index", 0),
        ("total_commands", 1),
        ("event_id", 0x8001),
        ("event_configuration", 0),
    ]
