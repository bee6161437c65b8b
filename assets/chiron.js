// What a page gains when scripts run. Nothing here is needed: every page works without it.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const typing = (element) => element?.closest?.("input, textarea, select, [contenteditable]");

  // Keys: "g t" goes to Today, "/" to the search box, "?" shows the list.
  const places = { t: "/today", f: "/find", r: "/asks", p: "/relationships", g: "/goals", n: "/notices" };
  let afterG = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const signedIn = document.querySelector(".site-nav");
    if (Date.now() - afterG < 1200 && places[event.key] && signedIn) {
      afterG = 0;
      event.preventDefault();
      location.assign(places[event.key]);
    } else if (event.key === "g") {
      afterG = Date.now();
    } else if (event.key === "/") {
      const box = document.querySelector("[data-find]");
      if (!box && !signedIn) return;
      event.preventDefault();
      box ? (box.focus(), box.select()) : location.assign(places.f);
    } else if (event.key === "?") {
      document.getElementById("keys")?.showModal();
    }
  });

  // The device's own time zone, where a form asks for one and nobody has said.
  for (const field of all("input[data-zone], [data-zone] input")) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && (!field.value || field.value === "UTC")) field.value = zone;
  }

  // Dialogs: a link that opens one, and a press beside it that closes it.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog?.showModal && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    if (event.target.matches("dialog[open]")) {
      const box = event.target.getBoundingClientRect();
      const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
      // What was typed in a dialog must not vanish because of a press beside it.
      if (outside && !all("textarea, input[type=text]", event.target).some((field) => field.value !== field.defaultValue)) event.target.close();
    }
    for (const menu of all("[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
    const closer = event.target.closest("[data-closes]");
    if (closer?.closest("dialog[open]")) {
      event.preventDefault();
      closer.closest("dialog").close();
    }
    event.target.closest("[data-dismiss]")?.closest("[data-toast]")?.remove();
    if (event.target.closest("[data-prints]")) window.print();
    const copy = event.target.closest("[data-copies]");
    if (copy) copyFrom(copy);
    const inserter = event.target.closest("[data-inserts]");
    if (inserter && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      insertFrom(inserter);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  async function copyFrom(button) {
    const field = document.getElementById(button.dataset.copies);
    const words = button.querySelector("span");
    try {
      await navigator.clipboard.writeText(field.value);
      words.textContent = "Copied";
    } catch {
      field.select();
      words.textContent = "Press Ctrl C";
    }
    setTimeout(() => (words.textContent = "Copy"), 2500);
  }

  // Words that one begins with: after what is there already, and one writes on behind them.
  function insertFrom(link) {
    const field = document.getElementById(link.dataset.into);
    field.value = (field.value.trim() ? `${field.value.trimEnd()}\n\n` : "") + link.dataset.inserts;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  // A toast stays ten seconds, as long as its undo stands; longer while one points at it.
  function watchToast(toast) {
    toast.querySelector("[data-dismiss]").hidden = false;
    let left = 10;
    const tick = setInterval(() => {
      if (!toast.isConnected) return clearInterval(tick);
      if (toast.matches(":hover, :focus-within") || document.hidden) return;
      if (--left > 0) return;
      clearInterval(tick);
      toast.classList.add("is-leaving");
      setTimeout(() => toast.remove(), 220);
    }, 1000);
  }

  function say(sentence) {
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.dataset.toast = "";
    const words = document.createElement("p");
    words.textContent = sentence;
    const close = document.createElement("button");
    close.className = "toast-close";
    close.type = "button";
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", "Dismiss");
    close.textContent = "×";
    toast.append(words, close);
    document.getElementById("toasts").append(toast);
    begin(toast.parentElement);
  }

  // Times: "two hours ago", kept true.
  const language = document.documentElement.lang || "en";
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const spans = [[60, "second", 1], [3600, "minute", 60], [86400, "hour", 3600], [604800, "day", 86400]];
  function tellTimes() {
    for (const time of all("time[data-relative]")) {
      const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
      const span = spans.find(([limit]) => Math.abs(seconds) < limit);
      // A week away or more, the date says it better.
      if (!span) time.textContent = time.title;
      else time.textContent = span[1] === "second" ? "just now" : relative.format(Math.trunc(seconds / span[2]), span[1]);
    }
  }

  // How much may still be written.
  function count(field) {
    const line = document.querySelector(`[data-counts="${CSS.escape(field.id)}"]`);
    if (!line) return;
    const max = Number(field.dataset.max);
    const left = max - [...field.value.replace(/\r\n/g, "\n")].length;
    line.classList.toggle("is-over", left < 0);
    if (left < 0) line.textContent = `${-left} ${left === -1 ? "character" : "characters"} too many`;
    else if (left < max) line.textContent = `${left} ${left === 1 ? "character" : "characters"} left`;
    else line.textContent = `At most ${max} characters.`;
  }

  // Drafts: what was typed into a form marked data-draft="name" comes back after an accident, in this tab only, and so
  // does what stood in any form beside one that was sent. A draft belongs to where its form goes, not to where it stands:
  // given back with its errors, it stands at another address. Passwords and files are never kept, and a sent form forgets.
  const draftKey = (form) => `draft:${form.getAttribute("action") ?? location.pathname}:${form.dataset.draft ?? ""}`;
  const ticked = (field) => field.type === "checkbox" || field.type === "radio";
  // Each field by its name, so that a draft fits also where a choice more or less is offered.
  function kept(form) {
    const seen = {};
    return [...form.elements]
      .filter((field) => field.name && field.matches("textarea, select, input:not([type=password], [type=file], [type=hidden], [type=submit])"))
      .map((field) => {
        const name = ticked(field) ? `${field.name}=${field.value}` : field.name;
        seen[name] = (seen[name] ?? 0) + 1;
        return [`${name}#${seen[name]}`, field];
      });
  }
  function saveDraft(form) {
    try {
      sessionStorage.setItem(draftKey(form), JSON.stringify(Object.fromEntries(kept(form).map(([name, field]) => [name, ticked(field) ? field.checked : field.value]))));
    } catch {
      // Storage is full or forbidden: the page works as if it were not there.
    }
  }
  // A draft is forgotten when the page after its sending is a good one: not the form again with its errors,
  // not an error page, not a question to sign in, and not a way back after the network failed.
  function forgetSentDraft(cameBack) {
    try {
      const sent = sessionStorage.getItem("draft-sent");
      sessionStorage.removeItem("draft-sent");
      const failed = cameBack || document.querySelector("[data-focus], .error-page") || location.pathname.startsWith("/sign-in");
      if (sent && !failed) sessionStorage.removeItem(sent);
    } catch {
      // Without storage there are no drafts.
    }
  }
  function restoreDraft(form) {
    // A form that the server gave back with its errors is newer than any draft.
    if (form.querySelector(".is-wrong")) return;
    try {
      const draft = JSON.parse(sessionStorage.getItem(draftKey(form)));
      if (!draft) return;
      for (const [name, field] of kept(form)) {
        if (!Object.hasOwn(draft, name)) continue;
        if (ticked(field)) field.checked = draft[name];
        else field.value = draft[name];
      }
      if (form.dataset.draft !== undefined) return;
      // What stood beside comes back once, and is as new as when it was typed.
      sessionStorage.removeItem(draftKey(form));
      form.dataset.touched = "";
    } catch {
      // An unreadable draft is no draft.
    }
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset?.max) count(field);
    if (field.type === "range") for (const output of all(`output[for="${CSS.escape(field.id)}"]`)) output.value = field.value;
    const form = field.form;
    if (form) form.dataset.touched = "";
    if (form?.dataset.draft !== undefined) saveDraft(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    // What this browser keeps of what was typed is nobody else's who signs in after.
    const signsOut = new URL(form.action).pathname === "/sign-out";
    if (signsOut) {
      try {
        sessionStorage.clear();
        for (const key of Object.keys(localStorage)) if (key.startsWith("reflection:")) localStorage.removeItem(key);
      } catch {
        // There is nothing to clear.
      }
    }
    if (!navigator.onLine) {
      event.preventDefault();
      say("You are offline. What you wrote is still here: send it again when you are back.");
      return;
    }
    // Pressed twice is sent once; after ten seconds one may try again.
    if (form.dataset.sent) return event.preventDefault();
    delete form.dataset.touched;
    if (!signsOut) all("form[data-touched][method=post]:not([data-kept])").forEach(saveDraft);
    if (form.dataset.draft !== undefined) {
      saveDraft(form);
      try {
        sessionStorage.setItem("draft-sent", draftKey(form));
      } catch {
        // As in saveDraft.
      }
    }
    if (event.defaultPrevented) return;
    form.dataset.sent = "yes";
    form.classList.add("is-sending");
    setTimeout(() => letSendAgain(form), 10000);
  });
  function letSendAgain(form) {
    delete form.dataset.sent;
    form.classList.remove("is-sending");
  }
  // What a page that is left still waited for, it waits for no more, and it asks for nothing new: that is no error. Who
  // was asked and stays, or took a file, goes on after a while.
  let left = false;
  const leave = () => {
    left = true;
    setTimeout(() => (left = false), 5000);
    for (const waiting of all(".htmx-request")) window.htmx?.trigger(waiting, "htmx:abort");
  };
  addEventListener("beforeunload", leave);
  addEventListener("pagehide", leave);
  document.addEventListener("htmx:before:request", (event) => {
    if (left) event.preventDefault();
  });
  // Coming back to a page from the browser's memory: its forms may be sent again.
  addEventListener("pageshow", () => {
    left = false;
    all("form[data-sent]").forEach(letSendAgain);
  });
  // Leaving with something typed asks, unless it is kept as a draft.
  addEventListener("beforeunload", (event) => {
    const unsaved = all("form[data-touched][method=post]").some((form) => form.dataset.draft === undefined && form.dataset.kept === undefined && all("textarea", form).some((field) => field.value.trim() && field.value !== field.defaultValue));
    if (unsaved) event.preventDefault();
  });

  // The photo one has chosen, before it is sent.
  document.addEventListener("change", (event) => {
    const picture = event.target.dataset?.preview && document.getElementById(event.target.dataset.preview);
    const file = picture && event.target.files[0];
    if (!file) return;
    picture.src = URL.createObjectURL(file);
    picture.hidden = false;
    picture.onload = () => URL.revokeObjectURL(picture.src);
  });

  function begin(within) {
    for (const toast of all("[data-toast]:not([data-watched])", within)) {
      toast.dataset.watched = "";
      watchToast(toast);
    }
    for (const button of all("[data-copies], [data-prints]", within)) button.hidden = false;
    for (const form of all("form[method=post]:not([data-kept], [data-restored])", within)) {
      form.dataset.restored = "";
      restoreDraft(form);
    }
    for (const field of all("[data-max]", within)) count(field);
    // On a phone a row of tabs is longer than the screen: the one that is open stands in its middle.
    for (const tab of all(".tabs [aria-current]", within)) {
      const row = tab.closest(".tabs");
      row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
    }
    tellTimes();
  }

  forgetSentDraft(performance.getEntriesByType("navigation")[0]?.type === "back_forward");
  begin(document);
  document.querySelector("[data-focus]")?.focus();
  document.addEventListener("htmx:after:swap", () => {
    forgetSentDraft(false);
    begin(document);
  });
  // A page that changes while it is open leaves alone what its reader opened, and what scripts have noted on it.
  document.addEventListener("DOMContentLoaded", () => {
    window.htmx?.registerExtension("reader", {
      htmx_before_morph_attr: (_, { attrName, newValue }) => newValue !== null || !(attrName === "open" || attrName.startsWith("data-")),
    });
  });
  setInterval(tellTimes, 30000);
})();
