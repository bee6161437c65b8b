// The skills record: a level is said, a partner sees it otherwise, and the learner decides what stands.

import { axe, fill, lacks, press, sees, story } from "./story.mjs";

story("P36: a learner asks a partner about a skill, who sees another level on a phone, and decides what stands", async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto("/records");
    await axe(amina);
    await press(amina, "Add a skill");
    await fill(amina, "Skill", "Storytelling");
    await amina.locator("[name=level][value='2']").check({ force: true });
    await fill(amina, /What shows it/, "The end-of-year speech that made the caretaker laugh.");
    await axe(amina);
    await press(amina, "Put it into the record");
    await sees(amina, "self-rated");
    await axe(amina);
    const skill = new URL(amina.url()).pathname;
    await amina.locator("[name=of]").first().check({ force: true });
    await press(amina, "Ask");
    await sees(amina, "You asked Tomáš");

    const tomas = await person("Tomáš", { width: 390 });
    await tomas.goto("/notices");
    await tomas.locator("main button, main a").filter({ hasText: "Amina asks you about a skill: Storytelling" }).first().click();
    await sees(tomas, "made the caretaker laugh");
    await axe(tomas);
    await tomas.locator("summary", { hasText: "I see another level" }).click();
    await tomas.locator("[name=level][value='4']").check({ force: true });
    await fill(tomas, "Why?", "You found the one sentence that everybody remembers.");
    await press(tomas, "Say so");
    await sees(tomas, "decides what stands");

    await amina.goto(skill);
    await amina.locator("main a[href^='/records/asked/']").first().click();
    await sees(amina, "the one sentence that everybody remembers");
    await axe(amina);
    await press(amina, "Let “does it well” stand");
    await sees(amina, "confirmed by Tomáš");
    await press(amina, "Show it on your profile");
    await sees(amina, "Take it off your profile");
    await press(amina, "Take it off your profile");
    await lacks(amina, "Take it off your profile");
});

story("P02: the way from here to an aim is shown skill by skill, on a phone", { width: 390 }, async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto("/records/gaps");
    await sees(amina, "Data analyst in a school authority");
    await axe(amina);
    await press(amina, "Name an aim");
    await axe(amina);
    await press(amina, "Facilitator");
    await fill(amina, "What is it called?", "Somebody who leads our staff meetings");
    await press(amina, "Keep it");
    await sees(amina, "Somebody who leads our staff meetings");
    await sees(amina, "You have not said yet where you are");
    await axe(amina);
});
