// The experiments log: think something, try it in small, and write down what came of it, on a phone.

import { axe, fill, press, sees, story } from "./story.mjs";

story("P03: somebody tries something in small, shares it, and writes down what they learned, on a phone", { width: 390 }, async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto("/experiments");
    await sees(amina, "They look if nobody makes them.");
    await axe(amina);
    await press(amina, "Try something");
    await fill(amina, "I think that …", "nobody will answer a question in the group");
    await fill(amina, "So I will …", "ask one that I cannot answer myself");
    await amina.locator("label", { hasText: "Tomáš and I" }).click();
    await axe(amina);
    await press(amina, "Try it");
    await sees(amina, "Go and see. It comes back on its day.");
    await axe(amina);
    const here = new URL(amina.url()).pathname;

    const tomas = await person("Tomáš");
    await tomas.goto("/notices");
    await sees(tomas, "Amina tries something out");
    await tomas.goto(here);
    await sees(tomas, "nobody will answer a question in the group");

    await amina.locator("summary", { hasText: "Look at it now" }).click();
    await amina.locator("label", { hasText: "Otherwise than I thought" }).click();
    await fill(amina, "What did you learn?", "They had the same question.");
    await press(amina, "Keep what I learned");
    await sees(amina, "Now you know something you did not know before.");
    await axe(amina);
    await amina.goto("/growth");
    await sees(amina, "They had the same question.");
    await tomas.goto(here);
    await sees(tomas, "They had the same question.");
});
