// Worksheets: put together with a formula and without code, given, filled in on a phone, and followed over time.

import { axe, fill, lacks, press, sees, story } from "./story.mjs";

story("P40: a coach makes a worksheet with a formula; it is filled in twice on a phone and makes a line", async ({ person }) => {
    const [tomas, amina] = [await person("Tomáš"), await person("Amina", { width: 390 })];
    await tomas.goto("/worksheets");
    await press(tomas, "Make a worksheet");
    await fill(tomas, "What is it called?", "Queries by myself");
    await press(tomas, "Go on to the questions");
    const add = async (kind, ask, more = async () => {}) => {
        await tomas.locator(`main a[href$="?kind=${kind}"]`).click();
        await fill(tomas, /What do you ask|What is it called/, ask);
        await more();
        await axe(tomas);
        await press(tomas, "Add it");
        await sees(tomas, ask);
    };
    await add("number", "Questions you had");
    await add("number", "Questions you answered by a query");
    await add("words", "Which one was hard?");
    await add("computed", "How many of them", async () => {
        await fill(tomas, "How is it worked out?", "percent(B, C)");
        await press(tomas, "Add it");
        await sees(tomas, "C is not a number, so nothing can be worked out from it.");
        await fill(tomas, "How is it worked out?", "percent(B, A)");
        await fill(tomas, /Counted in what/, "of 100");
        await tomas.getByLabel("Follow it over time").check({ force: true });
    });
    await sees(tomas, "= percent(B, A), of 100");
    await press(tomas, "Give it");
    await tomas.locator("label", { hasText: "Amina" }).first().click();
    await tomas.locator("select[name=again]").selectOption("7");
    await axe(tomas);
    await press(tomas, "Give it");
    await sees(tomas, "has not handed it in yet");
    const given = new URL(tomas.url()).pathname;

    await amina.goto(given);
    await fill(amina, "Questions you had", "4");
    await press(amina, "Keep it for later");
    await sees(amina, "B has no answer yet");
    await axe(amina);
    await tomas.goto(given);
    await lacks(tomas, "4");
    const fillIn = async (had, answered) => {
        await fill(amina, "Questions you had", had);
        await fill(amina, "Questions you answered by a query", answered);
        await press(amina, "Hand it in");
    };
    await fillIn("4", "1");
    await sees(amina, "25 of 100");

    await tomas.goto(given);
    await sees(tomas, "25 of 100");
    await tomas.locator("summary", { hasText: "A word beside it" }).nth(1).click();
    await fill(tomas, /Beside “Questions you answered/, "One more than in October.");
    await axe(tomas);
    await press(tomas, "I have read it");
    await amina.goto("/notices");
    await sees(amina, "Tomáš has written beside your answers");
    await amina.goto(given);
    await sees(amina, "One more than in October.");

    // The next one is there by itself; filled in, there is a line for both.
    await amina.goto("/worksheets");
    await amina.locator("main a").filter({ hasText: "Queries by myself" }).first().click();
    await fillIn("6", "3");
    await sees(amina, "50 of 100");
    await amina.goto("/growth");
    await sees(amina, "Queries by myself: How many of them (of 100)");
    await axe(amina);
    await tomas.goto("/relationships");
    await tomas.locator("main a[href^='/relationships/']").filter({ hasText: "Amina" }).first().click();
    await press(tomas, "Worksheets");
    await sees(tomas, "Queries by myself: How many of them (of 100), Amina");
});
