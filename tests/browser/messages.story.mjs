// Two people who work together write to each other, each in a browser of their own.

import { assert, axe, fill, lacks, press, sees, story, until } from "./story.mjs";

// Where Amina and Tomáš write to each other.
async function conversation(page) {
    await page.goto("/relationships");
    await page.getByRole("link", { name: /Tomáš|Amina/ }).first().click();
    await page.getByRole("link", { name: /^Messages/ }).click();
    await page.waitForURL(/\/messages$/);
}

const sheet = (page) => page.locator(".conversation-sheet");
const atItsFoot = (page) => sheet(page).evaluate((box) => Math.abs(box.scrollTop) < 2);

for (const width of [1280, 390]) {
    story(`P24: what one writes stands on the other’s open page at once, at ${width} pixels`, { width }, async ({ person }) => {
        const amina = await person("Amina");
        const tomas = await person("Tomáš");
        await conversation(amina);
        await conversation(tomas);
        await axe(amina);
        assert.ok(await atItsFoot(amina), "it opens at its newest");

        await fill(amina, /^Write to/, "Shall we look at the ugly spreadsheet?\nI have it open.");
        await press(amina, "Send");
        await sees(amina, "Shall we look at the ugly spreadsheet?");
        await sees(tomas, "Shall we look at the ugly spreadsheet?");
        assert.ok(await atItsFoot(tomas), "the newest is in sight");
        await until("it is marked as read", async () => !(await tomas.locator(".seen").count()) || (await tomas.reload(), !(await tomas.locator(".seen").count())));

        // What he was writing stays while hers comes in.
        await fill(tomas, /^Write to/, "Gladly, I was about to");
        await fill(amina, /^Write to/, "Now?");
        await press(amina, "Send");
        await sees(tomas, "Now?");
        assert.equal(await tomas.getByLabel(/^Write to/).inputValue(), "Gladly, I was about to");
        await press(tomas, "Send");
        await sees(amina, "Gladly, I was about to");

        // Taken back here, it is gone there too.
        await amina.getByRole("link", { name: /^Mend or take back/ }).last().click();
        await press(amina, "Take it back");
        await sees(tomas, "took this back");
        await lacks(tomas, "Now?");
        await axe(tomas);
        for (const page of [amina, tomas]) {
            const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            assert.ok(over <= 0, `nothing stands over the edge (${over})`);
        }
    });
}

story("P25: an opening for what is hard to say comes into the box, and a picture goes with it", async ({ person }) => {
    const amina = await person("Amina");
    await conversation(amina);
    await amina.getByText("Hard to say?").click();
    await amina.getByRole("link", { name: /more stuck than I have let on/ }).click();
    assert.match(await amina.getByLabel(/^Write to/).inputValue(), /^I am more stuck than I have let on\./);
    const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    await amina.getByText("Add files").click();
    await amina.getByLabel(/Files to go with it/).setInputFiles({ name: "evil.svg", mimeType: "image/svg+xml", buffer: Buffer.from(png, "base64") });
    await press(amina, "Send");
    await until("the picture is shown", () => amina.locator(".message-picture img").last().evaluate((img) => img.complete && img.naturalWidth === 1));
    await amina.getByText("Add files").click();
    await amina.getByLabel(/Files to go with it/).setInputFiles({ name: "innocent.png", mimeType: "image/png", buffer: Buffer.from("<svg onload='alert(1)'/>") });
    await press(amina, "Send");
    await sees(amina, /SVG drawings can run programs/);
    await axe(amina);
});

story("P24: without JavaScript the conversation works by forms alone", { js: false, width: 390 }, async ({ person }) => {
    const tomas = await person("Tomáš");
    const amina = await person("Amina");
    await conversation(amina);
    await fill(amina, /^Write to/, "A plain page is enough.");
    await press(amina, "Send");
    await sees(amina, "A plain page is enough.");
    await conversation(tomas);
    await sees(tomas, "A plain page is enough.");
    await press(tomas, "Mark as read");
    await tomas.goto("/relationships");
    await lacks(tomas, "new messages");
});
