// Reflections: what is typed is kept in this browser until the server has answered, whatever becomes of the network or of
// the page. Nothing here is needed: without it the form is sent as any other.
(() => {
  "use strict";
  const prefix = "reflection:";
  const mine = document.querySelector("[data-reflection-drafts]");
  const person = mine?.dataset.reflectionDrafts;
  if (!person) return;
  const keyOf = (nonce) => `${prefix}${person}:${nonce}`;
  const typed = (texts) => Object.entries(texts).some(([name, text]) => name.startsWith("text-") && text.trim());
  let open = null;

  // What this browser keeps of this person, by the nonce of its form.
  function kept() {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(keyOf("")))
        .map((key) => ({ nonce: key.slice(keyOf("").length), ...JSON.parse(localStorage.getItem(key)) }))
        .filter((draft) => draft.texts && typed(draft.texts))
        .sort((a, b) => a.at - b.at);
    } catch {
      return [];
    }
  }
  function forget(nonce) {
    try {
      localStorage.removeItem(keyOf(nonce));
    } catch {
      // Then nothing was kept either.
    }
  }
  // Sends what a form holds; says where it is now, or what kept it from being taken.
  async function send(action, body) {
    if (!navigator.onLine) return { wait: true };
    try {
      const answer = await fetch(action, { method: "POST", headers: { accept: "application/json" }, body });
      if (answer.redirected || answer.status === 401) return { signedOut: true };
      if (answer.ok) return await answer.json();
      // The server says no in words, on its own page; anything else is tried again.
      return answer.status < 500 && answer.status !== 429 ? { refused: true } : { wait: true };
    } catch {
      return { wait: true };
    }
  }

  function pen(form) {
    const state = form.querySelector("[data-reflection-state]");
    const nonce = form.elements.nonce;
    const model = form.elements.model.value;
    const fields = [...form.querySelectorAll("textarea, input[type=checkbox]")];
    const thisTab = `reflecting:${location.pathname}:${model}`;
    let pressed = false;
    let sending = false;
    let again;

    const texts = () => Object.fromEntries(fields.map((field) => [field.name, field.type === "checkbox" ? (field.checked ? "yes" : "") : field.value]));
    function keep() {
      try {
        if (typed(texts())) {
          localStorage.setItem(keyOf(nonce.value), JSON.stringify({ model, texts: texts(), at: Date.now(), ready: pressed }));
          sessionStorage.setItem(thisTab, nonce.value);
        } else forget(nonce.value);
        form.dataset.kept = "";
        return true;
      } catch {
        // Storage is full or forbidden: then leaving the page asks first.
        delete form.dataset.kept;
        return false;
      }
    }
    function say() {
      const where = "kept" in form.dataset ? "Kept in this browser" : "Not kept yet";
      if (pressed && !navigator.onLine) state.textContent = `You are offline. ${where}, and sent when you are back.`;
      else if (pressed) state.textContent = `Not sent yet. ${where}, and we try again.`;
      else if (!navigator.onLine) state.textContent = `You are offline. ${where}, until you are back and press “Keep it”.`;
      else state.textContent = typed(texts()) ? `${where} until you press “Keep it”, or sign out.` : "";
    }
    async function go() {
      clearTimeout(again);
      if (sending || !pressed) return;
      sending = true;
      const body = new URLSearchParams(new FormData(form)).toString();
      if (navigator.onLine) state.textContent = "Sending…";
      const answer = await send(form.action, new URLSearchParams(body));
      sending = false;
      if (answer.at) {
        // What was typed while it was under way goes after it.
        if (new URLSearchParams(new FormData(form)).toString() !== body) return go();
        forget(nonce.value);
        delete form.dataset.touched;
        form.dataset.kept = "";
        return location.assign(answer.at);
      }
      if (answer.refused) {
        pressed = false;
        keep();
        form.dataset.kept = "";
        return HTMLFormElement.prototype.submit.call(form);
      }
      if (answer.signedOut) {
        pressed = false;
        keep();
        state.textContent = "You are signed out here. Your words are kept in this browser: sign in in another tab, then press “Keep it” again.";
        return;
      }
      say();
      again = setTimeout(go, 3000);
    }

    // A form that the server gave back with its errors is newer than any draft.
    if (!form.querySelector(".is-wrong")) {
      let wanted = location.hash.startsWith("#draft=") ? location.hash.slice(7) : null;
      try {
        wanted ??= sessionStorage.getItem(thisTab);
      } catch {
        // No storage, no drafts.
      }
      const draft = kept().find((one) => one.nonce === wanted && one.model === model);
      if (draft) {
        nonce.value = draft.nonce;
        for (const field of fields) {
          if (field.type === "checkbox") field.checked = draft.texts[field.name] === "yes";
          else field.value = draft.texts[field.name] ?? "";
        }
        pressed = Boolean(draft.ready);
      }
    }
    open = nonce.value;
    form.addEventListener("input", () => {
      // The nonce is what this tab's words are known by, also when they are emptied and begun again.
      keep();
      say();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (!typed(texts())) {
        state.textContent = "Please write a line first.";
        fields[0].focus();
        return;
      }
      pressed = true;
      keep();
      go();
    });
    addEventListener("online", () => (pressed ? go() : say()));
    addEventListener("offline", () => typed(texts()) && say());
    keep();
    say();
    if (pressed) go();
  }

  // What was begun or sent elsewhere in this browser and never arrived: sent now where it was to be sent, and shown.
  function show(drafts, arrived) {
    mine.replaceChildren();
    const line = (words) => {
      const p = document.createElement("p");
      p.textContent = words;
      mine.append(p);
      return p;
    };
    const first = (draft) => Object.entries(draft.texts).filter(([name]) => name.startsWith("text-")).map(([, text]) => text.trim()).find(Boolean).split("\n")[0].slice(0, 70);
    for (const { draft, at } of arrived) {
      const p = line("What you wrote while you were offline has arrived: ");
      const link = document.createElement("a");
      link.href = at;
      link.textContent = `“${first(draft)}”`;
      p.append(link);
    }
    for (const draft of drafts) {
      const when = new Date(draft.at).toLocaleString(document.documentElement.lang || "en", { dateStyle: "medium", timeStyle: "short" });
      const p = line(`${draft.ready ? "Not sent yet" : "Begun"} in this browser, ${when}: “${first(draft)}” `);
      const on = document.createElement("a");
      on.href = `/reflections/new?model=${encodeURIComponent(draft.model)}#draft=${draft.nonce}`;
      on.textContent = "Go on with it";
      const away = document.createElement("button");
      away.type = "button";
      away.className = "button quiet small";
      away.textContent = "Throw it away";
      away.addEventListener("click", () => {
        forget(draft.nonce);
        p.remove();
        mine.hidden = !mine.childElementCount;
      });
      p.append(on, " ", away);
    }
    mine.hidden = !mine.childElementCount;
  }
  let looking = false;
  async function look() {
    if (looking) return;
    looking = true;
    const arrived = [];
    const waiting = [];
    for (const draft of kept().filter((one) => one.nonce !== open)) {
      const fields = Object.entries(draft.texts).filter(([, text]) => text);
      const body = new URLSearchParams([["nonce", draft.nonce], ["model", draft.model], ...fields]);
      const answer = draft.ready ? await send("/reflections", body) : {};
      if (answer.at) {
        forget(draft.nonce);
        arrived.push({ draft, at: answer.at });
      } else waiting.push(draft);
    }
    looking = false;
    show(waiting, arrived);
  }

  for (const form of document.querySelectorAll("form[data-reflection]")) pen(form);
  addEventListener("online", look);
  addEventListener("hashchange", () => location.reload());
  look();
})();
