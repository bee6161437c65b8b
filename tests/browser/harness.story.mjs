// The instruments themselves, tried on things whose answer is known.

import { connect } from "node:net";
import { assert, axe, fill, focused, key, lacks, passkeys, press, sees, story } from "./story.mjs";
import { read } from "./mail.mjs";

const page = (body) => ({ contentType: "text/html", body: `<!doctype html><html lang="en"><title>A page</title><main>${body}</main></html>` });

story("axe finds a picture without words and a field without a name", { place: "none" }, async ({ page: nobody }) => {
    await nobody.setContent(page(`<h1>Hello</h1><img src="data:,"><input>`).body);
    await assert.rejects(axe(nobody), /image-alt[\s\S]*label/);
    await nobody.setContent(page(`<h1>Hello</h1><p>All is well</p>`).body);
    await axe(nobody);
});

story("a page can be read, filled and pressed by what a person reads", { place: "none" }, async ({ page: nobody }) => {
    await nobody.route("**/*", (route) => route.fulfill(page(`<h1>${new URL(route.request().url()).searchParams.get("q") ?? "Ask"}</h1>
        <form><label>Your question <input name="q"></label><label><input type="checkbox" name="c"> In public</label><button>Send it</button></form><p hidden>secret</p>`)));
    await nobody.goto("http://localhost:1/");
    await fill(nobody, "Your question", "Where to begin?");
    await fill(nobody, "In public", true);
    await key(nobody, "Tab");
    assert.equal(await focused(nobody), "Send it");
    await press(nobody, "Send it");
    await sees(nobody, "Where to begin?");
    await lacks(nobody, "secret");
    assert.match(nobody.url(), /c=on/);
    await assert.rejects(sees(nobody, "secret", 200), /does not say secret; it says:\nWhere to begin/);
});

story("a page without JavaScript runs none, and can still be examined", { place: "none", js: false }, async ({ page: nobody }) => {
    // Playwright's setContent waits for a script of its own, so the page comes over the wire.
    await nobody.route("**/*", (route) => route.fulfill(page(`<h1 id=h>still</h1><script>h.textContent = "changed"</script><img src="data:,">`)));
    await nobody.goto("http://localhost:1/");
    await sees(nobody, "still");
    await assert.rejects(axe(nobody), /image-alt/);
    await sees(nobody, "still");
});

story("a passkey made in the browser is in the virtual device", { place: "none" }, async ({ page: nobody }) => {
    await nobody.route("**/*", (route) => route.fulfill(page("<h1>Keys</h1>")));
    await nobody.goto("http://localhost:1/");
    const device = await passkeys(nobody);
    await nobody.evaluate(async () => {
        const bytes = new Uint8Array(32);
        const made = await navigator.credentials.create({ publicKey: { challenge: bytes, rp: { name: "x" }, user: { id: bytes, name: "a", displayName: "A" }, pubKeyCredParams: [{ type: "public-key", alg: -7 }], authenticatorSelection: { residentKey: "required", userVerification: "required" } } });
        await navigator.credentials.get({ publicKey: { challenge: bytes, allowCredentials: [{ type: "public-key", id: made.rawId }] } });
    });
    assert.equal((await device.keys()).length, 1);
    assert.ok((await device.uses()) >= 2);
});

story("the mail server takes letters, and says no in four ways", { place: "none" }, async ({ mail }) => {
    assert.equal(await send(mail), "250");
    const letter = await mail.to("lea", /Größe/);
    assert.equal(letter.text.trim(), ".a dot, and é");
    assert.equal(letter.link("/asks/"), "http://localhost/asks/1?a=1&b=2");
    mail.mood = "busy";
    assert.equal(await send(mail), "451");
    mail.mood = "refusing";
    assert.equal(await send(mail), "550");
    mail.mood = "full";
    assert.equal(await send(mail), "452");
    mail.mood = "dropping";
    assert.equal(await send(mail), "gone");
    mail.mood = "absent";
    assert.equal(await send(mail), "gone");
    mail.mood = "stalling";
    const stalled = send(mail);
    await new Promise((done) => setTimeout(done, 300));
    mail.mood = "well";
    assert.equal(await stalled, "250");
    assert.equal(mail.all.length, 2);
    assert.equal(mail.tries, 6);
});

story("letters are read whatever they are wrapped in", { place: "none" }, async () => {
    const letter = read(
        [
            "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", " =?utf-8?b?IGFuIExlYQ==?=", 'Content-Type: multipart/alternative; boundary="b1"', "",
            "--b1", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "", Buffer.from("Hallo, Léa").toString("base64"),
            "--b1", "Content-Type: multipart/related; boundary=b2", "", "--b2", "Content-Type: text/html", "Content-Transfer-Encoding: quoted-printable", "", '<a href=3D"http://x.test/=', 'y?a=3D1&amp;b=3D2">=C3=A9</a>', "--b2--", "--b1--", "",
        ].join("\r\n"),
    );
    assert.equal(letter.subject, "Grüße an Lea");
    assert.equal(letter.text.trim(), "Hallo, Léa");
    assert.deepEqual(letter.links, ["http://x.test/y?a=1&b=2"]);
});

// A sender in a dozen lines: the last answer's code, or "gone" when the line went dead.
function send(mail) {
    const lines = ["EHLO me", "MAIL FROM:<chiron@place.test>", "RCPT TO:<lea@place.test>", "DATA"];
    const letter = ["Subject: =?utf-8?b?R3LDtsOfZQ==?=", "Content-Type: multipart/alternative; boundary=x", "", "--x", "Content-Type: text/plain", "", "..a dot, and é", "--x", "Content-Type: text/html", "", '<a href="http://localhost/asks/1?a=1&amp;b=2">x</a>', "--x--", ""].join("\r\n");
    return new Promise((done) => {
        const socket = connect(Number(new URL(mail.url).port), "127.0.0.1");
        socket.on("error", () => done("gone")).on("close", () => done("gone"));
        socket.on("data", (chunk) => {
            const code = String(chunk).slice(0, 3);
            if (code >= "400" || (code === "250" && lines.length === 0)) return done(code), socket.destroy();
            if (code === "354") return socket.write(`${letter}\r\n.\r\n`);
            socket.write(`${lines.shift()}\r\n`);
        });
    });
}
