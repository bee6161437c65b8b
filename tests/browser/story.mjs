// Browser stories: promises about Chiron, kept in front of a real browser, a real server and a real mail server.
//
//   import { story, sees, press, fill } from "./story.mjs";
//
//   story("P16: a mentor who declines from his mail says why", async ({ person, mail }) => {
//       const amina = await person("Amina");                 // a page, signed in as Amina
//       await amina.goto("/asks/new?to=tomas");
//       await fill(amina, "What do you hope for?", "How do I move into data work?");
//       await press(amina, "Send");
//       const letter = await mail.to("tomas", /asks you/);   // waits for it
//       …
//   });
//
// Files are called `*.story.mjs`; `cargo xtask test --only browser` runs them all, and
// `node tests/browser/run.mjs mail` those whose title or file contains "mail" (set CHIRON_BIN to the program).
// A story that shows a practice begins with its code, so that `cargo xtask practices` finds it.
//
// story(title, options?, async (world) => …)
//   options, all of them optional:
//     place    "village" (the default): `chiron demo`, people who can sign in;
//              "empty": `chiron serve` on an empty folder, for first runs;
//              "none": no server at all
//     mail     false to leave the mail server unconfigured (default true)
//     env      more settings for the server, as { CHIRON_…: "…" }
//     args     more arguments for the server
//     width    of `page` and of everyone's page: 1280 (default) or 390
//     colour   "light" (default) or "dark"
//     js       false to switch JavaScript off
//     zone     the browser's time zone (default "Europe/Lisbon")
//     tolerates  a regexp of troubles (see below) that belong to the story
//     skip     a sentence that says why the story does not run now
//
// world, what a story gets:
//   page             a page of nobody yet; `page.goto("/asks")` is relative to the server
//   person(name, o?) a page signed in as that person of the village, in a browser of its own;
//                    "Amina" is enough for "Amina Haddad". `o` may change width, colour, js, zone
//   open(o?)         another page of nobody, in a browser of its own, likewise
//   server           .url .dir (its data folder) .people ({ name: sign-in link })
//                    .log() (all it wrote) .printed(/regexp with a group/) (waits for a line, gives the match)
//                    .restart() .kill() (no goodbye) .run(["doctor"]) (another command on the same data: { code, out, err })
//   mail             see mail.mjs: .to(address part, subject?) .all .none(seconds) .mood = "well" | "busy" | "refusing" | …
//
// and beside the world, to import:
//   press(page, "Send")          the button or link of that name, and waits until it is done
//   fill(page, "Goal", "…")      the field with that label
//   sees(page, "text" or /re/)   waits until it is visible
//   lacks(page, "text")          it is not there
//   axe(page, { except: [] })    fails on anything serious or critical that axe-core finds
//   key(page, "Tab", 3)          presses a key a number of times
//   focused(page)                the accessible name of what has the focus
//   passkeys(page)               a virtual authenticator: { uses(): how often it signed, present(bool), remove() }
//   looks                        the four looks of look.md, to loop over: { width, colour }
//   until(what, async () => …)   asks again until the answer is true (10 s)
//
// A story also fails on trouble that nobody looked for: an uncaught error in a page, a broken content security policy,
// an answer of 500 or above, a request to anywhere but the server. On failure `target/browser/<story>/` holds a picture and the HTML of every open page, the
// server's log and the letters.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

export { assert };
export const stories = [];
export const looks = [390, 1280].flatMap((width) => ["light", "dark"].map((colour) => ({ width, colour })));

// How long anything is waited for, in milliseconds: how quick a machine is decides nothing.
export const PATIENCE = 60_000;

export function story(title, options, tell) {
    if (typeof options === "function") [options, tell] = [{}, options];
    assert.equal(typeof tell, "function", `the story "${title}" needs a function`);
    assert.ok(!stories.some((other) => other.title === title), `two stories are called "${title}"`);
    stories.push({ title, options, tell, file: story.file });
}

export async function until(what, ask, patience = PATIENCE) {
    const end = Date.now() + patience;
    for (;;) {
        const answer = await ask();
        if (answer) return answer;
        if (Date.now() > end) throw new Error(`waited ${patience / 1000} s for ${what}`);
        await new Promise((done) => setTimeout(done, 100));
    }
}

// Buttons and links by the name that a person reads. A name that two things carry is an error, as it is for people.
export async function press(page, name) {
    const it = page.getByRole("button", { name, exact: true }).or(page.getByRole("link", { name, exact: true })).filter({ visible: true });
    await it.click({ timeout: PATIENCE });
    await settled(page);
}

