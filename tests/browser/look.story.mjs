// The look, wherever one lands without being anybody.

import { assert, axe, key, looks, sees, story } from "./story.mjs";

for (const look of looks) {
    const said = `${look.width} px, ${look.colour}`;
    story(`every component can be used by everyone: ${said}`, { place: "empty", ...look }, async ({ page }) => {
        const answer = await page.goto("/dev/components");
        assert.equal(answer.status(), 200);
        await axe(page);
        await fits(page);
    });
    story(`somebody who goes astray is told so, and where to go: ${said}`, { place: "empty", ...look }, async ({ page }) => {
        const answer = await page.goto("/nowhere");
        assert.equal(answer.status(), 404);
        await axe(page);
        await fits(page);
        assert.ok((await page.getByRole("link").count()) > 0, "a page without a way out");
    });
}

story("the keyboard can jump past what every page repeats", { place: "empty" }, async ({ page }) => {
    const answer = await page.goto("/dev/components");
    assert.equal(answer.status(), 200);
    await key(page, "Tab");
    const first = await page.evaluate(() => document.activeElement?.getAttribute("href") ?? "");
    assert.match(first, /^#/, "the first stop of the Tab key leads into the page");
    await sees(page, await page.locator(":focus").innerText());
});

async function fits(page) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${page.url()} is ${wide} px wider than the screen`);
}
