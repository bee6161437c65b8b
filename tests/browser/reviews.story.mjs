// A review: several people outside answer by their links, and nothing of it is seen before its day.

import { assert, axe, fill, lacks, press, sees, story } from "./story.mjs";
import { path } from "./verbs.mjs";

story("P02: a review is answered on a phone without an account and without JavaScript, and nobody is told", async ({ person, open, mail }) => {
    const tomas = await person("Tomáš");
    await tomas.goto("/reviews/new");
    await axe(tomas);
    const others = ["ona", "piet", "rui", "sanne"];
    await tomas.locator("[name=behaviour_0]").fill("Listens to the end of a sentence");
    await tomas.locator("[name=own_0]").selectOption("4");
    await fill(tomas, /^A question/, "What should I go on doing?");
    await fill(tomas, /Others, one a line/, others.slice(0, 2).map((name) => `${name} ${name}@works.example`).join("\n"));
    await press(tomas, "Begin, and send the letters");
    await sees(tomas, "at least 4 people");
    await fill(tomas, /Others, one a line/, others.map((name) => `${name} <${name}@works.example>`).join("\n"));
    await press(tomas, "Begin, and send the letters");
    await sees(tomas, "Until then nothing is shown to anybody");
    await axe(tomas);
    const review = new URL(tomas.url()).pathname;

    for (const [at, name] of others.entries()) {
        const letter = await mail.to(`${name}@works.example`, /asks how you see it/);
        const door = await open({ width: 390, js: false });
        const link = path(letter.link("/reviews/answer/"));
        await door.goto(link);
        await sees(door, "has asked 4 people");
        if (at === 0) await axe(door);
        await door.locator(`[name=level_0][value='${at === 0 ? 5 : 4}']`).check({ force: true });
        if (at < 2) await fill(door, /What should I go on doing/, "Asking what I mean.");
        await press(door, "Send it");
        await sees(door, "Thank you");
        if (at === 0) await axe(door);
        await door.goto(link);
        await lacks(door, "Asking what I mean.");
        await door.context().close();
        await tomas.goto(review);
        await lacks(tomas, "people answered");
    }
    await tomas.goto("/notices");
    assert.ok(!(await tomas.locator("main").innerText()).includes("review"));
    await tomas.goto(review);
    await tomas.locator("summary", { hasText: "Delete all of it" }).click();
    await press(tomas, "Delete all of it");
    await sees(tomas, "All of it is gone.");
});

story("P02: what several people see is read on a phone, and counts beside one's own view", { width: 390 }, async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto("/reviews");
    await axe(amina);
    await amina.locator("main a[href^='/reviews/']").filter({ hasText: "Closed on" }).first().click();
    await sees(amina, "5 people answered");
    await sees(amina, "Where they see you strong");
    await axe(amina);
    await amina.goto("/records/gaps");
    await sees(amina, "Others see:");
    await axe(amina);
});
