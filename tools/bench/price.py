"""Price (0x0700) of a meter: it publishes the prices of its tariff, and how it reckons kWh from gas.

Source: Zigbee Smart Energy 1.4, D.4; GB use: GBCS GCS01a and GCS23. Trailing digits stand in the high half of a byte.
"""

import zigpy.types as t
from zigpy.zcl.foundation import Status, ZCLAttributeDef

from tools.bench.devices import Server
from tools.bench.tariff import KWH, POUNDS

GET_CURRENT_PRICE, GET_SCHEDULED_PRICES = 0x00, 0x01
GET_CONVERSION_FACTOR, GET_CALORIFIC_VALUE, GET_TARIFF_INFORMATION = 0x04, 0x05, 0x06
PUBLISH_PRICE, PUBLISH_CONVERSION_FACTOR, PUBLISH_CALORIFIC_VALUE, PUBLISH_TARIFF_INFORMATION = 0x00, 0x02, 0x03, 0x04

UNTIL_CHANGED = 0xFFFF
ANY_EVENT = 0xFFFFFFFF
MEGAJOULES_A_CUBIC_METRE = 0x01
NO_BLOCKS = 0xFF
# How many prices a meter knows ahead, the present one among them.
MOST_SCHEDULED = 5


class GetCurrentPrice(t.Struct):
    options: t.bitmap8


class GetScheduledPrices(t.Struct):
    start: t.UTCTime
    count: t.uint8_t


class GetValue(t.Struct):
    """GetConversionFactor, GetCalorificValue."""

    earliest: t.UTCTime
    least_event: t.uint32_t
    count: t.uint8_t


class GetTariffInformation(t.Struct):
    earliest: t.UTCTime
    least_event: t.uint32_t
    count: t.uint8_t
    tariff_type: t.bitmap8


class PublishPrice(t.Struct):
    provider_id: t.uint32_t
    rate_label: t.LVBytes
    issuer_event_id: t.uint32_t
    current_time: t.UTCTime
    unit_of_measure: t.enum8
    currency: t.uint16_t
    trailing_and_tier: t.bitmap8
    tiers_and_register: t.bitmap8
    start: t.UTCTime
    duration_minutes: t.uint16_t
    price: t.uint32_t


class PublishConversionFactor(t.Struct):
    issuer_event_id: t.uint32_t
    start: t.UTCTime
    factor: t.uint32_t
    trailing: t.bitmap8


class PublishCalorificValue(t.Struct):
    issuer_event_id: t.uint32_t
    start: t.UTCTime
    value: t.uint32_t
    unit: t.enum8
    trailing: t.bitmap8


class PublishTariffInformation(t.Struct):
    provider_id: t.uint32_t
    issuer_event_id: t.uint32_t
    issuer_tariff_id: t.uint32_t
    start: t.UTCTime
    type_and_scheme: t.bitmap8
    label: t.LVBytes
    tiers: t.uint8_t
    block_thresholds: t.uint8_t
    unit_of_measure: t.enum8
    currency: t.uint16_t
    trailing: t.bitmap8
    standing_charge: t.uint32_t
    tier_block_mode: t.uint8_t
    multiplier: t.uint24_t
    divisor: t.uint24_t


