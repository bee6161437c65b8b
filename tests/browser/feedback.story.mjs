// Feedback: asked of somebody outside, answered by the link, and tried; asked of a partner, and closed.

import { assert, axe, fill, lacks, press, sees, story } from "./story.mjs";
import { path } from "./verbs.mjs";

story("P44: feedback is asked of somebody outside, answered by the link on a phone without JavaScript, and tried", async ({ person, open, mail }) => {
    const amina = await person("Amina");
    await amina.goto("/feedback/new");
    await axe(amina);
    await amina.locator("select[name=pin]").selectOption({ index: 1 });
    await fill(amina, "Your question", "When I showed you the chart, where did I lose you?");
    await amina.locator("[name=of][value=outside]").check({ force: true });
    await amina.locator("summary", { hasText: "For somebody without an account" }).click();
    await fill(amina, /Their name/, "Carla Nunes");
    await fill(amina, /Their e-mail address/, "carla@school.example");
    await press(amina, "Ask");
    await sees(amina, "You asked Carla Nunes");
    await axe(amina);
    const feedback = new URL(amina.url()).pathname;

    const letter = await mail.to("carla@school.example", /asks for your feedback/);
    const door = await open({ width: 390, js: false });
    const link = path(letter.link("/feedback/answer/"));
    await door.goto(link);
    await sees(door, "When I showed you the chart, where did I lose you?");
    await axe(door);
    await fill(door, "When and where was it?", "On Monday, in the office.");
    await fill(door, /What did Amina do or say/, "You began with the numbers.");
    await fill(door, "What did it do?", "I did not know yet what they were about.");
    await press(door, "Send it to Amina");
    await sees(door, "Thank you");
    await axe(door);
    await door.goto(link);
    await lacks(door, "You began with the numbers.");

    await amina.goto("/today");
    await press(amina, "Read and answer Carla Nunes gave you feedback");
    await sees(amina, "I did not know yet what they were about.");
    await axe(amina);
    await press(amina, "Thank Carla Nunes");
    await amina.locator("summary", { hasText: /^Try it$/ }).click();
    await fill(amina, "What will you try?", "Begin with the question");
    await fill(amina, "If …", "I show a chart");
    await fill(amina, "then I …", "say which question it answers");
    await press(amina, "Try it");
    await sees(amina, "You are trying it.");
    await press(amina, "What you have taken on for it");
    await sees(amina, "If I show a chart, then I say which question it answers.");
    await amina.goto(feedback);
    await fill(amina, "In your own words", "The director asked a question back, for the first time.");
    await press(amina, "Tell Carla Nunes");
    const last = await mail.to("carla@school.example", /What came of your feedback/);
    assert.match(last.text, /The director asked a question back/);
});

story("P26: feedback from a partner is read after a short lesson, and declined with why, on a phone", { width: 390 }, async ({ person }) => {
    const [amina, tomas] = [await person("Amina"), await person("Tomáš")];
    await amina.goto("/feedback");
    await axe(amina);
    await amina.locator("main a[href^='/feedback/']").filter({ hasText: "From Tomáš" }).first().click();
    await sees(amina, "What do you do with it?");
    await amina.locator("summary", { hasText: "Decline it, and say why" }).click();
    await fill(amina, "Why?", "I want to keep some decisions light.");
    await axe(amina);
    await press(amina, "Decline it");
    await sees(amina, "You have declined it, and said why.");
    const here = new URL(amina.url()).pathname;
    await tomas.goto("/notices");
    await sees(tomas, "Amina has thought about what you said, and decided otherwise");
    await tomas.goto(here);
    await sees(tomas, "I want to keep some decisions light.");
    await axe(tomas);
});
