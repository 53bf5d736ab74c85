"""What tshark, which nobody here wrote, sees in a capture of the HAN."""

import datetime
import os
import shutil
import subprocess
import xml.etree.ElementTree

import pytest

ZIGBEE_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
READ_ATTRIBUTES, DEFAULT_RESPONSE = 0x00, 0x0B


def needed():
    """Skip the calling test where there is no tshark."""
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed: its judgement of the frames is missing")


def malformed(path):
    """How many frames tshark calls malformed; quick also for a long capture."""
    return len(_run(path, "-Y", "_ws.malformed").splitlines())


def printed(path):
    """All that tshark prints of the frames, as text."""
    return _run(path, "-V")


def frames(path, display_filter=""):
    """A dict for each frame, in order, with what there is of:

    unix_ms; source, destination (16 bits), source_endpoint, destination_endpoint, profile, cluster; broadcast,
    malformed (bool); tsn; for ZCL general (bool), to_client (bool), command, and attributes, a list of
    (id, status or None, value or None), or default_response (command, status), or for a cluster's own command its
    payload, a list of (tshark's name for the field, its text, its octets) in order; for ZDO a dict of tshark's own
    field names and texts, the values of a repeated field in a list. Times in attributes are Zigbee UTC.
    """
    pdml = _run(path, "-T", "pdml", *(["-Y", display_filter] if display_filter else []))
    return [_frame(packet) for packet in xml.etree.ElementTree.fromstring(pdml).iter("packet")]


def _run(path, *options):
    environment = os.environ | {"TZ": "UTC"}
    command = ["tshark", "-r", str(path), *options]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def _frame(packet):
    fields = {field.get("name"): field.get("show") for field in packet.iter("field")}
    layers = {layer.get("name"): layer for layer in packet.iter("proto")}
    cluster = fields.get("zbee_aps.cluster") or fields.get("zbee_aps.zdp_cluster")
    frame = {
        "unix_ms": _milliseconds(packet),
        "malformed": "_ws.malformed" in layers,
        "source": int(fields["zbee_nwk.src"], 16),
        "destination": int(fields["zbee_nwk.dst"], 16),
        "broadcast": fields["zbee_aps.delivery"] == "0x02",
        "source_endpoint": int(fields["zbee_aps.src"]),
        "destination_endpoint": int(fields["zbee_aps.dst"]),
        "profile": int(fields["zbee_aps.profile"], 16),
        "cluster": int(cluster, 16),
    }
    if "zbee_zdp" in layers:
        frame["zdo"] = _zdo(layers["zbee_zdp"])
        frame["tsn"] = int(fields["zbee_zdp.seqno"])
    if "zbee_zcl" in layers:
        frame |= _zcl(layers["zbee_zcl"], fields)
    return frame


def _milliseconds(packet):
    stamp = next(field for field in packet.iter("field") if field.get("name") == "timestamp").get("value")
    seconds, _, fraction = stamp.partition(".")
    return int(seconds) * 1000 + int(fraction[:3])


def _zdo(layer):
    texts = {}
    for field in layer.iter("field"):
        name, text = field.get("name").removeprefix("zbee_zdp."), field.get("show")
        if name in texts:
            known = texts[name]
            texts[name] = [*known, text] if isinstance(known, list) else [known, text]
        else:
            texts[name] = text
    return texts


def _zcl(layer, fields):
    seen = {
        "general": fields["zbee_zcl.type"] == "0x00",
        "to_client": fields["zbee_zcl.dir"] == "1",
        "tsn": int(fields["zbee_zcl.cmd.tsn"]),
    }
    # A cluster's own commands have names of their own for the field.
    command = fields.get("zbee_zcl.cmd.id") or next(
        (text for name, text in fields.items() if name and ".cmd." in name and name.endswith(".id")), None
    )
    seen["command"] = None if command is None else int(command, 16)
    if seen["general"] and seen["command"] == DEFAULT_RESPONSE:
        status = fields["zbee_zcl.attr.status"]
        seen["default_response"] = (int(fields["zbee_zcl.cmd.id.rsp"], 16), int(status, 16))
    elif seen["general"]:
        seen["attributes"] = _attributes(layer)
    else:
        seen["payload"] = [field for part in layer.findall("field[@show='Payload']") for field in _own(part)]
    return seen


def _own(parent):
    """The fields of a cluster's own command; what a tree without a name of its own holds, not the bits of a field."""
    for field in parent.findall("field"):
        if not field.get("name"):
            yield from _own(field)
        elif field.get("name") != "_ws.expert":
            octets = field.get("unmaskedvalue") or field.get("value") or ""
            yield field.get("name"), field.get("show"), bytes.fromhex(octets)


def _attributes(layer):
    records = []
    for parent in [layer, *layer.iter("field")]:
        inside = [field for field in parent.findall("field") if field.get("name") != "zbee_zcl.attr.data.type"]
        if not any(field.get("name").endswith(".attr_id") for field in inside):
            continue
        for field in inside:
            name = field.get("name")
            if name.endswith(".attr_id"):
                records.append([int(field.get("show"), 16), None, None])
            elif name == "zbee_zcl.attr.status":
                records[-1][1] = int(field.get("show"), 16)
            elif ".attr." in name:
                records[-1][2] = value(field.get("show"))
    return [tuple(record) for record in records]


def value(text):
    """What tshark prints of a field, as a number where it is one; a time as Zigbee UTC."""
    if text.endswith(" UTC"):
        moment = datetime.datetime.strptime(text.partition(".")[0], "%b %d, %Y %H:%M:%S")
        return int((moment.replace(tzinfo=datetime.UTC) - ZIGBEE_EPOCH).total_seconds())
    try:
        return int(text, 0)
    except ValueError:
        return text
