"""What we say and read as a Zigbee Device Object agrees with zigpy's types."""

import zigpy.types as t
from by_hand import ESME
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_board import ESME_NWK, at_home, fields, received
from zigpy.zdo.types import (
    CLUSTERS,
    AddrRequestType,
    CurrentPowerMode,
    LogicalType,
    NodeDescriptor,
    PowerSourceLevel,
    PowerSources,
    SizePrefixedSimpleDescriptor,
    Status,
    ZDOCmd,
    ZDOHeader,
)

from ihd.han import zdo
from ihd.zcl import schema

OWN_NWK, OWN_EUI64 = 0x5AD1, t.EUI64.convert("0013a20041d5e0c7")
ELSEWHERE = 0x1113
OTHER = t.EUI64.convert("11137d7e11137d7e")
OCTET = st.integers(0, 0xFF)
WORD = st.integers(0, 0xFFFF)
CLUSTER_LIST = st.lists(WORD, max_size=9)
thorough = settings(max_examples=100, deadline=None, derandomize=True, database=None)


def message(command, sequence, *parameters):
    """The payload of a ZDO request or response as zigpy writes it."""
    return ZDOHeader(command, sequence).serialize() + t.serialize(parameters, CLUSTERS[command][1])


def parameters(command, payload):
    """(sequence, {name: value}) of a payload as zigpy reads it, to its last octet."""
    header, body = ZDOHeader.deserialize(command, payload)
    names, kinds = CLUSTERS[command]
    values, rest = t.deserialize(body, kinds)
    assert rest == b""
    return header.tsn, dict(zip(names, values))


def ask(command, *asked, options=0x01, sequence=0x7E):
    """How the board answers a request of the electricity meter: {name: value}, or None when it does not."""
    request = received(command, message(command, sequence, *asked), 0, source_endpoint=0, endpoint=0, options=options)
    sent = at_home().hear(request)
    if not sent:
        return None
    (answer,) = (fields(packet) for packet in sent)
    assert (answer["address"], answer["short"], answer["profile"]) == (ESME, ESME_NWK, 0)
    assert (answer["source_endpoint"], answer["endpoint"], answer["options"]) == (0, 0, 0)
    assert answer["cluster"] == command | 0x8000
    told, values = parameters(ZDOCmd(answer["cluster"]), answer["payload"])
    assert told == sequence
    return values


def test_addresses_are_told():
    own = {"Status": Status.SUCCESS, "IEEEAddr": OWN_EUI64, "NWKAddr": OWN_NWK}
    for command, asked in ((ZDOCmd.NWK_addr_req, OWN_EUI64), (ZDOCmd.IEEE_addr_req, OWN_NWK)):
        single = ask(command, asked, AddrRequestType.Single, 0)
        assert {name: single[name] for name in own} == own
        extended = ask(command, asked, AddrRequestType.Extended, 0)
        assert {name: extended[name] for name in own} == own
        assert not extended["NumAssocDev"]


def test_addresses_of_others_are_not_found_and_a_broadcast_for_them_gets_no_answer():
    for command, asked in ((ZDOCmd.NWK_addr_req, OTHER), (ZDOCmd.IEEE_addr_req, ELSEWHERE)):
        answer = ask(command, asked, AddrRequestType.Single, 0)
        assert answer["Status"] == Status.DEVICE_NOT_FOUND
        assert asked in (answer["IEEEAddr"], answer["NWKAddr"])
        assert ask(command, asked, AddrRequestType.Single, 0, options=0x02) is None


def test_the_node_is_a_router_on_mains_that_always_hears():
    answer = ask(ZDOCmd.Node_Desc_req, OWN_NWK)
    assert (answer["Status"], answer["NWKAddrOfInterest"]) == (Status.SUCCESS, OWN_NWK)
    node = answer["NodeDescriptor"]
    assert node.is_valid and node.logical_type == LogicalType.Router
    assert node.is_mains_powered and node.is_receiver_on_when_idle and node.is_full_function_device
    assert node.allocate_address and not node.is_security_capable
    assert node.frequency_band == NodeDescriptor.FrequencyBand.Freq2400MHz
    assert (node.manufacturer_code, node.maximum_buffer_size) == (0x101E, 82)  # Digi's code
    assert node.maximum_incoming_transfer_size == node.maximum_outgoing_transfer_size == 255
    assert (node.server_mask, node.descriptor_capability_field) == (0, 0)


def test_its_power_comes_from_the_mains():
    power = ask(ZDOCmd.Power_Desc_req, OWN_NWK)["PowerDescriptor"]
    assert power.current_power_mode == CurrentPowerMode.RxOnSyncedWithNodeDesc
    assert power.available_power_sources == power.current_power_source == PowerSources.MainsPower
    assert power.current_power_source_level == PowerSourceLevel.Percent100


def test_its_one_endpoint_is_an_in_home_display():
    assert list(ask(ZDOCmd.Active_EP_req, OWN_NWK)["ActiveEPList"]) == [1]
    simple = ask(ZDOCmd.Simple_Desc_req, OWN_NWK, 1)["SimpleDescriptor"]
    assert (simple.endpoint, simple.profile, simple.device_type) == (1, 0x0109, 0x0502)
    assert list(simple.input_clusters) == list(zdo.SERVERS)
    assert list(simple.output_clusters) == list(zdo.CLIENTS)
    for endpoint, status in ((2, Status.NOT_ACTIVE), (240, Status.NOT_ACTIVE), (0, Status.INVALID_EP)):
        answer = ask(ZDOCmd.Simple_Desc_req, OWN_NWK, endpoint)
        assert (answer["Status"], answer["SimpleDescriptor"]) == (status, None)


