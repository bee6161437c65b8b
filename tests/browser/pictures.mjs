// Pictures of the pages of the village, to be looked at: `cargo xtask screenshots [--out DIR] [--only PART]`.
// A page that cannot be reached is named at the end, and fails the command.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { isWide, PAGES, visit } from "./pages.mjs";
import { looks } from "./story.mjs";
import { browser, world } from "./world.mjs";

const args = process.argv.slice(2);
const after = (flag) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
const out = resolve(after("--out") ?? "target/screenshots");
const only = after("--only") ?? "";
mkdirSync(out, { recursive: true });

// The height of a long list is cut: a picture of 30 screens shows nothing.
const TALLEST = 4000;

const chrome = await browser();
const place = await world({}, chrome);
try {
    const people = new Map();
    for (const { name, as, path, gone } of PAGES.filter((page) => page.name.includes(only))) {
        if (!people.has(as)) people.set(as, as ? await place.person(as) : await place.open());
        const page = people.get(as);
        try {
            const answer = await visit(page, path);
            if (answer.status() >= 400 && !gone) throw new Error(`${page.url()} answered ${answer.status()}`);
        } catch (problem) {
            place.troubles.push(`${name}: ${problem.message}`);
            continue;
        }
        // The pointer still lies where it pressed last.
        await page.mouse.move(0, 0);
        for (const { width, colour } of looks) {
            await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
            await page.emulateMedia({ colorScheme: colour });
            const wide = await isWide(page);
            if (wide > 0) place.troubles.push(`${name} is ${wide} px wider than a screen of ${width}`);
            const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), TALLEST);
            // As tall as the page, so that the bar at the foot of a small screen is not drawn across its middle.
            await page.setViewportSize({ width, height: Math.max(height, 844) });
            const file = join(out, `${name}-${width}-${colour}.png`);
            await page.screenshot({ path: file, clip: { x: 0, y: 0, width, height: Math.max(height, 400) } });
            console.log(file);
        }
    }
} finally {
    await place.close();
    await chrome.close();
}
const troubles = new Set(place.troubles);
for (const trouble of troubles) console.log(`trouble: ${trouble}`);
process.exit(troubles.size ? 1 : 0);
