// Passkeys: asks the server for a challenge, lets the device answer it, and sends the answer with the form that is
// already on the page. Where a browser has no passkeys, the button stays hidden and nothing is missing.
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const make = async (options) => {
    const user = { ...options.user, id: bytes(options.user.id) };
    const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: known(options.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    const { attestationObject, clientDataJSON } = made.response;
    const response = { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) };
    return { id: made.id, rawId: text(made.rawId), type: made.type, extensions: {}, response };
  };
  const use = async (options) => {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) };
    const used = await navigator.credentials.get({ publicKey });
    const { authenticatorData, clientDataJSON, signature, userHandle } = used.response;
    const response = { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature), userHandle: userHandle && text(userHandle) };
    return { id: used.id, rawId: text(used.rawId), type: used.type, extensions: {}, response };
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const say = (words) => {
      const line = form.querySelector("[data-passkey-says]");
      line.textContent = words;
      line.hidden = false;
    };
    // A passkey belongs to a name; browsers refuse numbers.
    if (!window.PublicKeyCredential || /^[\d.]+$|:|\[/.test(location.hostname)) {
      if (location.hostname === "127.0.0.1") say("Passkeys need a name: open this page at localhost instead of 127.0.0.1.");
      continue;
    }
    for (const part of form.querySelectorAll("[data-passkey-part]")) part.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      const button = form.querySelector("button[type=submit]");
      button.disabled = true;
      try {
        const answer = await fetch(form.dataset.passkey, { method: "POST" });
        if (!answer.ok) throw new Error(answer.status === 429 ? "wait" : "begin");
        const { ceremony, options } = await answer.json();
        const credential = await (form.dataset.kind === "make" ? make : use)(options);
        form.elements.ceremony.value = ceremony;
        form.elements.credential.value = JSON.stringify(credential);
        button.disabled = false;
        form.requestSubmit(button);
      } catch (problem) {
        button.disabled = false;
        if (problem.name === "InvalidStateError") say("This device has a passkey for this place already.");
        else if (problem.message === "wait") say("That was a lot of tries. Please wait a minute.");
        else if (problem.message === "begin") say("That did not work just now. Please load the page again.");
        else say("No passkey was used. You can try again, or have a link sent to you.");
      }
    });
  }
})();
