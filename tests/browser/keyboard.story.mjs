// Without a mouse.

import { assert, focused, key, press, sees, story, until } from "./story.mjs";
import { LETTER, pageOf } from "./verbs.mjs";

story("the keyboard reaches everything, and one always sees where one is", async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto("/today");
    await key(amina, "Tab");
    assert.equal(await focused(amina), "Skip to the page");
    await key(amina, "Enter");
    assert.equal(await amina.evaluate(() => document.activeElement.id), "main");

    // Each stop shows where it is: an outline, or a shadow in its place.
    for (const page of ["/today", "/find", "/asks", "/profile", "/account"]) {
        await amina.goto(page);
        for (let stops = 0; stops < 25; stops += 1) {
            await key(amina, "Tab");
            const stop = await amina.evaluate(() => {
                const it = document.activeElement;
                if (!it || it === document.body) return undefined;
                const drawn = (s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
                // A link that covers its row shows its focus on what covers it.
                const shows = (of) => drawn(getComputedStyle(of)) || drawn(getComputedStyle(of, "::after"));
                const box = it.getBoundingClientRect();
                // A control drawn by its label shows its focus there.
                const seen = [it, ...(it.labels ?? []), it.nextElementSibling, it.parentElement].filter(Boolean).some(shows);
                return { name: it.outerHTML.slice(0, 120), seen, there: box.width > 0 && box.height > 0 };
            });
            if (!stop) break;
            assert.ok(stop.seen && stop.there, `on ${page} the focus cannot be seen on ${stop.name}`);
        }
    }
});

story("the keys lead where the list of keys says", async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto("/asks");
    for (const [second, place] of [["t", "/today"], ["f", "/find"], ["r", "/asks"], ["p", "/relationships"], ["g", "/goals"], ["n", "/notices"]]) {
        await key(amina, "g");
        await key(amina, second);
        await until(`g ${second} to lead to ${place}`, () => new URL(amina.url()).pathname === place);
        await amina.waitForLoadState("load");
    }
    await key(amina, "?");
    await sees(amina, "Close what is open");
    await key(amina, "Escape");
    await until("the list to close", () => amina.evaluate(() => !document.querySelector("dialog[open]")));
    await key(amina, "/");
    await until("the search box", () => new URL(amina.url()).pathname === "/find");
    await amina.waitForLoadState("load");
    await key(amina, "/");
    assert.equal(await amina.evaluate(() => document.activeElement.name), "q");
    // Someone who types is not taken away.
    await amina.keyboard.type("g t ? /");
    assert.equal(await amina.locator("[name=q]").inputValue(), "g t ? /");
});

story("P16: a request is written, sent and answered without a mouse", async ({ person }) => {
    const priya = await person("Priya");
    await priya.goto(await pageOf(priya, "Lea"));
    await presses(priya, "Ask Lea for help");
    for (const words of Object.values(LETTER)) {
        await to(priya, (it) => it.tagName === "TEXTAREA" && !it.value);
        await priya.keyboard.type(words);
    }
    await presses(priya, "Send the letter");
    await sees(priya, "Your letter is on its way.");

    const lea = await person("Lea");
    await lea.goto(new URL(priya.url()).pathname);
    await presses(lea, "Decline kindly", "Space");
    await to(lea, (it) => it.name === "reason");
    await key(lea, "ArrowDown");
    await presses(lea, "Decline");
    await sees(lea, "Thank you for answering.");
});

// Goes on with Tab until it stands where it should.
async function to(page, is, most = 80) {
    for (let n = 0; n < most; n += 1) {
        await key(page, "Tab");
        if (await page.evaluate(`(${is})(document.activeElement)`)) return;
    }
    throw new Error(`${page.url()}: Tab never comes to ${is}; it stands on "${await focused(page)}"`);
}

async function presses(page, name, by = "Enter") {
    for (let n = 0; n < 80; n += 1) {
        await key(page, "Tab");
        if ((await focused(page)) === name) {
            const before = page.url();
            await key(page, by);
            await page.waitForLoadState("load");
            if (by === "Enter") await until("the press to lead on", () => page.url() !== before || page.getByText("Thank you").count());
            return;
        }
    }
    throw new Error(`${page.url()}: Tab never comes to "${name}"`);
}