class Price(Server):
    """tariff: tools.bench.tariff.Tariff, to be changed at will; with nothing in it there is nothing to find."""

    def __init__(self, tariff):
        self.tariff = tariff
        attributes = (
            (0x0301, t.uint32_t, tariff.standing),
            (0x0302, t.uint32_t, self._of_gas("factor")),
            (0x0303, t.bitmap8, self._of_gas("factor_trailing", 4)),
            (0x0304, t.uint32_t, self._of_gas("calorific_value")),
            (0x0305, t.enum8, lambda utc: MEGAJOULES_A_CUBIC_METRE if self._converts() else None),
            (0x0306, t.bitmap8, self._of_gas("calorific_trailing", 4)),
            (0x0616, t.uint16_t, lambda utc: POUNDS if tariff.known else None),
            (0x0617, t.bitmap8, lambda utc: tariff.trailing << 4 if tariff.known else None),
        )
        super().__init__(
            attributes={ZCLAttributeDef(id=number, type=kind): value for number, kind, value in attributes},
            commands={
                GET_CURRENT_PRICE: self._current,
                GET_SCHEDULED_PRICES: self._scheduled,
                GET_CONVERSION_FACTOR: self._conversion_factor,
                GET_CALORIFIC_VALUE: self._calorific_value,
                GET_TARIFF_INFORMATION: self._information,
            },
        )

    def publication(self, published, utc):
        """The PublishPrice of a tariff's Published."""
        minutes = UNTIL_CHANGED if published.end is None else max(1, (published.end - published.start) // 60)
        return PublishPrice(
            provider_id=0,
            rate_label=self.tariff.label.encode(),
            issuer_event_id=published.event,
            current_time=utc,
            unit_of_measure=KWH,
            currency=POUNDS,
            trailing_and_tier=self.tariff.trailing << 4 | published.tier,
            tiers_and_register=published.tiers << 4 | published.tier,
            start=published.start,
            duration_minutes=min(minutes, UNTIL_CHANGED),
            price=published.price,
        )

    def _current(self, body, utc):
        GetCurrentPrice.deserialize(body)
        published = self.tariff.publication(utc)
        return Status.NOT_FOUND if published is None else (PUBLISH_PRICE, self.publication(published, utc))

    def _scheduled(self, body, utc):
        wanted, _ = GetScheduledPrices.deserialize(body)
        published = self.tariff.schedule(max(wanted.start, utc), min(wanted.count or MOST_SCHEDULED, MOST_SCHEDULED))
        return [(PUBLISH_PRICE, self.publication(each, utc)) for each in published] or Status.NOT_FOUND

    def _converts(self):
        return self.tariff.known and self.tariff.conversion is not None

    def _of_gas(self, field, shift=0):
        return lambda utc: getattr(self.tariff.conversion, field) << shift if self._converts() else None

    def _event(self, body):
        """(issuer event id, start) of the conversion that is asked for, or None."""
        wanted, _ = GetValue.deserialize(body)
        event = self.tariff.rates[0].event if self.tariff.rates else 0
        return (event, event) if self._converts() and _is_recent(event, wanted) else None

    def _conversion_factor(self, body, utc):
        found = self._event(body)
        if found is None:
            return Status.NOT_FOUND
        conversion = self.tariff.conversion
        return PUBLISH_CONVERSION_FACTOR, PublishConversionFactor(
            *found, conversion.factor, conversion.factor_trailing << 4
        )

    def _calorific_value(self, body, utc):
        found = self._event(body)
        if found is None:
            return Status.NOT_FOUND
        value, trailing = self.tariff.conversion.calorific_value, self.tariff.conversion.calorific_trailing << 4
        return PUBLISH_CALORIFIC_VALUE, PublishCalorificValue(*found, value, MEGAJOULES_A_CUBIC_METRE, trailing)

    def _information(self, body, utc):
        wanted, _ = GetTariffInformation.deserialize(body)
        present = self.tariff.rate(max(utc, wanted.earliest))
        rates = [] if present is None else self.tariff.rates[self.tariff.rates.index(present) :]
        rates = [rate for rate in rates or self.tariff.rates if _is_recent(rate.event, wanted)]
        rates = rates[: wanted.count or len(rates)]
        return [(PUBLISH_TARIFF_INFORMATION, self._tariff(rate)) for rate in rates] or Status.NOT_FOUND

    def _tariff(self, rate):
        return PublishTariffInformation(
            provider_id=0,
            issuer_event_id=rate.event,
            issuer_tariff_id=rate.event,
            start=rate.start,
            type_and_scheme=0,
            label=self.tariff.label.encode(),
            tiers=rate.tiers,
            block_thresholds=0,
            unit_of_measure=KWH,
            currency=POUNDS,
            trailing=self.tariff.trailing << 4,
            standing_charge=self.tariff.standing(rate.start) or 0,
            tier_block_mode=NO_BLOCKS,
            multiplier=1,
            divisor=1,
        )


def _is_recent(event, wanted):
    return wanted.least_event in (ANY_EVENT, 0) or event >= wanted.least_event