def test_it_matches_what_it_serves_and_what_it_uses_in_its_own_profile():
    basic, time, metering = 0x0000, 0x000A, 0x0702
    for servers, clients, profile, matches in (
        ([basic], [], 0x0109, [1]),
        ([], [time], 0x0109, [1]),
        ([0x0700], [0x0701, metering], 0x0109, [1]),
        ([metering], [basic], 0x0109, []),
        ([basic], [], 0x0104, []),
        ([], [], 0x0109, []),
    ):
        answer = ask(ZDOCmd.Match_Desc_req, OWN_NWK, profile, servers, clients)
        assert (answer["NWKAddrOfInterest"], list(answer["MatchList"])) == (OWN_NWK, matches)
        for everyone in (0xFFFD, 0xFFFF):
            heard = ask(ZDOCmd.Match_Desc_req, everyone, profile, servers, clients, options=0x02)
            assert (heard is not None) == bool(matches)


def test_descriptors_of_others_are_not_found():
    for command, more in (
        (ZDOCmd.Node_Desc_req, ()),
        (ZDOCmd.Power_Desc_req, ()),
        (ZDOCmd.Simple_Desc_req, (1,)),
        (ZDOCmd.Active_EP_req, ()),
        (ZDOCmd.Match_Desc_req, (0x0109, [0], [])),
    ):
        answer = ask(command, ELSEWHERE, *more)
        assert (answer["Status"], answer["NWKAddrOfInterest"]) == (Status.DEVICE_NOT_FOUND, ELSEWHERE)
        assert ask(command, ELSEWHERE, *more, options=0x02) is None


def test_every_question_of_ours_is_one_zigpy_understands():
    board = at_home()
    asked = [fields(packet) for packet in board.sent if packet.get_frame_type_value() == 0x11]
    questions = {}
    for frame in asked:
        if frame["profile"] == 0:
            command = ZDOCmd(frame["cluster"])
            _, values = parameters(command, frame["payload"])
            questions.setdefault(command, []).append((frame["short"], values))
    assert set(questions) == {
        ZDOCmd.IEEE_addr_req,
        ZDOCmd.Match_Desc_req,
        ZDOCmd.Active_EP_req,
        ZDOCmd.Simple_Desc_req,
    }
    ((_, hub),) = questions[ZDOCmd.IEEE_addr_req]
    assert (hub["NWKAddrOfInterest"], hub["RequestType"]) == (0, AddrRequestType.Single)
    matches = [
        (values["NWKAddrOfInterest"], list(values["InClusterList"])) for _, values in questions[ZDOCmd.Match_Desc_req]
    ]
    assert (0, [0x000A]) in matches and (0xFFFD, [0x0702, 0x0708]) in matches
    assert all(values["ProfileID"] == 0x0109 for _, values in questions[ZDOCmd.Match_Desc_req])
    for short, values in questions[ZDOCmd.Active_EP_req] + questions[ZDOCmd.Simple_Desc_req]:
        assert values["NWKAddrOfInterest"] == short
    endpoints = [values["EndPoint"] for _, values in questions[ZDOCmd.Simple_Desc_req]]
    assert sorted(endpoints) == [3, 9, 21, 43]


@thorough
@given(OCTET, st.binary(min_size=8, max_size=8), WORD, OCTET, CLUSTER_LIST)
def test_answers_and_announcements_of_zigpy_are_read(sequence, address, nwk, octet, numbers):
    eui64 = t.EUI64.deserialize(address[::-1])[0]
    for command in (ZDOCmd.NWK_addr_rsp, ZDOCmd.IEEE_addr_rsp):
        payload = message(command, sequence, Status.SUCCESS, eui64, nwk)
        assert schema.read("B" + zdo.ADDRESSES, payload) == [sequence, 0, address, nwk]
    endpoints = [number & 0xFF for number in numbers]
    for command in (ZDOCmd.Match_Desc_rsp, ZDOCmd.Active_EP_rsp):
        payload = message(command, sequence, Status.SUCCESS, nwk, endpoints)
        assert schema.read("B" + zdo.MATCHES, payload) == [sequence, 0, nwk, tuple(endpoints)]
    payload = message(ZDOCmd.Device_annce, sequence, nwk, eui64, octet)
    assert schema.read("B" + zdo.ANNOUNCEMENT, payload) == [sequence, nwk, address, octet]


@thorough
@given(OCTET, WORD, OCTET, st.integers(0, 15), CLUSTER_LIST, CLUSTER_LIST)
def test_simple_descriptors_of_zigpy_are_read(sequence, nwk, endpoint, version, servers, clients):
    simple = SizePrefixedSimpleDescriptor(endpoint, 0x0109, 0x0501, version, servers, clients)
    told = schema.read("B" + zdo.SIMPLE, message(ZDOCmd.Simple_Desc_rsp, sequence, Status.SUCCESS, nwk, simple))
    length = 8 + 2 * len(servers) + 2 * len(clients)
    described = [endpoint, 0x0109, 0x0501, version, tuple(servers), tuple(clients)]
    assert told == [sequence, 0, nwk, length, *described]
    nothing = message(ZDOCmd.Simple_Desc_rsp, sequence, Status.NOT_ACTIVE, nwk) + b"\0"
    assert schema.read("B" + zdo.SIMPLE, nothing) == [sequence, 0x83, nwk, 0, None, None, None, None, None, None]
