// Runs the stories whose file or title contains one of the arguments, or all: `node tests/browser/run.mjs [WORDS…]`.
// Two at a time; CHIRON_STORIES_AT_ONCE says otherwise. The last line is `browser stories: N passed, N failed, N skipped`.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stories, story } from "./story.mjs";
import { browser, world } from "./world.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const kept = join(here, "../../target/browser");
// A story that hangs is ended.
const LIMIT = 20;
const AT_ONCE = Number(process.env.CHIRON_STORIES_AT_ONCE ?? 2);

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));

const letters = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

for (const file of readdirSync(here).filter((name) => name.endsWith(".story.mjs")).sort()) {
    story.file = file.replace(".story.mjs", "");
    await import(pathToFileURL(join(here, file)).href);
}
const words = process.argv.slice(2).map(letters);
const chosen = stories.filter(({ title, file }) => words.length === 0 || words.some((word) => letters(`${file} ${title}`).includes(word)));
const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const waiting = [...chosen];
let chrome;

await Promise.all(Array.from({ length: Math.min(AT_ONCE, chosen.length) }, teller));
await chrome?.then((it) => it.close()).catch(() => {});

for (const { title, problem, dir } of failures) console.log(`\n--- ${title}\n${problem.stack ?? problem}\n(kept in ${dir})`);
console.log(`\nbrowser stories: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed ? 1 : 0);

async function teller() {
    for (let next = waiting.shift(); next; next = waiting.shift()) await tell(next);
}

async function tell({ title, options, tell: telling }) {
    if (options.skip) {
        counts.skipped += 1;
        return console.log(`skip  ${title}: ${options.skip}`);
    }
    const began = Date.now();
    let [place, late] = [undefined, undefined];
    try {
        place = await world(options, await running());
        const limit = new Promise((_, fail) => (late = setTimeout(() => fail(new Error(`not told in ${LIMIT} minutes`)), LIMIT * 60_000)));
        await Promise.race([telling(place), limit]);
        const troubles = place.troubles.filter((trouble) => !options.tolerates?.test(trouble));
        if (troubles.length) throw new Error(`told to the end, with trouble on the way:\n  ${[...new Set(troubles)].join("\n  ")}`);
        counts.passed += 1;
        console.log(`ok    ${title} (${seconds(began)})`);
    } catch (problem) {
        const dir = join(kept, letters(title).replaceAll(" ", "-").slice(0, 80));
        await place?.keep(dir).catch((error) => console.log(`could not keep ${dir}: ${error.message}`));
        counts.failed += 1;
        failures.push({ title, problem, dir: place ? dir : "nothing: it never began" });
        console.log(`FAIL  ${title} (${seconds(began)})`);
    } finally {
        clearTimeout(late);
        await place?.close().catch((error) => console.log(`could not tidy up after ${title}: ${error.message}`));
    }
}

// One browser for all, a profile for each page's owner; a browser that died is started again for the stories left.
async function running() {
    if (!(await chrome?.catch(() => undefined))?.isConnected()) chrome = browser();
    return chrome;
}

function seconds(began) {
    return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}
