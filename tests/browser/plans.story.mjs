// Plans: one from a template in a few presses, written by two at once, and something to try that closes with a note.

import { assert, axe, fill, press, sees, story } from "./story.mjs";
import { isWide } from "./pages.mjs";

for (const look of [{ width: 390 }, { js: false, width: 390, colour: "dark" }]) {
    const said = look.js === false ? ", without JavaScript and in the dark" : "";

    story(`P34: a plan is made from a template in four steps and is reached on evidence, on a telephone${said}`, { ...look }, async ({ person }) => {
        const amina = await person("Amina", look);
        await amina.goto("/plans");
        await axe(amina);
        // From “I have none” to a plan with its days: three presses and one sentence. The bar is five minutes.
        let steps = 0;
        const step = async (deed) => { steps += 1; await deed; };
        await step(amina.getByRole("link", { name: "Make a plan" }).first().click());
        await sees(amina, "Choose what comes nearest");
        await axe(amina);
        await step(amina.getByRole("link", { name: "Speaking in public" }).click());
        await sees(amina, "Hours a week you have for it");
        await axe(amina);
        await amina.getByRole("radio", { name: "For another one, which I say here" }).check();
        await step(fill(amina, /The other goal/, "Tell the parents’ evening about the buses"));
        await step(press(amina, "Make the plan"));
        await sees(amina, "1. I have told one thing to a few people, standing");
        assert.ok(steps <= 4, `${steps} steps`);
        await sees(amina, /by \d+ \w+ \d{4}/);
        await axe(amina);
        assert.equal(await isWide(amina), 0);
        const plan = new URL(amina.url()).pathname;

        // A tick is not enough.
        await amina.getByRole("link", { name: /^It is reached/ }).first().click();
        await press(amina, "It is reached");
        await sees(amina, "By what would somebody else see that it is reached?");
        await axe(amina);
        await fill(amina, "By what would somebody else see it?", "Léa told me that she had retold it.");
        await press(amina, "It is reached");
        await sees(amina, "Léa told me that she had retold it.");
        await sees(amina, "1 of 3");

        // Everything can be changed.
        await amina.getByRole("link", { name: /Watch three talks/ }).click();
        await amina.locator("summary", { hasText: "Change it" }).click();
        await fill(amina, "What exactly?", "Watch one talk, twice");
        await press(amina, "Keep it like this");
        await sees(amina, "Watch one talk, twice");
        assert.equal(new URL(amina.url()).pathname, plan);
        await axe(amina);
    });
}

story("P34: two who write in one plan at the same moment lose nothing", async ({ person }) => {
    const [amina, tomas] = [await person("Amina"), await person("Tomáš")];
    await amina.goto("/plans");
    await amina.locator("main li.row").filter({ hasText: "Next:" }).locator("a").first().click();
    const plan = new URL(amina.url()).pathname;
    await sees(amina, /Only you and Tomáš/);
    await axe(amina);
    const opens = async (page) => {
        await page.goto(plan);
        await page.getByRole("link", { name: /Learn what the small thing needs/ }).click();
        await page.locator("summary", { hasText: "Change it" }).click();
    };
    await opens(amina);
    await opens(tomas);
    await fill(tomas, "What exactly?", "Learn to draw one chart, and no more");
    await press(tomas, "Keep it like this");
    await sees(tomas, "Learn to draw one chart, and no more");
    await fill(amina, "What exactly?", "Learn how to group and count");
    await press(amina, "Keep it like this");
    await sees(amina, "Both texts are here");
    await sees(amina, "Learn to draw one chart, and no more");
    assert.equal(await amina.locator("input[name=title]").inputValue(), "Learn how to group and count");
    await axe(amina);
    await fill(amina, "What exactly?", "Learn to group, to count, and to draw one chart");
    await press(amina, "Keep it like this");
    // His page, which he left open, shows it by itself.
    await sees(tomas, "Learn to group, to count, and to draw one chart");
});

story("P37: something to try is suggested, taken into the plan, and closes with what came of it", { width: 390 }, async ({ person }) => {
    const [amina, tomas] = [await person("Amina"), await person("Tomáš")];
    await tomas.goto("/relationships");
    await tomas.getByRole("link", { name: /Amina/ }).first().click();
    await tomas.locator("main a[href^='/plans/']").first().click();
    await sees(tomas, "Amina’s plan");
    await axe(tomas);
    await press(tomas, "Suggest something to try");
    await axe(tomas);
    await tomas.getByRole("radio", { name: /Shadow somebody/ }).check();
    await fill(tomas, "What exactly?", "Come along to the depot on Tuesday");
    await press(tomas, "Suggest it to Amina");
    await sees(tomas, "Come along to the depot on Tuesday");

    await amina.goto("/notices");
    await amina.getByText("Tomáš suggests something to try").first().click();
    await sees(amina, "Will you try it?");
    await axe(amina);
    await press(amina, "Take it into the plan");
    await sees(amina, "It is in your plan.");
    await amina.getByRole("link", { name: /Come along to the depot/ }).click();
    await press(amina, "It is done");
    await sees(amina, "What came of it? A sentence is enough");
    await fill(amina, "What came of it?", "They repair at night. I would not like that.");
    await press(amina, "It is done");
    await tomas.goto("/notices");
    await sees(tomas, "Amina tried what you suggested");
});
