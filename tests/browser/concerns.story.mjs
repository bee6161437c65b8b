// When something is not right.

import { axe, fill, lacks, press, sees, story } from "./story.mjs";
import { opens } from "./verbs.mjs";

story("P32: a concern goes from raising to decision, and the other learns no reason", { width: 390 }, async ({ person, page }) => {
    const amina = await person("Amina");
    await amina.goto("/relationships");
    await amina.getByRole("link", { name: /Tomáš/ }).first().click();
    const relationship = new URL(amina.url()).pathname;
    await press(amina, "Something is not right");
    await fill(amina, /What happened/, "He writes to me in the night and will not stop.");
    await amina.getByRole("radio", { name: /Stop contact now/ }).check();
    await opens(amina, "Attach what you wrote to each other");
    await amina.locator("[name=attached]").first().check();
    await axe(amina);
    await press(amina, "Raise this concern");
    await sees(amina, "It is raised, and contact is stopped.");
    const concern = new URL(amina.url()).pathname;
    await axe(amina);

    const tomas = await person("Tomáš");
    await tomas.goto(relationship);
    await sees(tomas, /frozen|stands still|paused/i);
    await lacks(tomas, /in the night/);
    await tomas.goto("/concerns");
    await sees(tomas, "Nothing raised");

    // Who looks after concerns reads it only after opening it, which is written down.
    const root = await person("Henrik");
    await root.goto("/today");
    await sees(root, "A concern waits");
    await root.goto(concern);
    await lacks(root, /in the night/);
    await axe(root);
    await press(root, "Open this concern");
    await sees(root, /in the night/);
    await press(root, "Tell them that you have read it");
    await fill(root, /^To Amina/, "You were right to say so. You need not meet him again.");
    await axe(root);
    await press(root, "Decide this");
    await sees(root, "Decided. Each side reads the words to them.");

    await amina.reload();
    await sees(amina, "You need not meet him again.");
    await sees(amina, "contact is stopped");
    await page.goto("/conduct");
    await sees(page, /raise a concern/);
});
