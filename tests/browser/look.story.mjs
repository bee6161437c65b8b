// The look, wherever one lands without being anybody. What every page owes is in `pages.story.mjs`.

import { assert, key, sees, story } from "./story.mjs";

story("the keyboard can jump past what every page repeats", { place: "empty" }, async ({ page }) => {
    const answer = await page.goto("/dev/components");
    assert.equal(answer.status(), 200);
    await key(page, "Tab");
    const first = await page.evaluate(() => document.activeElement?.getAttribute("href") ?? "");
    assert.match(first, /^#/, "the first stop of the Tab key leads into the page");
    await sees(page, await page.locator(":focus").innerText());
});
