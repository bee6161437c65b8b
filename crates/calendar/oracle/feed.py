"""Subscribes to the private feed of a place as people do: vdirsyncer pulls it, and khal shows it.

    venv/bin/pip install -r requirements.txt
    cargo build && venv/bin/python feed.py ../../../target/debug/chiron

For everybody in the village: what khal lists for the next quarter is what recurring-ical-events makes of the feed, to
the minute and the title. Then one session is cancelled, and after the next pull it is gone.
"""

import datetime as dt
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

BIN = os.path.join(os.path.dirname(sys.executable), "")
HERE = ZoneInfo("Europe/Lisbon")
SHOWN = "%Y-%m-%d %H:%M"


class Keep(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(Keep)


def ask(base, path, cookie="", form=None):
    headers = {"Cookie": cookie, "Origin": base}
    request = urllib.request.Request(base + path, data=form, headers=headers)
    try:
        with opener.open(request) as answer:
            return answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        assert answer.code == 303, (path, answer.code)
        return answer.headers, ""


def run(*command, env):
    done = subprocess.run(command, env=env, capture_output=True, text=True, input="y\n" * 9)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


class Subscriber:
    """A vdirsyncer and a khal of one's own, in a folder of one's own."""

    def __init__(self, folder, url):
        self.folder, self.url = folder, url
        os.makedirs(f"{folder}/feed")
        with open(f"{folder}/vdirsyncer", "w") as file:
            file.write(f'[general]\nstatus_path = "{folder}/status"\n[pair feed]\na = "there"\nb = "here"\ncollections = null\n')
            file.write(f'[storage there]\ntype = "http"\nurl = "{url}"\n')
            file.write(f'[storage here]\ntype = "filesystem"\npath = "{folder}/feed"\nfileext = ".ics"\n')
        with open(f"{folder}/khal", "w") as file:
            file.write(f"[calendars]\n[[feed]]\npath = {folder}/feed\n[sqlite]\npath = {folder}/khal.db\n")
            file.write("[locale]\nlocal_timezone = Europe/Lisbon\ndefault_timezone = Europe/Lisbon\n")
            file.write("longdateformat = %Y-%m-%d\ndateformat = %Y-%m-%d\ntimeformat = %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\ndatetimeformat = %Y-%m-%d %H:%M\n")
        self.env = {**os.environ, "VDIRSYNCER_CONFIG": f"{folder}/vdirsyncer"}
        run(f"{BIN}vdirsyncer", "discover", env=self.env)

    def pulls(self, first, last):
        """What khal lists between two days."""
        run(f"{BIN}vdirsyncer", "sync", env=self.env)
        listed = run(f"{BIN}khal", "-c", f"{self.folder}/khal", "list", "--once", "--day-format", "", "--format", "{start-long}|{title}",
                     str(first), str(last), env=self.env)
        return sorted(line.strip() for line in listed.splitlines() if "|" in line)

    def raw(self):
        with urllib.request.urlopen(self.url) as answer:
            return answer.read().decode()

    def ahead(self, first, last):
        found = recurring_ical_events.of(icalendar.Calendar.from_ical(self.raw())).between(first, last)
        return [one for one in found if str(one.get("STATUS")) != "CANCELLED"]

    def reads(self, first, last):
        """The same as recurring-ical-events makes it of the feed."""
        return sorted(f"{one['DTSTART'].dt.astimezone(HERE).strftime(SHOWN)}|{one['SUMMARY']}" for one in self.ahead(first, last))


def main():
    with tempfile.TemporaryDirectory() as folder:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        base, links = f"http://127.0.0.1:{port}", f"{folder}/links.json"
        command = [sys.argv[1], "demo", "--listen", f"127.0.0.1:{port}", "--data", f"{folder}/data", "--links-json", links]
        place = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not os.path.exists(links):
                time.sleep(0.2)
            time.sleep(1)
            check(base, json.load(open(links)), folder)
        finally:
            place.terminate()
            place.wait()


def check(base, links, folder):
    first = dt.datetime.now(HERE).date()
    last = first + dt.timedelta(days=91)
    sessions, cancelled = 0, False
    for n, (name, link) in enumerate(links.items()):
        answer, _ = ask(base, link[link.index("/sign-in/"):], form=b"")
        cookie = re.search(r"chiron=[a-z0-9]+", answer["Set-Cookie"])[0]
        _, page = ask(base, "/account/calendars/feed", cookie, form=b"")
        feed = re.search(r"/calendar/[^\"<]+", page)[0]
        subscriber = Subscriber(f"{folder}/{n}", base + feed)
        shown, read = subscriber.pulls(first, last), subscriber.reads(first, last)
        assert shown == read, (name, shown, read)
        sessions += len(shown)
        if shown and not cancelled:
            path = re.search(r"/sessions/[0-9a-f-]+", str(subscriber.ahead(first, last)[-1]["URL"]))[0]
            ask(base, f"{path}/cancel", cookie, form=b"words=&which=one")
            left = subscriber.pulls(first, last)
            assert left == subscriber.reads(first, last) and len(left) == len(shown) - 1, (name, shown, left)
            cancelled = True
    assert sessions and cancelled, (sessions, cancelled)
    print(f"{len(links)} feeds, {sessions} sessions: vdirsyncer and khal show what is there, and what was cancelled is gone")


main()
