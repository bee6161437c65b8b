// A mail server that remembers its letters, and can be in a bad mood: SMTP over TCP, no more of it than a sender needs.
//
//   mail.url                     for the server's settings
//   mail.all                     every letter taken so far, oldest first: { from, to, subject, text, html, headers, links, raw }
//   mail.to("tomas", /asks you/) waits for a letter to an address that contains the first, with a subject like the second;
//                                the newest that was not handed out before
//   mail.none(2)                 fails when a letter arrives within that many seconds
//   mail.mood = "well"           takes letters
//               "busy"           says 451 to each recipient: try again later
//               "refusing"       says 550 to each recipient: never
//               "full"           takes the recipient, says 452 after the letter
//               "stalling"       says nothing more after the letter has come, until the mood changes
//               "dropping"       hangs up after the letter has come, before saying whether it was taken
//               "absent"         hangs up on every new caller
//   mail.tries                   how many letters were offered, taken or not

import { createServer } from "node:net";

const LIMIT = 20 * 1024 * 1024;

export async function mailServer() {
    const all = [];
    const handed = new Set();
    const sockets = new Set();
    const mail = { all, tries: 0, mood: "well" };

    const server = createServer((socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        socket.on("error", () => {});
        if (mail.mood === "absent") return socket.destroy();
        let [buffer, inLetter, from, to] = [Buffer.alloc(0), false, "", []];
        const say = (line) => socket.write(`${line}\r\n`);
        say("220 mail.test ready");

        const take = async (raw) => {
            mail.tries += 1;
            // Dot-stuffing undone, as RFC 5321 4.5.2 has it.
            const letter = read(raw.replace(/^\.\./gm, "."), from, to);
            [from, to] = ["", []];
            if (mail.mood === "dropping") return socket.destroy();
            while (mail.mood === "stalling" && !socket.destroyed) await new Promise((done) => setTimeout(done, 50));
            if (socket.destroyed) return;
            if (mail.mood === "full") return say("452 4.2.2 the box is full, try later");
            all.push(letter);
            say("250 2.0.0 taken");
        };
        const hear = (line) => {
            const verb = line.slice(0, 4).toUpperCase();
            if (verb === "EHLO") return say("250-mail.test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE " + LIMIT);
            if (verb === "HELO" || verb === "NOOP") return say("250 mail.test");
            if (verb === "MAIL") [from, to] = [/<([^>]*)>/.exec(line)?.[1] ?? "", []];
            if (verb === "MAIL") return say("250 2.1.0 sender ok");
            if (verb === "RCPT" && mail.mood === "busy") return (mail.tries += 1), say("451 4.7.1 busy, try later");
            if (verb === "RCPT" && mail.mood === "refusing") return (mail.tries += 1), say("550 5.1.1 nobody of that name here");
            if (verb === "RCPT") to.push(/<([^>]*)>/.exec(line)?.[1] ?? "");
            if (verb === "RCPT") return say("250 2.1.5 recipient ok");
            if (verb === "DATA" && to.length === 0) return say("503 5.5.1 a recipient first");
            if (verb === "DATA") return (inLetter = true), say("354 end with a dot");
            if (verb === "RSET") return ([from, to] = ["", []]), say("250 2.0.0 forgotten");
            if (verb === "QUIT") return say("221 2.0.0 bye"), socket.end();
            say("502 5.5.2 unknown here");
        };
        socket.on("data", (chunk) => {
            buffer = Buffer.concat([buffer, chunk]);
            if (buffer.length > LIMIT) return socket.destroy();
            for (;;) {
                const end = buffer.indexOf(inLetter ? "\r\n.\r\n" : "\r\n");
                if (end < 0) return;
                const part = buffer.subarray(0, end).toString("utf8");
                buffer = buffer.subarray(end + (inLetter ? 5 : 2));
                if (inLetter) (inLetter = false), take(part);
                else hear(part);
            }
        });
    });
    await new Promise((done, fail) => server.once("error", fail).listen(0, "127.0.0.1", done));

    mail.url = `smtp://127.0.0.1:${server.address().port}`;
    mail.to = async (whom, subject = /./, seconds = 60) => {
        const about = (letter) => (subject instanceof RegExp ? subject.test(letter.subject) : letter.subject.includes(subject));
        const end = Date.now() + seconds * 1000;
        for (;;) {
            const found = all.findLast((l) => !handed.has(l) && about(l) && l.to.some((a) => a.toLowerCase().includes(whom.toLowerCase())));
            if (found) return handed.add(found), found;
            if (Date.now() > end) throw new Error(`no letter to ${whom} with a subject like ${subject} in ${seconds} s; there are:\n${listing(all)}`);
            await new Promise((done) => setTimeout(done, 50));
        }
    };
    mail.none = async (seconds = 2) => {
        const before = all.length;
        await new Promise((done) => setTimeout(done, seconds * 1000));
        if (all.length > before) throw new Error(`no letter was due; there came:\n${listing(all.slice(before))}`);
    };
    mail.close = () => {
        sockets.forEach((socket) => socket.destroy());
        server.close();
    };
    return mail;
}

