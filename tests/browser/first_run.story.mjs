// The first hour of a place: from an empty folder to an administrator who signs in again by mail.

import { assert, axe, fill, press, sees, story, until } from "./story.mjs";

const LINK = /(http:\/\/localhost:\d+\/set-up\/\S+)/;

for (const options of [
    { width: 1280 },
    { width: 390, colour: "dark", js: false },
]) {
    const said = options.js === false ? ", on a small screen without JavaScript" : "";

    story(`first run: one link opens a new place, and no password with it${said}`, { place: "empty", ...options }, async ({ page, open, server }) => {
        await page.goto("/sign-in");
        await sees(page, /not set up yet/);
        await axe(page);

        const [, link] = await server.printed(LINK);
        await page.goto(link);
        await axe(page);
        await setUp(page);
        assert.ok(!page.url().includes("/set-up/"), "the link has done its work");
        await page.goto("/account");
        await sees(page, "amina@hafen.example");
        await axe(page);

        const stranger = await open();
        const again = await stranger.goto(link);
        assert.equal(again.status(), 404, "the link works once");
    });

    story(`first run: another device, another day, is signed in by a letter${said}`, { place: "empty", ...options }, async ({ page, open, server, mail }) => {
        const [, link] = await server.printed(LINK);
        await page.goto(link);
        await setUp(page);

        const device = await open();
        await device.goto("/sign-in");
        await sees(device, "Mentoring at Hafen");
        await fill(device, /Your e-mail address/, "amina@hafen.example");
        await press(device, "Send me a link");
        await sees(device, "Look in your mail");
        const letter = await mail.to("amina@hafen.example");
        await device.goto(letter.link("/sign-in/"));
        await axe(device);
        await device.locator("main form button").first().click();
        await until("the page behind the link", () => !device.url().includes("/sign-in"));
        await device.goto("/account");
        await sees(device, "Where you are signed in");
    });
}

story("first run: a place survives being restarted and being killed", { place: "empty" }, async ({ page, server }) => {
    const [, link] = await server.printed(LINK);
    await page.goto(link);
    await setUp(page);
    await server.restart();
    await page.goto("/account");
    await sees(page, "amina@hafen.example");
    await server.kill();
    await server.restart();
    await page.goto("/account");
    await sees(page, "amina@hafen.example");
});

story("first run: what is missing is asked for in words, and nothing typed is lost", { place: "empty", js: false }, async ({ page, server }) => {
    const [, link] = await server.printed(LINK);
    await page.goto(link);
    await page.locator("form.stack").evaluate((form) => form.setAttribute("novalidate", ""));
    await fill(page, /What is this place called/, "Mentoring at Hafen");
    await fill(page, /Your time zone/, "Atlantis/Capital");
    await press(page, "Open the doors");
    await sees(page, /We do not know this clock/);
    assert.equal(await page.getByLabel(/What is this place called/).inputValue(), "Mentoring at Hafen");
    await axe(page);
});

async function setUp(page) {
    await fill(page, /What is this place called/, "Mentoring at Hafen");
    await fill(page, /Your name/, "Amina Haddad");
    await fill(page, /Your e-mail address/, "amina@hafen.example");
    await fill(page, /Your time zone/, "Europe/Lisbon");
    await press(page, "Open the doors");
}
