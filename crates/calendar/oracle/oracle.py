"""Holds chiron-calendar to what other people's programs say.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python oracle.py            # compares, in about two minutes
    venv/bin/python oracle.py --record   # also writes ../tests/oracle.txt, which the ordinary test reads

Random rules over a year, in zones with all sorts of changes of the clock, with exceptions and moved occurrences, are
worked out by recurring-ical-events and by us. What we write is read by icalendar and vobject, and the zones that we
describe are compared with the tz database.
"""

import datetime as dt
import io
import json
import os
import random
import subprocess
import sys
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
import vobject

HERE = os.path.dirname(os.path.abspath(__file__))
UTC = dt.timezone.utc
# Without Casablanca, whose next changes of the clock differ from one edition of the tz database to another.
ZONES = [
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "Australia/Lord_Howe",
    "Australia/Sydney", "Pacific/Apia", "Pacific/Chatham", "Asia/Kathmandu", "America/Santiago", "UTC",
]
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def ours(command, given=""):
    run = ["cargo", "run", "-q", "-p", "chiron-calendar", "--release", "--example", "oracle", "--", command]
    return subprocess.run(run, input=given, capture_output=True, text=True, check=True, cwd=HERE).stdout


def days(chance, most):
    return ",".join(sorted(chance.sample(DAYS, chance.randint(1, most)), key=DAYS.index))


def rule(chance, start):
    """A random rule whose beginning is one of its occurrences, and how it says so."""
    kind = chance.choice(["days", "weeks", "weekdays", "month day", "nth weekday", "last weekday", "year", "position", "week number", "hours"])
    every = chance.choice([1, 1, 1, 2, 3, 4])
    day, weekday = start.day, DAYS[start.weekday()]
    nth, last = (day - 1) // 7 + 1, day + 7 > (start.replace(day=28) + dt.timedelta(days=4)).replace(day=1).toordinal() - start.replace(day=1).toordinal()
    match kind:
        case "days":
            text = f"FREQ=DAILY;INTERVAL={every}"
        case "weeks":
            text = f"FREQ=WEEKLY;INTERVAL={every}"
        case "weekdays":
            chosen = sorted({weekday, *days(chance, 4).split(",")}, key=DAYS.index)
            text = f"FREQ=WEEKLY;INTERVAL={every};WKST={chance.choice(['MO', 'SU'])};BYDAY=" + ",".join(chosen)
        case "month day":
            text = f"FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={day},{chance.choice([-1, -2, 1, 15, 31])}"
        case "nth weekday":
            text = f"FREQ=MONTHLY;INTERVAL={every};BYDAY={nth}{weekday}"
        case "last weekday":
            text = f"FREQ=MONTHLY;INTERVAL={every};BYDAY={'-1' if last else nth}{weekday}"
        case "year":
            text = f"FREQ=YEARLY;BYMONTH={','.join(str(m) for m in sorted({start.month, chance.randint(1, 12)}))};BYMONTHDAY={day}"
        case "position":
            text = f"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS={chance.choice(['1', '-1', '2,-2', '3'])}"
        case "week number":
            text = f"FREQ=YEARLY;BYWEEKNO={chance.randint(1, 53)},{chance.randint(-5, -1)};BYDAY={weekday}"
        case "hours":
            text = f"FREQ=DAILY;INTERVAL={every};BYHOUR={','.join(str(h) for h in sorted({start.hour, chance.randint(0, 23)}))}"
    match chance.choice(["never", "count", "until"]):
        # What the standard leaves open is left out: whether a beginning that does not fit its rule counts, and days until
        # which something repeats that has a time.
        case "count" if kind not in ("position", "week number"):
            text += f";COUNT={chance.randint(1, 60)}"
        case "until":
            text += ";UNTIL=" + (start + dt.timedelta(days=chance.randint(1, 400))).replace(tzinfo=UTC).strftime("%Y%m%dT%H%M%SZ")
    return text


