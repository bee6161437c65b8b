// A circle: proposed to several, begun by three, left by one.

import { assert, axe, fill, key, lacks, press, sees, story } from "./story.mjs";
import { path } from "./verbs.mjs";

async function invites(page, name) {
    await fill(page, /^Find somebody by name/, name);
    await press(page, "Look");
    await page.getByRole("button", { name: new RegExp(`^Invite.*${name}`) }).first().click();
    await page.getByRole("button", { name: new RegExp(`^Take off.*${name}`) }).waitFor();
}

for (const js of [true, false]) {
    story(`P14: a circle of three begins from the page and from the letter${js ? "" : ", without JavaScript"}, at phone size`, async ({ person, open, mail }) => {
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

// The circle that already meets in the village, as one of it comes to it.
async function atSpeakingUp(page) {
    await page.goto("/relationships");
    await page.getByRole("link", { name: /Speaking up/ }).first().click();
    return new URL(page.url()).pathname;
}

for (const js of [true, false]) {
    story(`P14: somebody new joins a circle once nobody has said no${js ? "" : ", without JavaScript"}`, { width: 390 }, async ({ person, mail }) => {
        const mateus = await person("Mateus", { js });
        const meet = await atSpeakingUp(mateus);
        const circle = meet.replace("relationships", "circles");
        await mateus.goto(circle);
        await press(mateus, "Somebody more");
        await axe(mateus);
        await fill(mateus, "Find somebody by name", "Lea");
        await key(mateus, "Enter");
        await mateus.getByRole("button", { name: /^I would like them.*Lea/ }).click();
        await sees(mateus, "The others are asked what they think.");
        await sees(mateus, "You would like Lea in it");
        await axe(mateus);

        for (const name of ["Wayan", "山田優希"]) {
            const one = await person(name, { js });
            await one.goto(circle);
            await sees(one, "Mateus would like Lea in it");
            await sees(one, "Nobody is told whose no it was.");
            await press(one, /^Fine with me/);
            await sees(one, "Thank you.");
        }

        const letter = await mail.to("lea@", /would like you in a circle/);
        const lea = await person("Lea", { js });
        await lea.goto(new URL(letter.link("/letters/")).pathname);
        await press(lea, "Yes, do this");
        await lea.goto(meet);
        await sees(lea, "Your circle “Speaking up”");
        await axe(lea);
        await mateus.goto(circle);
        await sees(mateus, "Lea Brunner");
    });
}

story("P32: a concern sets one aside in a circle, and the others go on", async ({ person }) => {
    const wayan = await person("Wayan");
    const meet = await atSpeakingUp(wayan);
    await press(wayan, "Something is not right");
    await sees(wayan, "Whom is it about?");
    await axe(wayan);
    await wayan.getByRole("link", { name: /Mateus/ }).first().click();
    await sees(wayan, "You and the others go on");
    await fill(wayan, /What happened/, "He laughs at whoever is speaking.");
    await wayan.getByRole("radio", { name: /Mateus stands aside now/ }).check();
    await axe(wayan);
    await press(wayan, "Raise this concern");
    await sees(wayan, "It is raised");

    const mateus = await person("Mateus");
    const gone = await mateus.goto(meet);
    assert.equal(gone.status(), 404);
    await mateus.goto(meet.replace("relationships", "circles"));
    await sees(mateus, "Your place is kept");
    await lacks(mateus, /oncern about|laughs/);
    await axe(mateus);

    const yuki = await person("山田優希");
    await yuki.goto(meet);
    await sees(yuki, "Your circle “Speaking up”");
    await lacks(yuki, /frozen|laughs/);
});
