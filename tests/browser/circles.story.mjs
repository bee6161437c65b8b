// A circle: proposed to several, begun by three, left by one.

import { assert, axe, fill, press, sees, story } from "./story.mjs";
import { path } from "./verbs.mjs";

async function invites(page, name) {
    await fill(page, /^Find somebody by name/, name);
    await press(page, "Look");
    await page.getByRole("button", { name: new RegExp(`^Invite.*${name}`) }).first().click();
    await page.getByRole("button", { name: new RegExp(`^Take off.*${name}`) }).waitFor();
}

for (const js of [true, false]) {
    story(`P14: a circle of three begins from the page and from the letter${js ? "" : ", without JavaScript"}, at phone size`, { limit: 120 }, async ({ person, open, mail }) => {
        const amina = await person("Amina", { width: 390, js });
        await amina.goto("/relationships");
        await press(amina, "Start a circle");
        await axe(amina);
        await fill(amina, "What is it called?", "First-time leads");
        await fill(amina, "What is it about?", "Each brings one hard conversation a month.");
        await invites(amina, "Lea");
        await invites(amina, "Sam");
        await press(amina, "Invite them");
        await sees(amina, "proposes it");
        await axe(amina);
        const circle = new URL(amina.url()).pathname;

        const lea = await person("Lea", { width: 390, js });
        await lea.goto(circle);
        await sees(lea, "Each brings one hard conversation a month.");
        await axe(lea);
        await press(lea, "I would like to");
        await sees(lea, "This begins when three of you are in it.");

        const letter = await mail.to("sam@", /would like you in a circle/);
        const door = await open({ width: 390, js });
        await door.goto(path(letter.link("/letters/")));
        await sees(door, "Each brings one hard conversation a month.");
        await press(door, "Yes, do this");
        await sees(door, "You are in it.");

        await amina.goto(circle.replace("circles", "relationships"));
        await sees(amina, "Your circle “First-time leads”");
        await sees(amina, "It begins");
        await axe(amina);
        await lea.goto(`${circle}/leave`);
        await axe(lea);
        await press(lea, "Leave this circle");
        const gone = await lea.goto(circle.replace("circles", "relationships"));
        assert.equal(gone.status(), 404);
    });
}
