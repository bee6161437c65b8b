// Passkeys, with a device that lives in the browser: made once on a fresh sign-in, then all one needs.

import { assert, axe, fill, passkeys, press, sees, story, until } from "./story.mjs";

const LINK = /(http:\/\/localhost:\d+\/set-up\/\S+)/;

async function setUp(page, server) {
    const [, link] = await server.printed(LINK);
    await page.goto(link);
    await fill(page, "What is this place called?", "Mentoring at Hafen");
    await fill(page, "Your name", "Amina Haddad");
    await fill(page, /Your e-mail address/, "amina@hafen.example");
    await press(page, "Open the doors");
    await until("the set-up to be over", () => !page.url().includes("/set-up/"));
}

story("a passkey is made once and signs in with one press", { place: "empty", mail: false }, async ({ page, server }) => {
    const device = await passkeys(page);
    await setUp(page, server);
    await page.goto("/account/passkeys/new");
    await axe(page);
    await fill(page, "What is this device called?", "My laptop");
    await press(page, "Make a passkey");
    await sees(page, "Passkey: My laptop");
    const [key] = await device.keys();
    assert.equal(key.isResidentCredential, true, "the device remembers it, so no address is asked for");

    await page.goto("/account");
    await page.locator(".viewer-menu summary").click();
    await press(page, "Sign out");
    await sees(page, "You are signed out on this device.");
    await axe(page);
    const before = await device.uses();
    await press(page, "Use a passkey");
    await until("signed in", () => !page.url().includes("/sign-in"));
    assert.ok((await device.uses()) > before, "the device signed");
    await page.goto("/account");
    await sees(page, "Passkey: My laptop");
    await sees(page, /last used/);

    // What was taken away signs in no longer, and the page says so.
    await page.getByRole("button", { name: "Take away My laptop" }).click();
    await sees(page, "That passkey no longer signs in.");
    await page.locator(".viewer-menu summary").click();
    await press(page, "Sign out");
    await press(page, "Use a passkey");
    await sees(page, "That passkey did not work here.");
});

story("a device that does not know its owner makes no passkey", { place: "empty", mail: false }, async ({ page, server }) => {
    await passkeys(page, { verifies: false });
    await setUp(page, server);
    await page.goto("/account/passkeys/new");
    await press(page, "Make a passkey");
    await sees(page, /No passkey was used/);
    await page.goto("/account");
    await sees(page, "A passkey");
});

story("without JavaScript the sign-in page offers what works", { place: "empty", mail: false, js: false }, async ({ page, server }) => {
    await setUp(page, server);
    await page.goto("/account/passkeys/new");
    assert.match(await page.locator("main").innerText(), /Making a passkey needs JavaScript/);
    await page.goto("/sign-in?next=/account");
    await sees(page, "Send me a link");
    assert.equal(await page.getByRole("button", { name: "Use a passkey" }).count(), 0);
});
