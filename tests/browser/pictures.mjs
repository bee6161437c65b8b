// Pictures of the pages of the village, to be looked at: `cargo xtask screenshots [--out DIR] [--only PART]`.
// A page that is not there (404) is named at the end; anything worse fails the command.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { looks } from "./story.mjs";
import { browser, world } from "./world.mjs";

// Where to look, and as whom; without a name, as somebody who has not signed in. A new page is a line here.
const PAGES = [
    { path: "/" },
    { path: "/login" },
    { path: "/", as: "Amina" },
    { path: "/goals", as: "Amina" },
    { path: "/goals/new", as: "Amina" },
    { path: "/directory", as: "Amina" },
    { path: "/asks", as: "Amina" },
    { path: "/asks", as: "Tomas" },
    { path: "/questions", as: "Amina" },
    { path: "/notices", as: "Tomas" },
    { path: "/profile", as: "Tomas" },
    { path: "/account", as: "Tomas" },
    { path: "/relationships", as: "Amina" },
    { path: "/outbox", as: "Tomas" },
    { path: "/nowhere" },
    { path: "/dev/components", as: "Amina" },
];

const args = process.argv.slice(2);
const after = (flag) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
const out = resolve(after("--out") ?? "target/screenshots");
const only = after("--only") ?? "";
mkdirSync(out, { recursive: true });

const chrome = await browser();
const place = await world({}, chrome);
const missing = new Set();
try {
    for (const look of looks) {
        const people = new Map();
        for (const { path, as } of PAGES.filter((page) => page.path.includes(only))) {
            if (!people.has(as)) people.set(as, as ? await place.person(as, look) : await place.open(look));
            const page = people.get(as);
            const answer = await page.goto(path);
            if (answer.status() === 404 && path !== "/nowhere") {
                missing.add(path);
                continue;
            }
            const name = `${path.replaceAll("/", "-").slice(1) || "front"}${as ? `-${as.toLowerCase()}` : ""}-${look.width}-${look.colour}.png`;
            // The height of a long list is cut: a picture of 30 screens shows nothing.
            const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), 4000);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            if (wide > 0) place.troubles.push(`${path} is ${wide} px wider than a screen of ${look.width}`);
            await page.screenshot({ path: join(out, name), fullPage: true, clip: { x: 0, y: 0, width: look.width, height: Math.max(height, 400) } });
            console.log(join(out, name));
        }
        for (const page of people.values()) await page.context().close();
    }
} finally {
    await place.close();
    await chrome.close();
}
for (const path of missing) console.log(`not there: ${path}`);
const troubles = new Set(place.troubles);
for (const trouble of troubles) console.log(`trouble: ${trouble}`);
process.exit(troubles.size ? 1 : 0);
