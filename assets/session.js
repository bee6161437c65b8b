// The page of a session: notes that two people write at once, saved while they are written, and the clock of the session.
// Nothing here is needed: without it the notes have a button, and the clock says from when until when.
(() => {
  "use strict";

  // A text field whose words are saved as they are typed. The server puts together what each of the two changed since the
  // text both knew (`base`), so that no word is lost; what comes back goes into the field without moving the cursor.
  // What is not saved yet is kept in this tab with its base: without a network one writes on, also after a reload, and
  // what was written is merged once the network is back.
  function pen(form) {
    const field = form.querySelector("textarea");
    const state = form.querySelector("[data-pen-state]");
    const name = form.dataset.pen;
    const live = name === "notes";
    const keep = keyOf(form);
    let base = field.defaultValue;
    let version = Number(form.dataset.version);
    let sending = false;
    let composing = false;
    let wait;
    for (const button of form.querySelectorAll("button")) button.hidden = true;

    const later = (time) => {
      clearTimeout(wait);
      wait = setTimeout(send, time);
    };
    function settle(text) {
      base = text;
      field.defaultValue = text;
      remember();
    }
    function remember() {
      try {
        if (field.value === base) sessionStorage.removeItem(keep);
        else sessionStorage.setItem(keep, JSON.stringify({ base, words: field.value }));
        form.dataset.kept = "";
      } catch {
        // Storage is full or forbidden: then leaving the page asks first.
        delete form.dataset.kept;
      }
    }
    function waits() {
      const where = "kept" in form.dataset ? "are kept in this browser" : "are here";
      if (!navigator.onLine) state.textContent = `You are offline. Your words ${where}, and are saved when you are back.`;
      else state.textContent = `Not saved yet. Your words ${where}, and we try again.`;
    }
    async function send() {
      if (sending || !form.isConnected || field.value === base) return;
      if (!navigator.onLine) {
        waits();
        return later(3000);
      }
      sending = true;
      const sent = field.value;
      try {
        const body = new URLSearchParams([[`${name}-base`, base], [name, sent]]);
        const answer = await fetch(form.action, { method: "POST", headers: { accept: "application/json" }, body });
        if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
        const now = await answer.json();
        version = now.version;
        if (field.value === sent && !composing) {
          take(field, now.text);
          settle(now.text);
          state.textContent = now.text === sent ? "Saved" : "Saved, together with what was written meanwhile";
        } else {
          // More was typed since, from what was sent.
          settle(sent);
          later(300);
        }
      } catch (problem) {
        const full = problem.message === "422" || problem.message === "409";
        if (full) state.textContent = "This cannot be saved any more. Your words are here: copy them before you leave.";
        else {
          waits();
          later(3000);
        }
      } finally {
        sending = false;
      }
    }
    async function look() {
      if (!form.isConnected || !live || sending || document.hidden) return;
      if (field.value !== base) return later(0);
      try {
        const answer = await fetch(form.action, { headers: { accept: "application/json" } });
        if (!answer.ok) return;
        const now = await answer.json();
        if (now.version <= version || sending || composing || field.value !== base) return;
        version = now.version;
        take(field, now.text);
        settle(now.text);
      } catch {
        // The next look finds it.
      }
    }

    field.addEventListener("input", () => {
      remember();
      if (navigator.onLine) state.textContent = "";
      else waits();
      later(400);
    });
    field.addEventListener("compositionstart", () => (composing = true));
    field.addEventListener("compositionend", () => {
      composing = false;
      later(400);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send();
    });
    document.addEventListener("session-notes", look);
    document.addEventListener("sessions", look);
    document.addEventListener("visibilitychange", look);
    addEventListener("online", () => later(0));
    addEventListener("offline", () => field.value !== base && waits());
    // What was written before the stream of news had begun; and where a proxy keeps it back, the page still hears of it.
    setTimeout(look, 2000);
    setInterval(look, 8000);
    const before = recall(keep);
    if (before && before.words !== before.base) {
      base = before.base;
      field.value = before.words;
      remember();
      waits();
      later(0);
    }
    addEventListener("pagehide", () => {
      if (field.value !== base && navigator.onLine) navigator.sendBeacon(form.action, new URLSearchParams([[`${name}-base`, base], [name, field.value]]));
    });
  }

  const keyOf = (form) => `notes:${new URL(form.action).pathname}`;
  function recall(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  // Words that were kept, and for which there is no field any more: the session was cancelled meanwhile, or is over.
  function rescue() {
    for (const name of ["notes", "own-notes"]) {
      const key = `notes:${location.pathname}/${name}`;
      const kept = document.querySelector(`form[data-pen="${name}"], [data-rescued="${name}"]`) ? null : recall(key);
      if (!kept || kept.words === kept.base) continue;
      const card = document.createElement("div");
      card.className = "card";
      card.dataset.rescued = name;
      const words = document.createElement("p");
      words.textContent = "This was not saved in time, and there is no place for it here any more. Copy it if you need it:";
      const text = document.createElement("textarea");
      text.readOnly = true;
      text.rows = 6;
      text.value = kept.words;
      text.setAttribute("aria-label", words.textContent);
      card.append(words, text);
      document.getElementById("session").before(card);
    }
  }

  // Makes the field say `text` by changing only the lines that differ, so that the cursor stays at its words.
  function take(field, text) {
    if (field.value === text) return;
    const top = field.scrollTop;
    const [was, is] = [field.value.split("\n"), text.split("\n")];
    let front = 0;
    while (front < was.length && front < is.length && was[front] === is[front]) front++;
    let back = 0;
    while (back < was.length - front && back < is.length - front && was[was.length - 1 - back] === is[is.length - 1 - back]) back++;
    const starts = [0];
    for (const line of was) starts.push(starts[starts.length - 1] + line.length + 1);
    for (const [from, to, lines] of changes(was.slice(front, was.length - back), is.slice(front, is.length - back)).reverse()) {
      change(field, starts[front + from], from, to, was.slice(front + from, front + to), lines, front + to >= was.length);
    }
    // Should that not have come out right, the words matter more than the cursor.
    if (field.value !== text) field.value = text;
    field.scrollTop = top;
  }

  function change(field, at, from, to, old, lines, last) {
    let out = old.map((line) => line + "\n").join("");
    let put = lines.map((line) => line + "\n").join("");
    // The last line has no end of its own.
    if (last) {
      if (old.length && lines.length) [out, put] = [out.slice(0, -1), put.slice(0, -1)];
      else if (at > 0) [at, out, put] = [at - 1, out && "\n" + out.slice(0, -1), put && "\n" + put.slice(0, -1)];
      else [out, put] = [out.slice(0, -1), put.slice(0, -1)];
    }
    let front = 0;
    while (front < out.length && front < put.length && out[front] === put[front]) front++;
    let back = 0;
    while (back < out.length - front && back < put.length - front && out[out.length - 1 - back] === put[put.length - 1 - back]) back++;
    field.setRangeText(put.slice(front, put.length - back), at + front, at + out.length - back, "preserve");
  }

  // Which stretches of lines changed to which, by their longest common lines.
  function changes(was, is) {
    if (was.length * is.length > 160000) return [[0, was.length, is]];
    const long = Array.from({ length: was.length + 1 }, () => new Uint16Array(is.length + 1));
    for (let i = was.length - 1; i >= 0; i--) {
      for (let j = is.length - 1; j >= 0; j--) long[i][j] = was[i] === is[j] ? long[i + 1][j + 1] + 1 : Math.max(long[i + 1][j], long[i][j + 1]);
    }
    const found = [];
    let [i, j] = [0, 0];
    while (i < was.length || j < is.length) {
      const [from, first] = [i, j];
      while ((i < was.length || j < is.length) && !(i < was.length && j < is.length && was[i] === is[j])) {
        if (j >= is.length || (i < was.length && long[i + 1][j] >= long[i][j + 1])) i++;
        else j++;
      }
      if (i > from || j > first) found.push([from, i, is.slice(first, j)]);
      while (i < was.length && j < is.length && was[i] === is[j]) [i, j] = [i + 1, j + 1];
    }
    return found;
  }

  // How long there is, and when partners swap roles.
  function timer(card) {
    const [from, until, middle] = ["from", "until", "middle"].map((name) => Date.parse(card.dataset[name] ?? ""));
    const left = card.querySelector("[data-timer-left]");
    const swap = card.querySelector("[data-timer-swap]");
    const minutes = (time) => Math.ceil(time / 60000);
    const say = (many) => `${many} ${many === 1 ? "minute" : "minutes"}`;
    function tick() {
      const now = Date.now();
      if (now < from) left.textContent = `Begins in ${say(minutes(from - now))}`;
      else if (now < until) left.textContent = `${say(minutes(until - now))} left`;
      else left.textContent = "The time is over. A good moment to say what each will do.";
      if (!swap) return;
      const words = now < middle ? `${say(minutes(middle - now))} until you swap roles` : "Second half: you have swapped roles.";
      if (swap.textContent !== words) swap.textContent = words;
    }
    tick();
    setInterval(tick, 1000);
  }

  // What stands on the page, and what comes to stand there while it is open.
  const known = new WeakSet();
  function begin() {
    for (const it of document.querySelectorAll("form[data-pen], [data-timer]")) {
      if (known.has(it)) continue;
      known.add(it);
      it.matches("form") ? pen(it) : timer(it);
    }
    rescue();
  }
  begin();
  document.addEventListener("htmx:after:swap", begin);
})();
