"""The ZCL server of an endpoint: attributes read, and the Default Response that everything else gets."""

import zigpy.types as t
from zigpy.zcl import foundation
from zigpy.zcl.foundation import Direction, GeneralCommand, Status, ZCLHeader

# Smart Energy clusters that need the APS link key (SE 1.4, 5.4.6); Time is answered either way.
APS_SECURED = range(0x0700, 0x070C)
RESPONSES = (
    GeneralCommand.Read_Attributes_rsp,
    GeneralCommand.Write_Attributes_rsp,
    GeneralCommand.Configure_Reporting_rsp,
    GeneralCommand.Read_Reporting_Configuration_rsp,
    GeneralCommand.Report_Attributes,
    GeneralCommand.Default_Response,
    GeneralCommand.Discover_Attributes_rsp,
)


def answer(endpoint, frame, utc):
    """[(payload, secured)] of what the endpoint answers to a ZCL frame at Zigbee UTC `utc`, in order."""
    try:
        header, body = ZCLHeader.deserialize(frame.payload)
    except ValueError:
        return []
    control = header.frame_control
    if control.is_general and header.command_id in RESPONSES:
        return []
    if frame.cluster in APS_SECURED and not frame.secured:
        return [] if frame.broadcast else [(_default_response(header, Status.FAILURE), False)]
    server = endpoint.servers.get(frame.cluster)
    if server is None or header.direction != Direction.Client_to_Server:
        status = Status.UNSUPPORTED_CLUSTER
    elif control.is_manufacturer_specific:
        status = Status.UNSUP_MANUF_CLUSTER_COMMAND if control.is_cluster else Status.UNSUP_MANUF_GENERAL_COMMAND
    elif control.is_cluster:
        return _obey(server, header, body, utc, frame)
    elif header.command_id != GeneralCommand.Read_Attributes:
        status = Status.UNSUP_GENERAL_COMMAND
    elif len(body) % 2 or not body:
        status = Status.MALFORMED_COMMAND
    else:
        return [(_read(server, header, body, utc), frame.secured and server.secured)]
    return [] if frame.broadcast else [(_default_response(header, status), frame.secured)]


def read_attributes(tsn, attribute_ids):
    """The payload of a client's Read Attributes."""
    header = ZCLHeader.general(tsn, GeneralCommand.Read_Attributes)
    return header.serialize() + t.List[t.uint16_t](attribute_ids).serialize()


def report(server, attributes, utc, tsn):
    """The payload of a Report Attributes of those of these attribute definitions that have a value at `utc`."""
    records = []
    for definition in attributes:
        record = server.read(definition.id, utc)
        if record.status == Status.SUCCESS:
            records.append(foundation.Attribute(definition.id, record.value))
    header = ZCLHeader.general(tsn, GeneralCommand.Report_Attributes, direction=Direction.Server_to_Client)
    return header.serialize() + t.List[foundation.Attribute](records).serialize()


def server_command(tsn, command, fields):
    """The payload of a command of the server; as in GB's own frames it lets the client answer."""
    control = foundation.FrameControl.cluster(Direction.Server_to_Client)
    control = control.replace(disable_default_response=False)
    return ZCLHeader(control, None, tsn, command).serialize() + fields.serialize()


def _obey(server, header, body, utc, frame):
    """What `answer` returns to a cluster command."""
    try:
        answered = server.commands.get(header.command_id, _unknown)(body, utc)
    except ValueError:
        answered = Status.MALFORMED_COMMAND
    if answered is None or frame.broadcast:
        return []
    secured = frame.secured and server.secured
    if isinstance(answered, Status):
        return [(_default_response(header, answered), secured)]
    several = answered if isinstance(answered, list) else [answered]
    return [(server_command(header.tsn, *each), secured) for each in several]


def _unknown(body, utc):
    return Status.UNSUP_CLUSTER_COMMAND


def _read(server, header, body, utc):
    wanted, _ = t.List[t.uint16_t].deserialize(body)
    records = [server.read(attribute, utc) for attribute in wanted]
    answered = ZCLHeader.general(header.tsn, GeneralCommand.Read_Attributes_rsp, direction=Direction.Server_to_Client)
    return answered.serialize() + foundation.ReadAttributesResponse(records).serialize()


def _default_response(header, status):
    answered = ZCLHeader.general(
        header.tsn,
        GeneralCommand.Default_Response,
        manufacturer=header.manufacturer,
        direction=header.direction.flip(),
    )
    return answered.serialize() + foundation.DefaultResponse(header.command_id, status).serialize()