// Until the requests that a press began are answered. A page with a live stream is never quite idle, so "networkidle"
// is no use: htmx marks what waits for an answer.
async function settled(page) {
    await page.waitForLoadState("load", { timeout: PATIENCE });
    await page.waitForFunction(() => !document.querySelector(".htmx-request"), undefined, { timeout: PATIENCE }).catch((problem) => {
        // The page was replaced while we looked: then the press has had its effect.
        if (!/context|navigat|closed|disabled/i.test(problem.message)) throw problem;
    });
}

export async function fill(page, label, value) {
    const field = page.getByLabel(label, { exact: typeof label === "string" }).filter({ visible: true });
    const kind = await field.evaluate((it) => it.type ?? it.tagName, undefined, { timeout: PATIENCE });
    if (kind === "checkbox" || kind === "radio") return field.setChecked(value !== false);
    if (kind.startsWith("select")) return field.selectOption(typeof value === "string" ? { label: value } : value);
    return field.fill(String(value));
}

export async function sees(page, what, patience = PATIENCE) {
    try {
        await page.getByText(what).filter({ visible: true }).first().waitFor({ timeout: patience });
    } catch {
        const text = await page.locator("body").innerText().catch(() => "");
        throw new Error(`${page.url()} does not say ${what}; it says:\n${text.slice(0, 1500)}`);
    }
}

export async function lacks(page, what) {
    const many = await page.getByText(what).filter({ visible: true }).count();
    assert.equal(many, 0, `${page.url()} should not say ${what}`);
}

export async function key(page, name, times = 1) {
    for (let i = 0; i < times; i++) await page.keyboard.press(name);
}

export async function focused(page) {
    return page.evaluate(() => {
        const it = document.activeElement;
        if (!it || it === document.body) return "";
        const label = it.labels?.[0]?.innerText;
        return (it.getAttribute("aria-label") ?? label ?? it.innerText ?? it.name ?? "").trim();
    });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function axe(page, { except = [] } = {}) {
    const [examined, done] = page.context().withoutScripts ? await twin(page) : [page, async () => {}];
    // Through the debugger, not a script element: the content security policy of our pages allows no stranger's script.
    if (!(await examined.evaluate(() => Boolean(globalThis.axe)))) await examined.evaluate(axeSource);
    // Without fetching style sheets once more: that serves a rule for turned screens alone, which is off.
    const { violations } = await examined.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], preload: false }));
    await done();
    const bad = violations.filter((v) => ["serious", "critical"].includes(v.impact) && !except.includes(v.id));
    const say = (v) => `  ${v.impact}: ${v.help} (${v.id})\n` + v.nodes.slice(0, 5).map((n) => `    ${n.html.slice(0, 160)}\n      ${(n.failureSummary ?? "").replaceAll("\n", "\n      ")}`).join("\n");
    assert.equal(bad.length, 0, `axe-core on ${page.url()}:\n${bad.map(say).join("\n")}`);
}

// axe-core waits on timers, which rest where JavaScript is off: so it examines the same document in a page that has
// JavaScript and whose own scripts never arrive.
async function twin(page) {
    const look = await page.evaluate(() => ({ colorScheme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light" }));
    const context = await page.context().browser().newContext({ ...look, viewport: page.viewportSize(), storageState: await page.context().storageState() });
    const copy = await context.newPage();
    const body = await page.content();
    await copy.route("**/*", (route) => {
        if (route.request().isNavigationRequest()) return route.fulfill({ contentType: "text/html", body });
        return route.request().resourceType() === "script" ? route.abort() : route.continue();
    });
    await copy.goto(page.url());
    return [copy, () => context.close()];
}

// A passkey device that lives in the page's browser: discoverable keys, user verification done, touched at once.
export async function passkeys(page, { verifies = true } = {}) {
    const debug = await page.context().newCDPSession(page);
    await debug.send("WebAuthn.enable");
    const { authenticatorId } = await debug.send("WebAuthn.addVirtualAuthenticator", {
        options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: verifies, automaticPresenceSimulation: true },
    });
    const keys = async () => (await debug.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
    return {
        keys,
        uses: async () => (await keys()).reduce((sum, one) => sum + one.signCount, 0),
        present: (enabled) => debug.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled }),
        remove: () => debug.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }),
    };
}
