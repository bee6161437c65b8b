// Every page of the product, as everyone who comes to it: nothing that shuts somebody out, nothing wider than a small
// screen, no word to the console, and no link that leads nowhere.

import { readFileSync } from "node:fs";
import { isWide, PAGES, visit } from "./pages.mjs";
import { assert, axe, looks, story } from "./story.mjs";

// In parts of the same length, so that each is told in time; those of one person stay together.
const PARTS = 5;
const everyone = [...new Set(PAGES.map((page) => page.as))];
const inTurn = everyone.flatMap((as) => PAGES.filter((page) => page.as === as));
const length = Math.ceil(inTurn.length / PARTS);
const groups = Array.from({ length: PARTS }, (_, n) => inTurn.slice(n * length, (n + 1) * length));

for (const [n, group] of groups.entries()) {
    story(`every page can be used by everyone, on a small screen and in the dark (${n + 1} of ${groups.length})`, async ({ person, open, troubles }) => {
        const wrong = [];
        for (const as of new Set(group.map((page) => page.as))) {
            const page = as ? await person(as) : await open();
            page.on("console", (said) => {
                // A page that is rightly not there says so to the console by itself, and one that is left while it
                // listens says that it stopped.
                if (said.type() === "error" && !/status of 404|Failed to fetch/.test(said.text())) wrong.push(`${page.url()} told the console: ${said.text()}`);
            });
            for (const one of group.filter((other) => other.as === as)) await examine(page, one).catch((problem) => wrong.push(`${one.name}: ${problem.message}`));
            await page.context().close();
        }
        assert.equal(troubles.length + wrong.length, 0, [...wrong, ...troubles].join("\n\n"));
    });
}

async function examine(page, { name, path, gone }) {
    const answer = await visit(page, path);
    assert.equal(answer.status(), gone ? 404 : 200, `${page.url()} answered ${answer.status()}`);
    if (path !== "/dev/components") assert.equal(await page.locator("h1").count(), 1, "one heading says what the page is");
    // Each page at both widths and in both lights; every other page the other way round.
    const turn = PAGES.findIndex((one) => one.name === name) % 2;
    for (const { width, colour } of [{ width: 1280, colour: looks[turn].colour }, { width: 390, colour: looks[1 - turn].colour }]) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme: colour });
        await axe(page).catch((problem) => {
            throw new Error(`${width} px, ${colour}: ${problem.message}`);
        });
        const wide = await isWide(page);
        assert.ok(wide <= 0, `${page.url()} is ${wide} px wider than a screen of ${width}`);
    }
}

story("every page that there is has been looked at", { place: "none" }, async () => {
    const routes = readFileSync(new URL("../routes.snap", import.meta.url), "utf8").matchAll(/^GET +(\S+)/gm);
    // Not pages of their own: answers for machines and for parts of a page, pictures and files; and pages behind a link
    // in a letter or at one moment of a relationship, which other stories open.
    const other = /^\/(healthz|readyz|live|notices\/bell|skills\/suggest|photos\/|set-up\/|letters\/|sign-in\/\{|account\/address\/|mail\/stop\/|calendar\/|blocks\/|library\/questions\.csv|reflections\.md|wins\.md|growth\/all\.csv|feedback\/answer\/|reviews\/answer\/|concerns\/\{id\}|sessions\/\{id\}\/notes|relationships\/\{id\}\/(fit|closing|report|agreement\/write|messages\/\{number\}\/files))/;
    const seen = PAGES.map(({ path }) => [path].flat().at(-1)).map((one) => one.last ?? one);
    // A step is one of the words that its page goes through.
    const covered = (route) => {
        const id = route.replace("{step}", "skills").replace(/\{[^}]*\}/g, "0".repeat(32));
        const like = new RegExp(`^${route.replace(/\{[^}]*\}/g, "[^/?]+")}(\\?|$)`);
        return seen.some((one) => (one instanceof RegExp ? one.test(id) || one.test(`${id}?stuck_in=`) || one.test(`${id}?`) : like.test(one)));
    };
    const forgotten = [...routes].map(([, route]) => route).filter((route) => !other.test(route) && !covered(route));
    assert.deepEqual(forgotten, [], "pages.mjs does not name them");
});

// Link by link, as each of them: a learner, a newcomer with nothing, a mentor, the two offices, and a stranger.
for (const who of [["Amina", "Sam"], ["Priya", "Tomáš"], ["Rosa", "Henrik"], [undefined]]) {
    const said = who.map((name) => name ?? "a stranger").join(" and for ");
    story(`every link leads to a page that is there, for ${said}`, async ({ person, open }) => {
        const dead = [];
        for (const name of who) dead.push(...(await follow(name ? await person(name) : await open())));
        assert.deepEqual(dead, []);
    });
}

// Of lists that go on and on, and of filters that combine, a handful is enough; of everything else, all.
const A_HANDFUL = 6;

async function follow(page) {
    const [queue, seen, shapes, dead] = [["/", "/today"], new Set(["/", "/today"]), new Map(), []];
    const origin = new URL(page.url() === "about:blank" ? (await page.goto("/"), page.url()) : page.url()).origin;
    for (let path = queue.shift(), from = "the address bar"; path; path = queue.shift()) {
        [path, from] = Array.isArray(path) ? path : [path, from];
        const answer = await page.request.get(path, { headers: { accept: "text/html" } });
        if (answer.status() >= 400) dead.push(`${from} leads to ${path}: ${answer.status()}`);
        if (!/text\/html/.test(answer.headers()["content-type"] ?? "") || answer.status() >= 400) continue;
        const body = await answer.text();
        for (const [, tag, raw] of body.matchAll(/<(?:a|img|link|script|input|div|button)\b[^>]*?\s(href|src|hx-get)="([^"]*)"/g)) {
            const there = new URL(raw.replaceAll("&amp;", "&"), `${origin}${path}`);
            if (there.origin !== origin || seen.has(there.pathname + there.search)) continue;
            const keys = [...there.searchParams.keys()].sort().join("&");
            const shape = `${tag} ${there.pathname.replace(/[0-9a-f]{8}-?[0-9a-f-]{20,}/g, "{id}").replace(/^\/p\/.*/, "/p/{slug}")}?${keys}`;
            const plain = !keys && !shape.includes("{");
            const count = shapes.get(shape) ?? 0;
            if (!plain && count >= A_HANDFUL) continue;
            shapes.set(shape, count + 1);
            seen.add(there.pathname + there.search);
            queue.push([there.pathname + there.search, path]);
        }
        // What a page says is on it, is.
        const ids = new Set([...body.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
        for (const [, to] of body.matchAll(/\shref="#([^"]+)"/g)) if (!ids.has(to)) dead.push(`${path} leads to #${to}, which it does not have`);
        const twice = [...body.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id).filter((id, at, all) => all.indexOf(id) !== at);
        if (twice.length) dead.push(`${path} has two things called ${twice[0]}`);
    }
    assert.ok(seen.size > 5, "hardly anything was found");
    return dead;
}
