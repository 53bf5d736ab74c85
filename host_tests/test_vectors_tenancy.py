"""The published changes, byte for byte at the UART of the whole display: they are carried out and answered.

That of tenancy (GCS09) forgets; that of supplier is GB's way to set contact details (GCS44), and forgets nothing.
"""

import json
import os
from pathlib import Path

import pytest
from by_hand import ESME, GPF
from outsider import Outsider, check_rewind, check_untouched
from whole_board import received

FOLDER = Path(os.environ.get("GBCS_VECTORS", Path(__file__).parent.parent.parent / "shared/vectors"))
if not FOLDER.is_dir():
    pytest.skip(f"no published test frames at {FOLDER} (GBCS_VECTORS)", allow_module_level=True)
FRAMES = json.loads((FOLDER / "zcl-frames.json").read_text(encoding="utf-8"))

GPF_NWK, GPF_ENDPOINT = 0x8C02, 9
EVENT_ID = 0x1C374A80  # 2015-01-01 00:00:00
FLOOR = 0x1FC66E20  # 2016-11-22 02:46:56
ANSWER = "SUCCESS_RESPONSE_GBCS.HEX"
FED_MS = 15 * 60_000


def published(command):
    """The one ZCL frame of this command among the published ones."""
    (frame,) = {bytes.fromhex(each["zcl"]) for each in FRAMES if each["command"] == command}
    return received(0x0708, frame, source=GPF, short=GPF_NWK, source_endpoint=GPF_ENDPOINT)


def test_T25_the_published_frame_rewinds_to_its_time(tmp_path):
    with Outsider("T25", tmp_path) as seen:
        seen.feed[FED_MS] = published("PublishChangeOfTenancy")
        seen.run()
        receipt = check_rewind(seen, GPF, FLOOR, "unsolicited", EVENT_ID)
        # From the midnight with which the meter's log begins, two days before, to 03:00.
        assert (receipt["slots"], receipt["sectors"]) == (2 * 48 + 6, 0)
        assert receipt["ms"] - FED_MS in range(10)
        ((payload, options, endpoint, address),) = seen.answers(after=15)
        assert payload.hex() == "00000b0000"  # as GCS09 prints it: sequence 0, command 0, SUCCESS
        assert (options, endpoint, address) == (0x20, GPF_ENDPOINT, GPF)
        check_untouched(seen, ESME)


def test_T33_the_published_contact_details_forget_nothing(tmp_path):
    (answer,) = {each["zcl"] for each in FRAMES if "GCS44" in each["file"] and each["file"].endswith(ANSWER)}
    with Outsider("T25", tmp_path) as seen:
        seen.feed[FED_MS] = published("PublishChangeOfSupplier")
        seen.run(minute=17)
        ((payload, options, endpoint, address),) = seen.answers(after=15)
        assert payload.hex() == answer == "00000b0100"  # as GCS44 prints it: sequence 0, command 1, SUCCESS
        assert (options, endpoint, address) == (0x20, GPF_ENDPOINT, GPF)
        assert not seen.of("rewind") and not seen.of("gate", after=15) and not seen.of("refused", after=15)
        check_untouched(seen, ESME)
        check_untouched(seen, GPF)