def wall(t):
    return t.strftime("%Y%m%dT%H%M%S")


def event(zone, start, minutes, lines):
    when = f"DTSTART;TZID={zone}:{wall(start)}" if zone != "UTC" else f"DTSTART:{wall(start)}Z"
    return "\r\n".join(["BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z", "SUMMARY:x", when, f"DURATION:PT{minutes}M", *lines, "END:VEVENT"])


def stamp(name, zone, t):
    return f"{name}:{wall(t)}Z" if zone == "UTC" else f"{name};TZID={zone}:{wall(t)}"


def expected(calendar, start, end):
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(calendar), skip_bad_series=False).between(start, end)
    stretches = set()
    for e in found:
        # It adds the length on the wall; PT45M is 45 minutes, also when clocks change meanwhile (RFC 5545, 3.3.6).
        length = e["DTEND"].dt.replace(tzinfo=None) - e["DTSTART"].dt.replace(tzinfo=None)
        begin = int(e["DTSTART"].dt.timestamp())
        stretches.add((begin, begin + int(length.total_seconds())))
    return merged(stretches, start, end)


def merged(stretches, start, end):
    """As `busy` gives them: cut to the window, in order, and apart."""
    low, high, result = int(start.timestamp()), int(end.timestamp()), []
    for begin, stop in sorted((max(b, low), min(s, high)) for b, s in stretches if s > low and b < high and s > b):
        if result and begin <= result[-1][1]:
            result[-1][1] = max(stop, result[-1][1])
        else:
            result.append([begin, stop])
    return [f"{b}-{s}" for b, s in result]


def case(chance, number):
    zone = chance.choice(ZONES)
    year = 2011 if zone == "Pacific/Apia" and chance.random() < 0.5 else chance.choice([2018, 2026, 2027])
    start = dt.datetime(year, 1, 1) + dt.timedelta(days=chance.randint(0, 364), hours=chance.randint(0, 23), minutes=chance.choice([0, 0, 15, 30, 45]))
    text = rule(chance, start)
    lines = ["RRULE:" + text]
    window = dt.datetime(year, 1, 1, tzinfo=UTC) + dt.timedelta(days=chance.randint(0, 200))
    window = (window, window + dt.timedelta(days=366))
    plain = wrap(event(zone, start, 45, lines))
    first = [int(s.split("-")[0]) for s in expected(plain, *window)]
    others = []
    # An exception takes every occurrence of its day with it in recurring-ical-events; RFC 5545 leaves out the one.
    several_a_day = "BYHOUR" in text
    for at in chance.sample(first, 0 if several_a_day else min(len(first), chance.choice([0, 0, 1, 2, 3]))):
        announced = dt.datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None)
        if chance.random() < 0.5:
            lines.append(stamp("EXDATE", zone, announced))
        else:
            moved = announced + dt.timedelta(hours=chance.randint(-60, 60), minutes=7)
            others.append(event(zone, moved, 30, [stamp("RECURRENCE-ID", zone, announced)]))
    return window, wrap("\r\n".join([event(zone, start, 45, lines), *others]))


def wrap(inside):
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//oracle//EN\r\n{inside}\r\nEND:VCALENDAR\r\n"