export const listing = (letters) => letters.map((l) => `  to ${l.to.join(", ")}: ${l.subject}`).join("\n") || "  none";

export function read(raw, from = "", to = []) {
    const whole = part(raw);
    const leaves = whole.parts.length ? flat(whole) : [whole];
    const body = (kind) => leaves.find((leaf) => leaf.kind === kind)?.body ?? "";
    const [text, html] = [body("text/plain"), body("text/html")];
    const hrefs = [...html.matchAll(/href="([^"]+)"/g)].map((m) => m[1].replaceAll("&amp;", "&"));
    const links = [...new Set([...hrefs, ...(text.match(/https?:\/\/[^\s<>")\]]+/g) ?? [])])];
    return {
        from, to, raw, headers: whole.headers, subject: words(whole.headers.subject ?? ""), text, html, links,
        // The first link whose address contains this.
        link: (of) => links.find((one) => (of instanceof RegExp ? of.test(one) : one.includes(of))) ?? fail(`no link like ${of} in "${words(whole.headers.subject ?? "")}"; there are:\n  ${links.join("\n  ")}`),
    };
}

function fail(sentence) {
    throw new Error(sentence);
}

function part(raw) {
    const split = raw.search(/\r?\n\r?\n/);
    const [head, rest] = split < 0 ? [raw, ""] : [raw.slice(0, split), raw.slice(split).replace(/^\r?\n\r?\n/, "")];
    const headers = {};
    for (const line of head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
        const colon = line.indexOf(":");
        if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const type = headers["content-type"] ?? "text/plain";
    const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
    const parts = boundary ? `\r\n${rest}`.split(`\r\n--${boundary}`).slice(1).filter((p) => !p.startsWith("--")).map((p) => part(p.replace(/^[^\n]*\r?\n/, ""))) : [];
    return { headers, parts, kind: type.split(";")[0].trim().toLowerCase(), body: parts.length ? "" : decode(rest, headers["content-transfer-encoding"]) };
}

const flat = (whole) => whole.parts.flatMap((p) => (p.parts.length ? flat(p) : [p]));

function decode(body, how = "") {
    if (/base64/i.test(how)) return Buffer.from(body, "base64").toString("utf8");
    if (/quoted-printable/i.test(how)) return bytes(body.replace(/=\r?\n/g, ""));
    return body;
}

// Quoted-printable is plain ASCII by definition, so one character is one byte.
function bytes(text) {
    const octets = text.replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(octets, "latin1").toString("utf8");
}

// Encoded words of a header (RFC 2047): "=?utf-8?b?…?=".
function words(header) {
    return header
        .replace(/\?=\s+=\?/g, "?==?")
        .replace(/=\?[^?]+\?([bq])\?([^?]*)\?=/gi, (_, how, text) => (how.toLowerCase() === "b" ? Buffer.from(text, "base64").toString("utf8") : bytes(text.replaceAll("_", " "))));
}
