"""Requests in flight and the dialogues that ask them."""

from fakes import START, Radio, indication, refusals

from ihd.clock import ticks_add
from ihd.han.dialogue import Dialogue
from ihd.han.exchange import OWN, Exchange, Request

METER = bytes(range(8))


def request(sequence, cluster=0x0702, address=METER, **other):
    return Request(address, 0x5566, 9, cluster, 0x0109, bytes((0, sequence, 0)), **other)


def begun(script):
    radio = Radio()
    exchange = Exchange(radio, refusals())
    dialogue = Dialogue(exchange)
    dialogue.begin(script, START)
    dialogue.step(START)
    return radio, exchange, dialogue


def asking(answers, *requests):
    for one in requests:
        answers.append((yield one))


def test_a_request_is_sent_secured_to_its_endpoint():
    radio, _, _ = begun(asking([], request(7)))
    assert radio.sent == [(METER, 0x5566, 0x0702, 0x0109, 1, 9, b"\x00\x07\x00", True)]


def test_the_answer_goes_to_who_asked():
    answers = []
    radio, exchange, _ = begun(asking(answers, request(7), request(8)))
    matched = exchange.match(indication(b"\x18\x07\x01\xaa", 0x0702), 0x0702, 7)
    matched.dialogue.answered(1, b"\xaa", START)
    assert answers == [(1, b"\xaa")]
    assert len(radio.sent) == 2


def test_only_the_device_cluster_endpoint_and_sequence_that_were_asked_answer():
    _, exchange, _ = begun(asking([], request(7)))
    for frame, cluster, sequence in (
        (indication(b"", 0x0702), 0x0702, 8),
        (indication(b"", 0x0708), 0x0708, 7),
        (indication(b"", 0x0702, source_endpoint=10), 0x0702, 7),
        (indication(b"", 0x0702, source=bytes(8)), 0x0702, 7),
        (indication(b"", 0x0702, profile=0), 0x0702, 7),
    ):
        assert exchange.match(frame, cluster, sequence) is None
    assert exchange.match(indication(b"", 0x0702), 0x0702, 7)
    assert exchange.match(indication(b"", 0x0702), 0x0702, 7) is None


def test_only_the_command_that_answers_it_answers_a_request():
    frame = indication(b"", 0x0702)
    for wanted, others in ((1, (OWN | 1, 7, 4)), (OWN | 7, (7, OWN | 8, 1)), (OWN, (0, OWN | 1))):
        _, exchange, _ = begun(asking([], request(7, answer=wanted)))
        for other in others:
            assert exchange.match(frame, 0x0702, 7, other) is None
        assert exchange.match(frame, 0x0702, 7, wanted)


def test_a_request_is_read_attributes_unless_it_says_otherwise():
    _, exchange, _ = begun(asking([], request(7)))
    assert exchange.match(indication(b"", 0x0702), 0x0702, 7, 1)


def test_a_default_response_answers_the_request_whose_command_it_names():
    frame = indication(b"", 0x0702)
    _, exchange, _ = begun(asking([], Request(METER, 0x5566, 9, 0x0702, 0x0109, b"\x01\x07\x08", OWN | 7)))
    for other in (0, 7, 0x0B):
        assert exchange.match(frame, 0x0702, 7, None, other) is None
    assert exchange.match(frame, 0x0702, 7, None, 8)


def test_silence_is_asked_three_times_then_given_up():
    answers = []
    radio, exchange, _ = begun(asking(answers, request(7)))
    for second in range(1, 12):
        exchange.step(ticks_add(START, second * 1000))
    assert len(radio.sent) == 3 and answers == []
    exchange.step(ticks_add(START, 12000))
    assert len(radio.sent) == 3 and answers == [None]
    assert exchange.wake(START) is None


def test_a_request_is_sent_as_often_as_it_says():
    for tries in (1, 2):
        answers = []
        radio, exchange, _ = begun(asking(answers, request(7, tries=tries)))
        for second in range(1, 4 * tries):
            exchange.step(ticks_add(START, second * 1000))
        assert len(radio.sent) == tries and answers == []
        exchange.step(ticks_add(START, 4000 * tries))
        assert len(radio.sent) == tries and answers == [None]