def fold(text):
    """The 64-bit FNV-1a hash, which the test in Rust works out as well."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def compare_rules(record, number=1500):
    chance = random.Random(20270328)
    cases = [case(chance, n) for n in range(number)]
    blocks = "".join(f"{a.strftime('%Y-%m-%dT%H:%M:%SZ')} {b.strftime('%Y-%m-%dT%H:%M:%SZ')}\n{text}\n.\n" for (a, b), text in cases)
    said = ours("expand", blocks.replace("\r\n", "\n")).split("\n")
    differ, occurrences, lines = 0, 0, []
    for ((a, b), text), mine in zip(cases, said):
        theirs = expected(text, a, b)
        occurrences += len(theirs)
        if " ".join(theirs) != mine:
            differ += 1
            if differ <= 5:
                print(f"--- {a} {b}\n{text}\n  only theirs {sorted(set(theirs) - set(mine.split()))[:4]}\n  only ours   {sorted(set(mine.split()) - set(theirs))[:4]}")
        short = [line for line in text.split("\r\n") if line.startswith(("DTSTART", "RRULE", "EXDATE", "RECURRENCE-ID"))]
        lines.append(f"{a:%Y-%m-%d} {b:%Y-%m-%d} {len(theirs)} {fold(' '.join(theirs))} {'|'.join(short)}")
    print(f"rules: {number} calendars, {occurrences} occurrences, {differ} differ")
    if record and not differ:
        with open(os.path.join(HERE, "..", "tests", "oracle.txt"), "w") as f:
            f.write("\n".join(lines[:500]) + "\n")
    return differ


def compare_written():
    differ, zones, instants = 0, 0, 0
    for block in ours("write").split("\n.\n"):
        if not block.strip():
            continue
        head, text = block.split("\n", 1)
        says, text = json.loads(head.replace("\\'", "'")), text.replace("\r\n", "\n").replace("\n", "\r\n")
        wrong = []
        calendar = icalendar.Calendar.from_ical(text)
        (event,) = calendar.walk("VEVENT")
        check = lambda name, one, other: wrong.append(f"{name}: {one!r} is not {other!r}") if one != other else None
        check("method", str(calendar["METHOD"]), says["method"])
        check("start", event["DTSTART"].dt.timestamp(), says["start"])
        check("end", event["DTEND"].dt.timestamp(), says["end"])
        check("title", str(event["SUMMARY"]), says["title"])
        check("sequence", int(event["SEQUENCE"]), says["sequence"])
        check("place", str(event["LOCATION"]), "Raum 1, hinten; links")
        check("organizer", str(event["ORGANIZER"]), "mailto:invite+abc@reply.village.example")
        check("attendee", event["ATTENDEE"].params["RSVP"], "TRUE")
        check("errors", event.errors, [])
        # It remembers zones by name from one calendar to the next, and so would not read ours.
        vars(vobject.icalendar)["__tzidMap"].clear()
        vobject.icalendar.registerTzid("UTC", vobject.icalendar.utc)
        (other,) = vobject.readComponents(io.StringIO(text))
        check("vobject start", other.vevent.dtstart.value.astimezone(UTC).timestamp(), says["start"])
        check("vobject end", other.vevent.dtend.value.astimezone(UTC).timestamp(), says["end"])
        check("vobject title", other.vevent.summary.value, says["title"])
        check("vobject organizer", other.vevent.organizer.value, "mailto:invite+abc@reply.village.example")
        # What we say of the zone, read as if nobody knew its name.
        for zone in calendar.walk("VTIMEZONE"):
            zones += 1
            name = says["zone"]
            described = icalendar.Timezone.from_ical(zone.to_ical().replace(name.encode(), b"Made/Up")).to_tz(lookup_tzid=False)
            begin = dt.datetime.fromtimestamp(says["start"], UTC)
            span = 1 if not says["rule"] else 365 * 3
            for n in range(60):
                at = begin + dt.timedelta(days=span * n / 60)
                local = at.astimezone(ZoneInfo(name)).replace(tzinfo=None)
                instants += 1
                check(f"{name} at {local}", local.replace(tzinfo=described).utcoffset(), local.replace(tzinfo=ZoneInfo(name)).utcoffset())
        differ += bool(wrong)
        if wrong and differ <= 5:
            print("---", head, *wrong[:3], sep="\n")
    print(f"written: 400 calendars read by icalendar and vobject, {zones} zones at {instants} instants, {differ} differ")
    return differ


if __name__ == "__main__":
    sys.exit(bool(compare_rules("--record" in sys.argv) + compare_written()))
