// How far goals have come: five levels, a rating that two agree on, how sure somebody is, and what changed.

import { assert, axe, fill, lacks, press, sees, story } from "./story.mjs";
import { isWide } from "./pages.mjs";

for (const look of [{ width: 390 }, { js: false, width: 390, colour: "dark" }]) {
    const said = look.js === false ? ", without JavaScript and in the dark" : "";

    story(`P35: two agree how far a goal has come, on a telephone${said}`, { ...look }, async ({ person }) => {
        const amina = await person("Amina", look);
        await amina.goto("/growth");
        await amina.getByRole("link", { name: /^Open/ }).first().click();
        await sees(amina, "How far it has come");
        await sees(amina, /T 54\.0/);
        await axe(amina);
        assert.equal(await isWide(amina), 0);
        await amina.getByRole("link", { name: "Rate it now" }).click();
        await sees(amina, "Tomáš agrees, or says another level.");
        await amina.getByRole("radio", { name: /\+2: much more/ }).first().check();
        await amina.getByRole("radio", { name: /0: as expected/ }).last().check();
        await fill(amina, /In your words/, "The head asked me to look into the buses.");
        await axe(amina);
        await press(amina, "That is how I see it");
        await sees(amina, "It waits for Tomáš");

        const tomas = await person("Tomáš", look);
        await tomas.goto("/today");
        await sees(tomas, /Do you see it so too/);
        await tomas.goto("/relationships");
        await tomas.getByRole("link", { name: /Amina/ }).first().click();
        await tomas.locator("nav.tabs").getByRole("link", { name: "Goals" }).click();
        await tomas.getByRole("link", { name: /question about our school/ }).first().click();
        await sees(tomas, "The head asked me to look into the buses.");
        await axe(tomas);
        await tomas.getByRole("link", { name: "I see it otherwise" }).click();
        await tomas.getByRole("radio", { name: /\+1: more/ }).first().check();
        await tomas.getByRole("radio", { name: /0: as expected/ }).last().check();
        await press(tomas, "That is how I see it");
        await sees(tomas, "You two see it differently");

        // It is there by itself; without JavaScript, when one looks again.
        if (look.js === false) await amina.reload();
        await sees(amina, "You two see it differently");
        await axe(amina);
        await press(amina, "I go with what Tomáš says");
        await sees(amina, /You both agree on it/);

        // How sure, in one press.
        await amina.getByRole("button", { name: "8 of 10" }).click();
        await sees(amina, "Last time: 8.");

        await amina.goto("/growth");
        await sees(amina, "The head asked me to look into the buses.");
        await sees(amina, /not what caused it/);
        await axe(amina);
        assert.equal(await isWide(amina), 0);
        for (const harsh of [/ranking/i, /percentile/i, /better than/i]) await lacks(amina, harsh);
    });
}

story("P03: a goal that two share is taken back, and is one's own again", { width: 390 }, async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto("/growth");
    await amina.getByRole("link", { name: /^Open/ }).first().click();
    await amina.getByRole("radio", { name: /Only I/ }).check();
    await press(amina, "Keep it so");
    await sees(amina, "Only you see it.");
    const there = new URL(amina.url()).pathname;
    const tomas = await person("Tomáš");
    await tomas.goto(there);
    await sees(tomas, /nothing here/i);
});

story("P35: five levels are described before starting", { width: 390 }, async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto("/goals");
    await amina.getByRole("link", { name: /analyst job/ }).first().click();
    await amina.getByRole("link", { name: "Describe five levels" }).click();
    await fill(amina, /What is it about/, "Applications");
    for (const [level, words] of [["−2", "None is written"], ["−1", "One is half written"], ["0", "Three are sent"], ["\\+1", "Somebody invites me"]]) {
        await amina.getByLabel(new RegExp(`^${level}:`)).first().fill(words);
    }
    await press(amina, "Measure it so");
    await sees(amina, "Please fill this in.");
    await axe(amina);
    assert.equal(await amina.getByLabel(/^0:/).first().inputValue(), "Three are sent");
    await amina.getByLabel(/^\+2:/).first().fill("I sign a contract");
    await press(amina, "Measure it so");
    await sees(amina, "Three are sent");
    await sees(amina, "where it began");
    await sees(amina, "Only you");
});
