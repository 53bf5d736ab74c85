"""What every attribute of the firmware is: no concern of the people, or in the care of a registered keeper.

By class, generator (with "()") or module, without "ihd."; the design is in tenancy.md, section 5. Of what is KEPT
test_memory_walk.py checks that a keeper reaches the object, and that its values go in a rewind.
"""

# who: {why: names}
IMPERSONAL = {
    "app.App": {
        "parts by fuel": "meters pollers",
        "when, what is missing, settings": "_now _minute _next_heap note settings",
        "which network, and what the occupant ordered": "_pan _resetting",
    },
    "clock.Clock": {"what time it is": "_ticks _utc"},
    "display.director.Director": {
        "which screen": "_fresh _key _page _place _ready _receipt _screen_name _seen changed",
        "when": "_now _refreshed _retry _until",
        "which meters the picture tells of": "_private",
    },
    "display.screens.searching": {"words": "_RADIO"},
    "han.dialogue.Dialogue": {"when it goes on, and with what": "_due now _request _script"},
    "han.directory.Device": {
        "which device: a binding outlives the people": "address bound fuel lost management metering model mute name "
        "short"
    },
    "han.directory.Directory": {"the devices": "devices"},
    "han.exchange.Exchange": {"our own questions": "_requests _sequence"},
    "han.exchange.Request": {
        "our own question": "address answer cluster dialogue due endpoint payload profile sequence short token tries"
    },
    "han.interview._hold()": {
        "which device": "_ address device endpoint endpoints heard known management missed model profile servers short"
    },
    "han.interview.look()": {"which device": "address sequence short wanted"},
    "han.network.Network": {"which devices": "_joined candidates match_sequence"},
    "han.network._search()": {"a pause": "pause"},
    "han.time_question.ask()": {"our own question": "endpoints payload"},
    "han.timekeeper.Timekeeper": {"who tells the time": "_poll_ms _secured endpoint trust_centre"},
    "han.timekeeper._script()": {"the time": "answer local told unknown utc"},
    "history.destroying._zero()": {
        "places": "at end keep_blank keep_header offset page part place size stands wiped",
        "what it is destroyed with": "word",
    },
    "history.destroying.destroy_before()": {"places, and how many": "at counts end erased half_hour place series"},
    "history.household.Visit": {"places of records": "_mounted"},
    "history.household.destroy()": {"places": "meter first sector"},
    "history.sector.erase()": {"places": "sector"},
    "history.sector.zero()": {"places": "sector start zeros offset"},
    "history.journal.Journal": {
        "places and numbers of records": "_compaction _first _latest _left_out end live next owner sequence"
    },
    "history.ring.Ring": {
        "which sectors, and since when": "_floors epochs firm present sectors_erased sequence slots_destroyed",
        "zeros, but while it is written": "_word",
    },
    "home.account.Account": {
        "which questions the meter has answers to, and when it is asked": "hour lacking minute places",
        "what prices are of, without one": "volume",
        "since when the people live there": "floor",
    },
    "home.cost.Cost": {"how it counts": "_denominator _gas"},
    "home.backfill.fill()": {
        "how the meter answers": "given sampled status",
        "which half-hours": "asked begin beyond count earliest end first gaps reach rest start taken utc",
    },
    "home.meter.Meter": {
        "how it counts": "_divisor _multiplier _unit _wanted_unit unit name",
        "when it was heard last": "heard",
    },
    "home.half_hours.HalfHours": {"how late a reading may be": "_slack_s"},
    "home.poller.Poller": {"how often it asks": "_electricity _parting _poll_s"},
    "home.poller._fill()": {"which half-hours, and when": "after earliest reach utc waited whole"},
    "home.poller._script()": {"our own question": "known payload retry short wanted"},
    "home.reading.read()": {"our own question": "cluster endpoint payload types wanted"},
    "home.recorder.Recorder": {"whether the flash refuses": "_retry _told"},
    "home.services._attributes()": {"our own question": "attribute cluster endpoint n some wanted"},
    "home.services._command()": {"our own question": "cluster command endpoint key"},
    "home.services._place()": {"our own question": "cluster endpoints payload places"},
    "home.services.ask()": {"what is due": "begun hour"},
    "home.services.often()": {"whether the meter answers, and a price holds": "answered ended", "when it is": "utc"},
    "home.services.seldom()": {
        "our own questions, of what and from when": "cluster command commands electricity fields payload wanted"
    },
    "home.thresholds.ask()": {"our own question": "wanted"},
    "local_clock.LocalClock": {"the zone of the place": "_ahead _day _steady _told"},
    "refused.Refused": {"counts of frames by reason": "_changed counts"},
    "tenancy.enquiry._ask()": {"of a change, not of the people": "pause result"},
    "tenancy.enquiry._attributes()": {"which attributes": "wanted"},
    "tenancy.enquiry.enquire()": {"of a change, not of the people": "command event kind status"},
    "tenancy.event.Event": {
        "a change, which outlives people": "at at_once control event_id genuine highest kind provider source time"
    },
    "tenancy.guard.Guard": {
        "when, and what is under way": "_asking _failing _jumped _open _poll_ms _retry _running _stale_ms _utc _watch "
        "lowered now journal recovering timeless",
        "by meter: what was decided, and the proof of it": "_late queue watches fresh",
    },
    "tenancy.guard._enquiries()": {"what an enquiry gave, and when it was": "kind outcome pause_ms timed"},
    "tenancy.keepers.Stored": {"a part's name, and what it does": "_module _what name destroying left_out"},
    "tenancy.office.Office": {"whether the journal refuses": "refused"},
    "tenancy.receipt.Receipt": {
        "the proof, with nothing personal": "applied event_id floor fuel kind meter ms number resumed "
        "scope sectors slots source verified"
    },
    "tenancy.rewind._decide()": {"a change and its scope": "_ begun covered how kind meter number one scope"},
    "tenancy.rewind._note()": {"which meter": "meter"},
    "tenancy.rewind._forget()": {
        "a change, and how much was erased": "begun destroyed erased failing floor meter ms resumed scope"
    },
    "tenancy.rewind.carry_out()": {"a change and its scope": "kind resumed scope told"},
    "tenancy.usage.destroy()": {"places": "first meter series"},
    "tenancy.watch.Watch": {
        "what was decided of its tenancy": "again answered applied closed dues failing first joined number outcomes "
        "release rewinding since sources spoke stale told vouched"
    },
}