def test_a_frame_that_was_not_delivered_is_repeated_sooner():
    radio, exchange, _ = begun(asking([], request(7)))
    exchange.delivery(1, False, START)
    exchange.step(ticks_add(START, 999))
    assert len(radio.sent) == 1
    exchange.step(ticks_add(START, 1000))
    assert len(radio.sent) == 2


def test_a_delivered_frame_is_waited_for():
    radio, exchange, _ = begun(asking([], request(7)))
    exchange.delivery(1, True, START)
    exchange.step(ticks_add(START, 3999))
    assert len(radio.sent) == 1


def test_a_radio_without_room_is_tried_again():
    radio = Radio()
    radio.room = False
    exchange = Exchange(radio, refusals())
    dialogue = Dialogue(exchange)
    dialogue.begin(asking([], request(7)), START)
    dialogue.step(START)
    radio.room = True
    exchange.step(ticks_add(START, 1000))
    assert len(radio.sent) == 1


def test_as_many_requests_are_in_flight_as_may_be_and_the_rest_wait():
    radio = Radio()
    exchange = Exchange(radio, refusals())
    dialogues = []
    for sequence in range(5):
        dialogue = Dialogue(exchange)
        dialogue.begin(asking([], request(sequence, address=bytes((sequence,)) * 8)), START)
        dialogue.step(START)
        dialogues.append(dialogue)
    assert len(radio.sent) == 4
    exchange.match(indication(b"", 0x0702, source=bytes(8)), 0x0702, 0)
    dialogues[4].step(ticks_add(START, 99))
    assert len(radio.sent) == 4
    dialogues[4].step(ticks_add(START, 100))
    assert len(radio.sent) == 5


def test_one_request_is_in_flight_to_a_device_at_a_time():
    radio, exchange, _ = begun(asking([], request(7)))
    second = Dialogue(exchange)
    second.begin(asking([], request(8)), START)
    second.step(START)
    assert len(radio.sent) == 1
    exchange.match(indication(b"", 0x0702), 0x0702, 7)
    second.step(ticks_add(START, 100))
    assert len(radio.sent) == 2


def test_a_dialogue_that_is_stopped_hears_no_answer():
    _, exchange, dialogue = begun(asking([], request(7)))
    dialogue.stop()
    assert exchange.match(indication(b"", 0x0702), 0x0702, 7) is None


def test_a_request_dropped_because_another_ended_is_not_given_up_twice():
    radio, exchange, first = begun(asking([], request(7)))
    second = Dialogue(exchange)
    second.begin(asking([], request(8, address=bytes(8))), START)
    second.step(START)
    first.answered = lambda command, payload, now: second.stop()
    for second_s in range(13):
        exchange.step(ticks_add(START, second_s * 1000))
    assert exchange.wake(START) is None
    assert len(radio.sent) == 6


def waiting(log):
    log.append("begun")
    yield 30000
    log.append("gone on")


def test_a_dialogue_waits_as_long_as_it_says():
    log = []
    _, _, dialogue = begun(waiting(log))
    assert dialogue.wake(START) == 30000
    dialogue.step(ticks_add(START, 29999))
    assert log == ["begun"]
    dialogue.step(ticks_add(START, 30000))
    assert log == ["begun", "gone on"]
    assert dialogue.wake(START) is None


def test_a_hurried_dialogue_waits_no_longer():
    log = []
    _, _, dialogue = begun(waiting(log))
    dialogue.hurry(START)
    dialogue.step(START)
    assert log == ["begun", "gone on"]


def test_hurry_does_not_disturb_a_question_under_way():
    radio, _, dialogue = begun(asking([], request(7), request(8)))
    dialogue.hurry(START)
    dialogue.step(START)
    assert len(radio.sent) == 1


def test_sequence_numbers_go_round():
    exchange = Exchange(Radio(), refusals())
    numbers = [exchange.next_sequence() for _ in range(300)]
    assert numbers[:3] == [1, 2, 3] and numbers[254:257] == [255, 0, 1]
