// From “what do I want to learn?” to “she said yes”.

import { assert, axe, fill, key, lacks, press, sees, story } from "./story.mjs";
import { joins, opens, saysGoal, writesLetter } from "./verbs.mjs";

for (const look of [{}, { js: false, width: 390 }]) {
    const said = look.js === false ? ", without JavaScript and on a small screen" : "";

    story(`P16: a learner goes from joining to a yes${said}`, { ...look }, async (world) => {
        const { person, mail } = world;
        const nadia = await joins(world, "Nadia Benali", look);

        // P01: the goal comes first, and says what kind of help it calls for.
        await saysGoal(nadia, { outcome: "Get a first job as a data analyst", skill: "SQL", help: ["advise me", "open doors for me"] });
        await sees(nadia, /This calls for/);
        await axe(nadia);

        // P04: people who fit, each with at least two reasons, and none who has no room.
        await press(nadia, "See who can help");
        const cards = nadia.locator("article.found-person");
        assert.ok((await cards.count()) >= 3, "a handful of people");
        for (const card of await cards.all()) assert.ok((await card.locator(".reasons li").count()) >= 2, `two reasons: ${await card.innerText()}`);
        await lacks(nadia, "Duarte Nuno");
        await lacks(nadia, "Maeve O’Sullivan");
        await axe(nadia);

        await nadia.locator("article.found-person").filter({ hasText: "Tomáš" }).getByRole("link", { name: /^Ask/ }).click();
        await sees(nadia, /Ask Tomáš for help/);
        assert.match(await nadia.locator("[name=goal]").inputValue(), /data analyst/, "the goal comes along");
        await axe(nadia);
        const ask = await writesLetter(nadia);
        await sees(nadia, "Your letter is on its way.");
        await sees(nadia, /Tomáš/);
        await axe(nadia);

        // Whoever has a page open is told there; a letter comes to those who have left.
        await nadia.goto("about:blank");

        // The mentor reads the same letter with the same clock, and says yes. (A letter first: with a page open he would be told there.)
        const letter = await mail.to("tomas@", /Nadia asks for your help/);
        assert.match(letter.text, /one ugly spreadsheet/);
        const tomas = await person("Tomáš", look);
        await tomas.goto("/asks");
        await sees(tomas, "Waiting for you");
        await tomas.getByRole("link", { name: /Nadia Benali asks for your help/ }).click();
        await sees(tomas, "one ugly spreadsheet");
        await axe(tomas);
        await press(tomas, "Say yes");
        await sees(tomas, "You said yes. This is where you meet.");
        assert.match(tomas.url(), /\/relationships\//);
        await axe(tomas);

        // Both have the page where they meet; what comes next is hers to say.
        await mail.to("nadia@", /Tomáš said yes/);
        await nadia.goto(ask);
        await press(nadia, "Go to where you meet");
        assert.equal(nadia.url(), tomas.url());
        await sees(nadia, "what comes next is yours to say");
        await fill(nadia, /comes next/, "Tuesday at six, or Thursday at half past five. I bring the spreadsheet.");
        await press(nadia, "Save what comes next");
        await axe(nadia);
        await tomas.reload();
        await sees(tomas, "Tuesday at six");
    });
}

story("P01: changing the goal changes who is shown, and says so", async ({ person }) => {
    const amina = await person("Sam");
    const goal = await saysGoal(amina, { outcome: "Build websites that everyone can use", skill: "Accessibility", help: ["teach me"] });
    await press(amina, "See who can help");
    const order = () => amina.locator("article.found-person h2").allInnerTexts();
    const before = await order();
    assert.ok(before[0].includes("山田優希"), `the accessibility specialist comes first, not ${before[0]}`);

    await amina.goto(`${goal}/skills`);
    await amina.locator("[name=skill_0]").fill("Pricing");
    await press(amina, "Change it and see who fits");
    await sees(amina, /You changed the skill and how far\. The people below/);
    const after = await order();
    assert.notDeepEqual(after, before);
    await sees(amina, "changed just now");

    // The earlier version is kept.
    await amina.goto(goal);
    await opens(amina, "What you said before");
    await sees(amina, /Accessibility/);
});

story("P01: a goal can be left in the middle and gone on with", async ({ person }) => {
    const wayan = await person("Wayan");
    await wayan.goto("/goals/new");
    await fill(wayan, /In your words/, "Write a price list for the workshop");
    await press(wayan, "Go on");
    await press(wayan, "Finish later");
    await wayan.goto("/goals");
    await wayan.getByRole("link", { name: /Write a price list/ }).click();
    await sees(wayan, "Why now?");
});

story("P04: someone is found by what they have done, with a typing error and without accents", async ({ person }) => {
    const amina = await person("Amina");
    for (const [typed, found] of [["acessibility", "山田優希"], ["tomas", "Tomáš Novák"], ["career change", "Lea Brunner"]]) {
        await amina.goto("/find");
        await key(amina, "/");
        await amina.keyboard.type(typed);
        await key(amina, "Enter");
        await sees(amina.locator("article.found-person").first(), found).catch(() => sees(amina, found));
    }
    await amina.goto("/find?q=zzzzqqqq");
    await sees(amina, /Nobody/);
});
