"""How long reading a calendar of a mebibyte and working out a year of weekly meetings take, here and in Python.

    venv/bin/python bench.py

Both in one run on one machine; best of five, in milliseconds.
"""

import datetime as dt
import os
import random
import subprocess
import tempfile
import time

import icalendar
import recurring_ical_events
from oracle import HERE, UTC, event, wrap


def calendar():
    """Events of three years, every tenth weekly, until there is a mebibyte of them."""
    chance, events, size = random.Random(1), [], 0
    while True:
        start = dt.datetime(2025, 1, 1) + dt.timedelta(days=chance.randint(0, 1095), minutes=chance.randint(0, 95) * 15)
        lines = ["DESCRIPTION:" + "x" * 60, "LOCATION:Somewhere", "STATUS:CONFIRMED"]
        lines += ["RRULE:FREQ=WEEKLY;COUNT=20"] * (len(events) % 10 == 0)
        text = event("Europe/Berlin", start, 45, lines).replace("UID:1", f"UID:{len(events)}")
        size += len(text) + 2
        if size > 2**20 - 200:
            return wrap("\r\n".join(events)), len(events)
        events.append(text)


def best(work):
    times = []
    for _ in range(5):
        began = time.process_time()
        result = work()
        times.append(time.process_time() - began)
    return min(times) * 1000, result


if __name__ == "__main__":
    start, end = dt.datetime(2027, 1, 1, tzinfo=UTC), dt.datetime(2028, 1, 1, tzinfo=UTC)
    text, count = calendar()
    weekly = icalendar.Calendar.from_ical(wrap(event("Europe/Berlin", dt.datetime(2027, 1, 5, 18), 45, ["RRULE:FREQ=WEEKLY"])))
    with tempfile.NamedTemporaryFile("w", suffix=".ics", newline="") as file:
        file.write(text)
        file.flush()
        run = ["cargo", "run", "-q", "--release", "-p", "chiron-calendar", "--example", "oracle", "--"]
        ours = [subprocess.run([*run, "bench", file.name, "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"], capture_output=True, text=True, check=True, cwd=HERE).stdout.split() for _ in range(5)]
    read, stretches = min(float(o[0]) for o in ours) / 1000, ours[0][1]
    year, meetings = min(float(o[2]) for o in ours) / 1000, ours[0][3]
    theirs_read, found = best(lambda: len(recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(start, end)))
    theirs_year, theirs_meetings = best(lambda: len(recurring_ical_events.of(weekly).between(start, end)))
    print(f"{len(text)} bytes, {count} events; {found} occurrences in the year, {stretches} stretches")
    print(f"read and worked out: ours {read:.1f} ms, icalendar with recurring-ical-events {theirs_read:.0f} ms, {theirs_read / read:.0f} times")
    print(f"a year of weekly meetings ({meetings}, {theirs_meetings}): ours {year * 1000:.1f} µs, recurring-ical-events {theirs_year * 1000:.0f} µs, {theirs_year / year:.0f} times")
