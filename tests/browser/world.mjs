// What a story lives in: a server of its own on a free port and an empty folder, a mail server, and browsers.

import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { listing, mailServer } from "./mail.mjs";
import { PATIENCE, until } from "./story.mjs";

const BIN = process.env.CHIRON_BIN;

const children = new Set();
const folders = new Set();
process.on("exit", () => {
    children.forEach((child) => child.kill("SIGKILL"));
    folders.forEach((dir) => rmSync(dir, { recursive: true, force: true }));
});

// The flags that keep Chromium quiet on a machine without a network; root may not have a sandbox.
export async function browser() {
    const args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    if (process.getuid?.() === 0) args.push("--no-sandbox");
    return chromium.launch({ executablePath: process.env.CHIRON_CHROMIUM ?? "/usr/bin/chromium", args, timeout: PATIENCE });
}

export async function world(options, chrome) {
    const mail = await mailServer();
    const server = options.place === "none" ? undefined : await start(options, mail);
    const contexts = [];
    const troubles = [];

    const open = async (look = {}) => {
        const { width = 1280, colour = "light", js = true, zone = "Europe/Lisbon" } = { ...options, ...look };
        const context = await chrome.newContext({
            baseURL: server?.url,
            viewport: { width, height: width < 600 ? 844 : 900 },
            hasTouch: width < 600,
            colorScheme: colour,
            javaScriptEnabled: js,
            timezoneId: zone,
            locale: "en-GB",
            reducedMotion: "reduce",
        });
        context.withoutScripts = !js;
        contexts.push(context);
        context.setDefaultTimeout(PATIENCE);
        context.on("page", (page) => watch(page, server, troubles));
        return context.newPage();
    };
    const person = async (name, look) => {
        const names = Object.keys(server.people ?? {});
        const full = names.find((one) => one === name) ?? names.find((one) => one.startsWith(`${name} `));
        if (!full) throw new Error(`nobody in the village is called ${name}; there are: ${names.join(", ")}`);
        const page = await open(look);
        await page.goto(server.people[full]);
        // A sign-in link asks for one press, so that a mail scanner that follows links signs nobody in.
        const confirm = page.locator("main form[method=post] button[type=submit], main form[method=post] button:not([type])");
        if (new URL(page.url()).href === server.people[full] && (await confirm.count()) === 1) {
            await confirm.click();
            await page.waitForLoadState("load");
        }
        return page;
    };
    return {
        page: await open(), open, person, server, mail, troubles,
        async keep(dir) {
            rmSync(dir, { recursive: true, force: true });
            mkdirSync(dir, { recursive: true });
            const pages = contexts.flatMap((context) => context.pages());
            for (const [n, page] of pages.entries()) {
                await page.screenshot({ path: join(dir, `page-${n + 1}.png`), fullPage: true, timeout: 5000 }).catch(() => {});
                writeFileSync(join(dir, `page-${n + 1}.html`), `<!-- ${page.url()} -->\n${await page.content().catch(String)}`);
            }
            if (server) writeFileSync(join(dir, "server.log"), server.log());
            writeFileSync(join(dir, "letters.txt"), `${listing(mail.all)}\n\n${mail.all.map((l) => l.raw).join("\n\n=====\n\n")}`);
        },
        async close() {
            await Promise.all(contexts.map((context) => context.close().catch(() => {})));
            mail.close();
            await server?.close();
        },
    };
}

function watch(page, server, troubles) {
    page.on("pageerror", (error) => troubles.push(`uncaught in ${page.url()}: ${error.message}`));
    page.on("console", (said) => {
        if (/content security policy/i.test(said.text())) troubles.push(`${page.url()}: ${said.text()}`);
    });
    page.on("response", (answer) => {
        if (answer.status() >= 500) troubles.push(`${answer.status()} from ${answer.request().method()} ${answer.url()}`);
    });
    page.on("request", (request) => {
        const there = request.url();
        if (server && /^(https?|wss?):/.test(there) && !there.startsWith(`${server.url}/`)) troubles.push(`${page.url()} asked for ${there}`);
    });
}

