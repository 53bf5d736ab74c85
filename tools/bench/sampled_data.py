"""A meter's half-hourly log, as GetSampledData (Metering 0x0702, client command 0x08) reads it.

Source: Zigbee Smart Energy 1.4, D.3. Sample id 0 is GB's Profile Data Log; the time of a sample is when it began.
"""

import itertools

import zigpy.types as t
from zigpy.zcl.foundation import Status

GET_SAMPLED_DATA, GET_SAMPLED_DATA_RESPONSE = 0x08, 0x07
PROFILE_DATA_LOG = 0x0000
CONSUMPTION_DELIVERED = 0x00
HALF_HOUR = 1800
MOST_SAMPLES = 24


class GetSampledData(t.Struct):
    sample_id: t.uint16_t
    earliest: t.UTCTime
    sample_type: t.uint8_t
    count: t.uint16_t


class GetSampledDataResponse(t.Struct):
    sample_id: t.uint16_t
    start: t.UTCTime
    sample_type: t.uint8_t
    interval: t.uint16_t
    samples: t.LVList[t.uint24_t, t.uint16_t]


def log(load):
    """The handler of GetSampledData for a meter with this load: all complete half-hours since the load is known."""

    def answer(body, utc):
        wanted, _ = GetSampledData.deserialize(body)
        start = max(-(-wanted.earliest // HALF_HOUR) * HALF_HOUR, load.origin)
        count = min(wanted.count, MOST_SAMPLES, utc // HALF_HOUR - start // HALF_HOUR)
        known = wanted.sample_id == PROFILE_DATA_LOG and wanted.sample_type == CONSUMPTION_DELIVERED
        if not known or count <= 0:
            return Status.NOT_FOUND
        registers = [load.delivered(start + n * HALF_HOUR) for n in range(count + 1)]
        samples = [after - before for before, after in itertools.pairwise(registers)]
        response = GetSampledDataResponse(
            sample_id=PROFILE_DATA_LOG,
            start=start,
            sample_type=CONSUMPTION_DELIVERED,
            interval=HALF_HOUR,
            samples=samples,
        )
        return GET_SAMPLED_DATA_RESPONSE, response

    return answer
