"""The planted defects of the road from the radio to the screen."""

from planting import Mutant

API_FRAME = "firmware/ihd/radio/api_frame.py"
XBEE = "firmware/ihd/radio/xbee.py"
INBOX = "firmware/ihd/han/inbox.py"
EXCHANGE = "firmware/ihd/han/exchange.py"
TIMEKEEPER = "firmware/ihd/han/timekeeper.py"
METER = "firmware/ihd/home/meter.py"
HALF_HOURS = "firmware/ihd/home/half_hours.py"
WIRE = "firmware/ihd/wire.py"

PORTABLE = "host_tests/portable/test_"
PANEL_TESTS = "host_tests/test_virtual_board_panel.py::test_"
FLASH_TESTS = "host_tests/test_virtual_board_flash.py::test_"

MUTANTS = [
    Mutant(
        "checksum not verified",
        API_FRAME,
        "if self._sum & 0xFF == 0xFF:",
        "if True:",
        PORTABLE + "api_frame.py::test_a_wrong_checksum_is_counted_and_the_next_frame_survives",
    ),
    Mutant(
        "escape of 0x13 forgotten",
        API_FRAME,
        " or octet == _XOFF)",
        ")",
        PORTABLE + "api_frame.py::test_every_octet_that_needs_it_is_escaped",
    ),
    Mutant(
        "over-long length believed",
        API_FRAME,
        "if not 0 < self._length <= LONGEST:",
        "if not 0 < self._length:",
        PORTABLE + "api_frame.py::test_impossible_lengths_are_refused",
    ),
    Mutant(
        "partial write loses octets",
        XBEE,
        "self._tx = self._tx[written:]",
        "self._tx = self._tx[:0]",
        PORTABLE + "xbee.py::test_what_the_uart_does_not_take_is_sent_later",
    ),
    Mutant(
        "cluster cut to 8 bits",
        XBEE,
        "indication.cluster = frame[13] << 8 | frame[14]",
        "indication.cluster = frame[14]",
        PORTABLE + "xbee.py::test_an_indication_says_who_what_and_how_secured",
    ),
    Mutant(
        "every received frame called secured",
        XBEE,
        "indication.secured = bool(frame[17] & _APS)",
        "indication.secured = True",
        PORTABLE + "xbee.py::test_an_indication_says_who_what_and_how_secured",
    ),
    Mutant(
        "signed 24-bit demand read unsigned",
        WIRE,
        "value = signed(data, at, size)",
        "value = unsigned(data, at, size)",
        PORTABLE + "meter.py::test_export_is_negative_power",
    ),
    Mutant(
        "non-value of demand shown as a number",
        WIRE,
        "(None if value == -1 << (8 * size - 1) else value)",
        "value",
        PORTABLE + "meter.py::test_a_non_value_is_no_number",
    ),
    Mutant(
        "non-value of a register shown as a number",
        WIRE,
        "elif data[at] == 0xFF and ",
        "elif False and ",
        PORTABLE + "meter.py::test_a_non_value_is_no_number",
    ),
    Mutant(
        "unknown power shown as a number",
        "firmware/ihd/display/units.py",
        'return UNKNOWN, ""',
        'return "0", "W"',
        PORTABLE + "display.py::test_power_is_watts_below_a_kilowatt_and_kilowatts_above",
    ),
    Mutant(
        "unsecured frame accepted",
        INBOX,
        "and not indication.secured:",
        "and False:",
        PORTABLE + "inbox.py::test_an_unsecured_smart_energy_frame_changes_nothing_and_is_answered_failure_unsecured",
    ),
    Mutant(
        "frame of unknown security accepted",
        INBOX,
        "and not indication.secured:",
        "and indication.secured is False:",
        PORTABLE + "inbox.py::test_an_unsecured_smart_energy_frame_changes_nothing_and_is_answered_failure_unsecured",
    ),
    Mutant(
        "report of another endpoint taken",
        INBOX,
        " or device.metering != indication.source_endpoint:",
        ":",
        PORTABLE + "inbox.py::test_a_report_of_a_stranger_or_of_another_endpoint_is_refused",
    ),
    Mutant(
        "report of a meter that is not bound taken",
        INBOX,
        "device is None or not device.bound or device.metering != indication.source_endpoint:",
        "device is None or device.metering != indication.source_endpoint:",
        PORTABLE + "inbox.py::test_a_report_of_a_meter_that_is_not_bound_is_refused",
    ),
    Mutant(
        "default response answered with a default response",
        INBOX,
        " or not control & frame.CLUSTER_SPECIFIC and command == general.DEFAULT_RESPONSE:",
        ":",
        PORTABLE + "inbox.py::test_an_unsecured_default_response_is_never_answered",
    ),
    Mutant(
        "broadcast answered",
        INBOX,
        "if indication.broadcast or ",
        "if ",
        PORTABLE + "inbox.py::test_a_broadcast_is_never_answered",
    ),
    Mutant(
        "answer to another question taken",
        EXCHANGE,
        "request.sequence == sequence",
        "True",
        PORTABLE + "exchange.py::test_only_the_device_cluster_endpoint_and_sequence_that_were_asked_answer",
    ),
    Mutant(
        "answer of another device taken",
        EXCHANGE,
        "request.address == indication.source",
        "True",
        PORTABLE + "exchange.py::test_only_the_device_cluster_endpoint_and_sequence_that_were_asked_answer",
    ),
    Mutant(
        "time of a stranger taken",
        TIMEKEEPER,
        " or self.trust_centre not in (None, indication.source):",
        ":",
        PORTABLE + "network.py::test_time_counts_from_the_trust_centre_s_two_addresses_together",
    ),
    Mutant(
        "clock that is not set believed",
        "firmware/ihd/han/time_question.py",
        "and not status & (time.MASTER | time.SYNCHRONISED):",
        "and False:",
        PORTABLE + "network.py::test_a_clock_that_is_not_set_is_not_believed",
    ),
    Mutant(
        "unsecured time taken after secured time",
        TIMEKEEPER,
        "if self._secured and not indication.secured:",
        "if False:",
        PORTABLE + "network.py::test_unsecured_time_is_taken_until_secured_time_came",
    ),
    Mutant(
        "second meter of a fuel bound too",
        "firmware/ihd/han/directory.py",
        "device.bound = device.bound or self.bound(fuel) is None",
        "device.bound = True",
        PORTABLE + "network.py::test_a_second_meter_of_a_fuel_is_listed_not_bound",
    ),
    Mutant(
        "wrong unit taken",
        METER,
        "return self._unit == self._wanted_unit and ",
        "return ",
        PORTABLE + "meter.py::test_a_unit_that_is_not_the_fuel_s_blocks_the_value",
    ),
    Mutant(
        "attribute of another type taken",
        METER,
        "if right:",
        "if right is not None:",
        PORTABLE + "meter.py::test_an_attribute_of_another_type_is_refused",
    ),
    Mutant(
        "16-bit attribute id compared by its low octet",
        "firmware/ihd/zcl/schema.py",
        "table[at] | table[at + 1] << 8 == attribute",
        "table[at] == attribute & 0xFF",
        PORTABLE + "zcl.py::test_an_attribute_has_the_type_of_its_whole_id",
    ),
    Mutant(
        "crowd of devices remembered without end",
        "firmware/ihd/han/network.py",
        "len(self.candidates) < _MOST_CANDIDATES and ",
        "",
        PORTABLE + "network.py::test_a_crowd_that_announces_itself_takes_no_more_memory",
    ),
    Mutant(
        "module that two rooms used is dropped twice",
        "firmware/ihd/on_demand.py",
        "if module and parent and",
        "if parent and",
        PORTABLE + "on_demand.py::test_a_module_may_be_dropped_twice_as_when_two_rooms_used_it",
    ),
    Mutant(
        "power of a lost meter kept",
        METER,
        '''what it said of this moment is no longer true."""
        self.watts = self.ambient = None''',
        '''what it said of this moment is no longer true."""''',
        PORTABLE + "meter.py::test_silence_takes_the_power_away_but_not_the_register",
    ),
    Mutant(
        "power of a lost meter shown",
        "firmware/ihd/display/screens/power.py",
        "elif electricity.lost:",
        "elif False:",
        PORTABLE + "screens.py::test_lost_meter_is_a_dash_since_when_and_its_bars_remain",
    ),
    Mutant(
        "register that runs backwards stored",
        HALF_HOURS,
        "odd = self.current is not None and not 0 <= register - self._register <= _LARGEST",
        "odd = self.current is not None and register - self._register > _LARGEST",
        PORTABLE + "half_hours.py::test_one_reading_below_the_register_changes_nothing",
    ),
    Mutant(
        "half-hour stored though its begin was missed",
        HALF_HOURS,
        "self._start = register if prompt else None",
        "self._start = register",
        PORTABLE + "half_hours.py::test_a_half_hour_whose_begin_was_missed_is_a_gap",
    ),
    Mutant(
        "half-hour stored though its end was missed",
        HALF_HOURS,
        "if prompt and start is not None",
        "if start is not None",
        PORTABLE + "half_hours.py::test_a_half_hour_whose_end_was_missed_is_a_gap_and_so_are_those_skipped",
    ),
    Mutant(
        "several half-hours stored as one",
        HALF_HOURS,
        " and half_hour == self.current + 1:",
        ":",
        PORTABLE + "half_hours.py::test_a_step_over_several_half_hours_belongs_to_none_of_them",
    ),
    Mutant(
        "ticks compared without their wrap",
        "firmware/ihd/clock.py",
        "return ((later - earlier + _HALF_PERIOD) & (_PERIOD - 1)) - _HALF_PERIOD",
        "return later - earlier",
        PORTABLE + "clock.py::test_ticks_differ_rightly_across_the_wrap",
    ),
    Mutant(
        "panel model ignores the address window",
        "tools/virtual_board/panel.py",
        "return window[0] if place == window[1] else (place + 1) % size",
        "return (place + 1) % size",
        PANEL_TESTS + "data_stays_inside_the_address_window",
    ),
    Mutant(
        "flash model lets a program set bits",
        "tools/virtual_board/flash.py",
        "if new & ~old:",
        "if False:",
        FLASH_TESTS + "a_zero_never_becomes_one_and_nothing_is_programmed_then",
    ),
    Mutant(
        "bench lets unsecured requests pass",
        "tools/bench/zcl.py",
        "if frame.cluster in APS_SECURED and not frame.secured:",
        "if False:",
        "host_tests/test_bench.py::test_smart_energy_without_link_key_gets_failure_unsecured_and_nothing_to_a_broadcast",
    ),
    Mutant(
        "a signal that is not there yet taken for one that is never told",
        XBEE,
        "self.signal = -strength[0] or None",
        "self.signal = -strength[0]",
        PORTABLE + "xbee.py::test_a_module_that_received_nothing_yet_is_asked_for_the_signal_again",
    ),
    Mutant(
        "a lost answer about the signal taken for not knowing",
        XBEE,
        "elif not self._silent:",
        "else:",
        PORTABLE + "xbee.py::test_an_answer_about_the_signal_that_is_lost_is_not_taken_for_not_knowing",
    ),
    Mutant(
        "octets of a meter told as they are",
        METER,
        "wire.printable(value) if isinstance(value, bytes)",
        'str(value, "utf-8") if isinstance(value, bytes)',
        PORTABLE + "meter.py::test_octets_of_any_kind_that_a_meter_tells_are_told_as_printable_text",
    ),
    Mutant(
        "a round goes on while a change is judged, with what was answered",
        "firmware/ihd/tenancy/guard.py",
        "        self.home.make_room()\n",
        "",
        "host_tests/test_memory_walk.py::test_a_rewind_between_two_questions_leaves_nothing_of_the_answer_to_the_first",
    ),
]