// The program itself, as an operator starts it.
export async function start(options = {}, mail) {
    if (!BIN || !existsSync(BIN)) throw new Error("CHIRON_BIN must name the chiron program; cargo xtask test does that");
    const place = options.place ?? "village";
    const dir = mkdtempSync(join(tmpdir(), "chiron-story-"));
    folders.add(dir);
    const port = await freePort();
    // "localhost", not the number: a passkey belongs to a name.
    const server = { url: `http://localhost:${port}`, dir: join(dir, "data"), people: {} };
    const env = { ...process.env, CHIRON_PUBLIC_URL: server.url, ...options.env };
    if (mail && options.mail !== false) env.CHIRON_SMTP = mail.url;
    const where = ["--data", server.dir];
    const linksFile = join(dir, "links.json");
    const first = place === "village" ? ["demo", "--links-json", linksFile] : ["serve"];
    let [child, log] = [undefined, ""];

    const run = async (command) => {
        child = spawn(BIN, [...command, "--listen", `127.0.0.1:${port}`, ...where, ...(options.args ?? [])], { env, stdio: ["ignore", "pipe", "pipe"] });
        const mine = child;
        children.add(mine);
        mine.gone = new Promise((done) => mine.once("close", done).once("error", (error) => done((log += String(error)))));
        mine.gone.then(() => children.delete(mine));
        for (const out of [mine.stdout, mine.stderr]) out.setEncoding("utf8").on("data", (text) => (log += text));
        await until(
            `the server to be ready; it wrote:\n${log}`,
            async () => {
                if (mine.exitCode !== null || mine.signalCode) throw new Error(`the server ended (${mine.exitCode ?? mine.signalCode}):\n${log}`);
                const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
                return answer?.ok && (place !== "village" || existsSync(linksFile));
            },
            PATIENCE,
        ).catch((error) => {
            throw new Error(error.message.startsWith("waited") ? `the server was not ready in ${PATIENCE / 1000} s; it wrote:\n${log}` : error.message);
        });
    };
    const end = async (signal) => {
        child.kill(signal);
        const late = setTimeout(() => child.kill("SIGKILL"), 12_000);
        await child.gone;
        clearTimeout(late);
    };

    server.log = () => log;
    server.printed = (pattern) => until(`a line like ${pattern}; the server wrote:\n${log}`, () => pattern.exec(log));
    server.kill = () => end("SIGKILL");
    server.restart = async () => {
        if (children.has(child)) await end("SIGTERM");
        // The village is not laid out twice: from now on it is a place like any other.
        await run(["serve"]);
    };
    server.run = (command) =>
        new Promise((done) => {
            execFile(BIN, [...command, ...where], { env, timeout: 60_000, maxBuffer: 64 << 20 }, (error, out, err) => done({ code: error ? (error.code ?? 1) : 0, out, err }));
        });
    server.close = async () => {
        if (children.has(child)) await end("SIGTERM");
        rmSync(dir, { recursive: true, force: true });
        folders.delete(dir);
    };

    try {
        await run(first);
    } catch (error) {
        await server.close();
        throw error;
    }
    if (place === "village") server.people = links(JSON.parse(readFileSync(linksFile, "utf8")), server.url);
    return server;
}

// Whatever host the links name, the story speaks to the server by its own.
function links(people, url) {
    const here = (link) => new URL(new URL(link, url).pathname + new URL(link, url).search, url).href;
    return Object.fromEntries(Object.entries(people).map(([name, link]) => [name, here(link)]));
}

const given = new Set();

async function freePort() {
    const probe = createServer();
    await new Promise((done, fail) => probe.once("error", fail).listen(0, "127.0.0.1", done));
    const { port } = probe.address();
    await new Promise((done) => probe.close(done));
    if (given.has(port)) return freePort();
    given.add(port);
    return port;
}