# who: names. Reached from a registered keeper, whose forget() and holds() are about them.
KEPT = {
    "display.canvas.Canvas": "_shown",
    "home.account.Account": "confirm messages prices unread values",
    "home.cost.Cost": "_at _carry _open _register _rest _seen _since _sure",
    "home.half_hours.HalfHours": "_day _day_start _read_at _register _start current day_since odd",
    "home.meter.Meter": "ambient read_at register watts",
    "home.recorder.Recorder": "_waiting",
    "home.supplier.Supplier": "again coming indicates name phone thresholds thresholds_at",
}

# who: names. What a generator has for the moment: views of the radio's buffer, which the radio overwrites, and what is
# dropped with the generator when the gate closes.
PASSING = {
    "han.interview._hold()": "answer",
    "han.time_question.ask()": "answer",
    "home.backfill.fill()": "answer value",
    "home.poller._script()": "answer",
    "home.services._attributes()": "found told",
    "home.services._command()": "answer payload",
    "home.services._place()": "answer",
    "home.services.often()": "confirmed payload",
    "home.thresholds.ask()": "found indicated thresholds",
    "tenancy.event.Event": "name phone",
    "tenancy.enquiry._ask()": "answer",
    "tenancy.enquiry.enquire()": "answer",
}

# Buffers of modules, which the keeper "panel" overwrites.
SHARED = {"display.canvas": "_GLYPH _SCRATCH"}
