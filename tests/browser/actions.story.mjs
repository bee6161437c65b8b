// What people take on between sessions, and how they say how it went.

import { assert, axe, fill, lacks, press, sees, story } from "./story.mjs";
import { opens, path } from "./verbs.mjs";

story("P41: a check-in is answered from the letter, on a telephone", { width: 390 }, async ({ person, open, mail }) => {
    // Her day was the day before yesterday, so she is asked.
    const letter = await mail.to("amina@", /How did it go with what you took on/);
    assert.match(letter.text, /late arrivals/);
    assert.match(letter.text, /If the bell rings for the long break, then I walk to the office/);
    const door = await open();
    await door.goto(path(letter.links.find((one) => one.includes("/letters/"))));
    await sees(door, "You are answering as Amina");
    await sees(door, /late arrivals/);
    await axe(door);
    await fill(door, /How was it/, "They gave me the whole list.");
    await press(door, "Yes, do this");
    await sees(door, "Well done. It is written down.");

    const tomas = await person("Tomáš");
    await tomas.goto("/notices");
    await sees(tomas, /has done what they took on/);
    const amina = await person("Amina");
    await amina.goto("/actions");
    await axe(amina);
    await amina.getByRole("link", { name: /late arrivals/ }).click();
    await sees(amina, "They gave me the whole list.");
    await sees(amina, "It is done.");
});

for (const look of [{}, { js: false, width: 390, colour: "dark" }]) {
    const said = look.js === false ? ", without JavaScript and on a small screen" : "";

    story(`P41: what is taken on moves to another day, without shame${said}`, { ...look }, async ({ person }) => {
        const amina = await person("Amina", look);
        await amina.goto("/relationships");
        await amina.getByRole("link", { name: /Tomáš/ }).first().click();
        await sees(amina, "What each will do");
        await amina.getByRole("link", { name: "Actions", exact: true }).click();
        await fill(amina, /What will you do/, "Read the chapter on missing values");
        await opens(amina, "Make an if-then plan");
        await fill(amina, /^If/, "the tram leaves the harbour");
        await fill(amina, /then I/, "open the book before my telephone");
        await amina.getByRole("radio", { name: /A letter once a week/ }).check();
        await axe(amina);
        await press(amina, "Take this on");
        await sees(amina, "You have taken it on.");
        await amina.getByRole("link", { name: /missing values/ }).click();
        await sees(amina, "If the tram leaves the harbour, then I open the book before my telephone.");
        await opens(amina, "Not yet: another day, or a smaller step");
        await fill(amina, /What got in the way/, "The tram was full.");
        await axe(amina);
        await press(amina, "Move it");
        await sees(amina, /Moved once/);
        for (const harsh of [/overdue/i, /streak/i, /score/i]) await lacks(amina, harsh);
    });
}
