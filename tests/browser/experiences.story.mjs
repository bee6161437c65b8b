// The experience board: ask for a place in a sentence, hear yes, put it into a plan or say what came of it.

import { assert, axe, fill, press, sees, story } from "./story.mjs";
import { isWide } from "./pages.mjs";

for (const look of [{ width: 390 }, { js: false, width: 390, colour: "dark" }]) {
    const said = look.js === false ? ", without JavaScript and in the dark" : "";

    story(`P37: somebody finds something to try for real, has a place in it and says what came of it, on a telephone${said}`, { ...look }, async ({ person }) => {
        const duarte = await person("Duarte", look);
        await duarte.goto("/experiences/new");
        await axe(duarte);
        await duarte.locator("label", { hasText: "Shadow somebody" }).click();
        await fill(duarte, "In one line", "A morning in the workshop");
        await fill(duarte, /What does somebody do there/, "You take one chair apart and put it together again.");
        await fill(duarte, "When, and for how long?", "A Saturday, eight to noon");
        await fill(duarte, /^A skill it builds/, "Carpentry");
        await press(duarte, "Put it on the board");
        await sees(duarte, "It is on the board. You hear when somebody asks.");
        await axe(duarte);
        const offer = new URL(duarte.url()).pathname;

        const amina = await person("Amina", look);
        await amina.goto("/experiences");
        await axe(amina);
        assert.equal(await isWide(amina), 0);
        await amina.getByLabel("What", { exact: true }).selectOption("shadow");
        if (look.js === false) await press(amina, "Show these");
        await sees(amina, "A morning in the workshop");
        await amina.getByText("Hear your own page read aloud").waitFor({ state: "detached" });
        await amina.getByRole("link", { name: "A morning in the workshop" }).click();
        await sees(amina, "You take one chair apart");
        await axe(amina);
        // One sentence, and one press.
        await fill(amina, "Why this, in a sentence", "I have only ever taught how things hold together.");
        await press(amina, "Ask for a place");
        await sees(amina, "You hear as soon as there is an answer.");
        await axe(amina);
        const place = new URL(amina.url()).pathname;

        await duarte.goto(offer);
        await sees(duarte, "I have only ever taught how things hold together.");
        await duarte.getByRole("link", { name: "Amina" }).first().click();
        await axe(duarte);
        await duarte.locator("#answer-yes").fill("Wear something old.");
        await press(duarte, "Give Amina a place");
        await sees(duarte, "They have the place and know it.");

        await amina.goto("/experiences");
        await sees(amina, "full");
        await amina.goto(place);
        await sees(amina, "Wear something old.");
        await axe(amina);
        // It closes only with a note, and the note is hers.
        await press(amina, "It is done");
        await sees(amina, "What came of it? A sentence is enough");
        await fill(amina, "What came of it?", "One screw was left over, and it still holds.");
        await press(amina, "It is done");
        await sees(amina, "One screw was left over, and it still holds.");
        await axe(amina);
        assert.equal(await isWide(amina), 0);
        await duarte.goto(place);
        await sees(duarte, "for Amina to keep or to share");
        await press(amina, "Let Duarte read it");
        await duarte.goto(place);
        await sees(duarte, "One screw was left over, and it still holds.");
    });
}

story("P37: from a skill that is far from the aim, it is one press to a plan for it and one to what is offered", { width: 390 }, async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto("/records/gaps");
    await amina.getByRole("link", { name: "Try it for real" }).first().click();
    await sees(amina, "What people here offer");
    assert.notEqual(await amina.getByLabel("A skill it builds").inputValue(), "");
    await amina.goto("/records/gaps");
    await amina.getByRole("link", { name: "Begin a plan for it" }).first().click();
    await amina.getByRole("link", { name: "An empty plan" }).click();
    assert.match(await amina.getByLabel(/The other goal|What do you want to be able to do/).inputValue(), /^Get further with \w/);
    await press(amina, "Make the plan");
    await sees(amina, "Nothing in it yet");
    // On paper there is the plan, and nothing to press.
    await amina.emulateMedia({ media: "print" });
    assert.equal(await amina.getByText("Who sees it and writes in it?").isVisible(), false);
    assert.equal(await amina.getByRole("heading", { level: 1 }).isVisible(), true);
});
