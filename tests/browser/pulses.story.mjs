// How it goes between two people: each says so alone, then both read it.

import { axe, fill, lacks, press, sees, story } from "./story.mjs";

for (const js of [true, false]) {
    story(`P45: she says how it goes, and only then reads what he said${js ? "" : ", without JavaScript"}`, async ({ person }) => {
        const amina = await person("Amina", { width: 390, js });
        await amina.goto("/today");
        await sees(amina, "How is it going with Tomáš?");
        await press(amina, /^Answer the questions/);
        await lacks(amina, "the evening before");
        await axe(amina);
        await amina.getByRole("group", { name: "We work on what matters to me" }).getByRole("radio", { name: "Fully" }).check();
        await fill(amina, /One thing you would like to change/, "Ten minutes more at the end.");
        for (const question of [/helps me with it/, /say openly/, /does not suit me/]) {
            await amina.getByRole("group", { name: question }).getByRole("radio", { name: "Mostly" }).check();
        }
        await press(amina, "Keep my answers");
        await sees(amina, "Thank you.");
        await sees(amina, "the evening before");
        await axe(amina);
        await amina.getByRole("button", { name: /^Put it on the agenda.*evening before/ }).click();
        await sees(amina, "It stands on the agenda of your next session.");

        const tomas = await person("Tomáš", { width: 1280, colour: "dark", js });
        await tomas.goto(new URL(amina.url()).pathname);
        await sees(tomas, "Ten minutes more at the end.");
        await axe(tomas);
        const rosa = await person("Rosa");
        await rosa.goto("/pulse");
        await sees(rosa, "No quarter to show yet");
        await axe(rosa);
    });
}
