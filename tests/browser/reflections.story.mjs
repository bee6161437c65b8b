// Reflections: written with the network gone in the middle, shared by the line, and back again.

import { assert, axe, fill, press, sees, lacks, story, until } from "./story.mjs";

const kept = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("reflection:")).length);

story("P39: a reflection is written on a phone while the network goes, and nothing is lost", { width: 390 }, async ({ person }) => {
    const sam = await person("Sam");
    await sam.goto("/reflections/new?model=three_steps");
    await axe(sam);
    const [what, , now] = [0, 1, 2].map((n) => sam.locator(`textarea[name=text-${n}]`));
    await what.fill("She asked what I would do, ");
    await sees(sam, "Kept in this browser until you press “Keep it”, or sign out.");
    await sam.context().setOffline(true);
    await what.press("End");
    await sam.keyboard.type("and I knew.", { delay: 5 });
    await now.fill("Say it aloud sooner.");
    await sees(sam, "You are offline. Kept in this browser, until you are back");
    await axe(sam);
    // Reloading finds no network, and what was typed is there afterwards.
    await sam.reload().catch(() => {});
    await sam.context().setOffline(false);
    await sam.goto("/reflections/new?model=three_steps");
    assert.equal(await what.inputValue(), "She asked what I would do, and I knew.");
    assert.equal(await now.inputValue(), "Say it aloud sooner.");
    // Sent while there is no network, it waits and goes by itself.
    await sam.context().setOffline(true);
    await sam.getByRole("button", { name: "Keep it" }).click();
    await sees(sam, "You are offline. Kept in this browser, and sent when you are back.");
    await sam.keyboard.press("Escape");
    await now.press("End");
    await sam.keyboard.type(" Every time.");
    await sam.context().setOffline(false);
    await until("it to be kept", () => /\/reflections\/[0-9a-f-]+$/.test(sam.url()));
    for (const words of ["and I knew.", "Say it aloud sooner. Every time."]) await sees(sam, words);
    await until("nothing to be kept in the browser that has arrived", async () => (await kept(sam)) === 0);
    await axe(sam);
});

story("P39: the page is closed before it was sent, and what was written arrives later or is gone on with", { width: 390 }, async ({ person }) => {
    const sam = await person("Sam");
    await sam.goto("/reflections/new?model=free");
    await sam.context().setOffline(true);
    await sam.locator("textarea").fill("Written in the tunnel.");
    await sam.getByRole("button", { name: "Keep it" }).click();
    await sees(sam, "sent when you are back");
    const context = sam.context();
    await sam.close();
    const other = await context.newPage();
    await context.setOffline(false);
    // Another that was only begun.
    await other.goto("/reflections/new?model=surprise");
    await sees(other, "What you wrote while you were offline has arrived");
    await other.locator("textarea").first().fill("That it was easy");
    await other.close();
    const third = await context.newPage();
    await third.goto("/reflections");
    await sees(third, "Written in the tunnel.");
    await sees(third, "“That it was easy”");
    await axe(third);
    await press(third, "Go on with it");
    assert.equal(await third.locator("textarea").first().inputValue(), "That it was easy");
    await press(third, "Keep it");
    await sees(third, "That it was easy");
    // Signing out throws away what was never sent.
    await third.goto("/reflections/new?model=free");
    await third.locator("textarea").fill("Nobody else's");
    assert.equal(await kept(third), 1);
    await third.locator(".viewer-menu summary").click();
    await press(third, "Sign out");
    await until("to be signed out", async () => (await third.getByRole("link", { name: "Sign in" }).count()) > 0);
    assert.equal(await kept(third), 0);
});

story("P39: lines are chosen, looked at as the partner will see them, shared and taken back, without JavaScript", { js: false }, async ({ person }) => {
    const [amina, tomas] = [await person("Amina"), await person("Tomáš")];
    await amina.goto("/reflections");
    await fill(amina, "What is on your mind?", "He waited.\nI was glad of it.");
    await press(amina, "Keep it");
    await sees(amina, "Kept. Only you see it.");
    const here = amina.url();
    await amina.locator("summary", { hasText: "Share lines of it" }).click();
    await press(amina, "With Tomáš");
    await amina.getByLabel("I was glad of it.").check();
    await press(amina, "See what Tomáš will read");
    await sees(amina, "This is what Tomáš will read");
    await lacks(amina, "He waited.");
    await axe(amina);
    await press(amina, "Share exactly this");
    await tomas.goto("/relationships");
    const meet = await tomas.locator("main a[href^='/relationships/']").filter({ hasText: "Amina" }).first().getAttribute("href");
    await tomas.goto(`${meet}/reflections`);
    await sees(tomas, "I was glad of it.");
    await lacks(tomas, "He waited.");
    await axe(tomas);
    await amina.goto(here);
    await press(amina, "Take it all back Tomáš");
    await tomas.reload();
    await lacks(tomas, "I was glad of it.");
});
