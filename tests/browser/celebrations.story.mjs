// What was reached on evidence comes to the wall, with a note of the one who was beside it.

import { assert, axe, fill, lacks, press, sees, story } from "./story.mjs";
import { isWide } from "./pages.mjs";

for (const look of [{ width: 390 }, { js: false, width: 390, colour: "dark" }]) {
    const said = look.js === false ? ", without JavaScript and in the dark" : "";

    story(`P42: a milestone that is reached brings a note, and stands on a wall of one's own${said}`, { ...look }, async ({ person }) => {
        const [amina, tomas] = [await person("Amina", look), await person("Tomáš", look)];
        await amina.goto("/plans");
        await amina.locator("main li.row").filter({ hasText: "Next:" }).locator("a").first().click();
        await amina.getByRole("link", { name: /^It is reached/ }).first().click();
        await fill(amina, "By what would somebody else see it?", "The map of late buses hangs in the staff room.");
        await press(amina, "It is reached");
        await sees(amina, "2 of 4");

        await tomas.goto("/notices");
        await tomas.getByText("Amina has reached something").first().click();
        await sees(tomas, "A note to Amina");
        await lacks(tomas, "The map of late buses");
        await axe(tomas);
        assert.equal(await isWide(tomas), 0);
        await fill(tomas, "A note to Amina", "You made it smaller twice. That is why it is there.");
        await press(tomas, "Give it to Amina");
        await sees(tomas, "Your note");

        await amina.goto("/wins");
        await sees(amina, "The map of late buses hangs in the staff room.");
        await sees(amina, "You made it smaller twice. That is why it is there.");
        await axe(amina);
        assert.equal(await isWide(amina), 0);
        await amina.getByRole("link", { name: "I made one small thing of that kind" }).click();
        await axe(amina);
        await amina.getByRole("radio", { name: /Tomáš and I/ }).check({ force: true });
        await press(amina, "Keep it so");
        await sees(amina, "Only you and Tomáš");
        await tomas.reload();
        await sees(tomas, "The map of late buses hangs in the staff room.");

        await amina.goto("/wins/new");
        await fill(amina, "What did you reach?", "I asked for the day off, and got it");
        await press(amina, "Put it on the wall");
        await sees(amina, "What shows it? A sentence or a link is enough");
        await axe(amina);
        await fill(amina, "What shows it?", "I was at the sea.");
        await press(amina, "Put it on the wall");
        await sees(amina, "I was at the sea.");
        await amina.locator("summary", { hasText: "Quiet or not" }).click();
        await press(amina, "Keep it quiet");
        await sees(amina, "It is quiet");
        await axe(amina);
    });
}
