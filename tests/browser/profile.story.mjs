// What people show of themselves, and who has room.

import { assert, axe, fill, lacks, press, sees, story } from "./story.mjs";
import { opens, pageOf, writesLetter } from "./verbs.mjs";

story("P06: a credential that is over greys out by itself, and what vouches for somebody is on the page", async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto(await pageOf(amina, "Ngozi"));
    const credential = (title) => amina.locator(".credentials li").filter({ hasText: title });
    await sees(credential("Coaching supervision"), "expired");
    assert.match(await credential("Coaching supervision").getAttribute("class"), /expired/);
    assert.equal(await credential("500 hours").getByText("expired").count(), 0);
    assert.match(await credential("500 hours").innerText(), /good until/);
    assert.match(await credential("Mental health").innerText(), /since/);
    await amina.goto(await pageOf(amina, "Lea"));
    await sees(amina, "What people say");
    await axe(amina);
});

story("P07: a coach is chosen by how she works, in her own words", async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto("/find?role=coach");
    const ngozi = amina.locator("article.found-person").filter({ hasText: "Ngozi" });
    await sees(ngozi, "You do the talking; I keep hold of the thread.");
    await axe(amina);

    // By style: those who ask rather than tell stay, those who tell go.
    await amina.goto("/find");
    const style = amina.locator("input[name=style]");
    const names = await style.evaluateAll((all) => all.map((one) => `${one.value}: ${one.labels[0].innerText}`));
    const asking = names.find((one) => /draw|ask|own way|listen/i.test(one)) ?? assert.fail(`no style that asks among ${names.join(", ")}`);
    await amina.goto(`/find?style=${asking.split(":")[0]}`);
    await sees(amina.locator("article.found-person").filter({ hasText: "Ngozi" }), "I keep hold of the thread.");
    assert.equal(await amina.locator("article.found-person").filter({ hasText: "Duarte" }).count(), 0);

    await ngozi.or(amina.locator("article.found-person").filter({ hasText: "Ngozi" })).first().getByRole("link", { name: /Ngozi/ }).first().click();
    await sees(amina, "How Ngozi works");
    await sees(amina, "90");
    await axe(amina);
});

story("P11: a page for everyone is there by choice, and search engines are asked to leave it out", async ({ person, open }) => {
    const [priya, stranger] = [await person("Priya"), await open()];
    assert.equal((await stranger.goto("/p/priya")).status(), 404);
    await priya.goto("/profile/public");
    await fill(priya, "Show my profile to everyone", true);
    await priya.locator("[name=slug]").fill("priya");
    await press(priya, /^Save/);
    await sees(priya, "Saved.");

    const answer = await stranger.goto("/p/priya");
    assert.equal(answer.status(), 200);
    assert.match(`${answer.headers()["x-robots-tag"]}`, /noindex/);
    await sees(stranger, "Priya");
    await axe(stranger);
    await lacks(stranger, "priya@example.org");

    await fill(priya, "Search engines may list it", true);
    await press(priya, /^Save/);
    const listed = await stranger.goto("/p/priya");
    assert.doesNotMatch(`${listed.headers()["x-robots-tag"]}`, /noindex/);

    await fill(priya, "Show my profile to everyone", false);
    await press(priya, /^Save/);
    assert.equal((await stranger.goto("/p/priya")).status(), 404);
});

story("P21: whoever is full is not offered, and takes on one more only by saying so", async ({ person }) => {
    const sam = await person("Sam");
    await sam.goto("/find?q=pricing");
    await lacks(sam, "Duarte");

    const tomas = await pageOf(sam, "Tomáš");
    await sam.goto(`/asks/new?to=${tomas.split("/").pop()}`);
    const ask = await writesLetter(sam, { extent: "regular" });

    // He sets aside no more than he has given away already.
    const his = await person("Tomáš");
    await his.goto("/profile/time");
    await fill(his, /People you can guide at once/, "0");
    await press(his, /^Save/);
    await sam.goto("/find?q=data+engineering");
    // He still answers one question, which fills no place.
    const his_card = sam.locator("article.found-person").filter({ hasText: "Tomáš" });
    assert.equal(await his_card.locator("a[href^='/asks/new']").count(), 0, "nobody without room is offered");
    await sam.goto(tomas);
    await lacks(sam, "Ask Tomáš for help");

    await his.goto(ask);
    await sees(his, "All the places you set aside are taken.");
    await press(his, "Say yes");
    assert.ok(!his.url().includes("/relationships/"), "nobody is over-committed by a press");
    await axe(his);
    await fill(his, /I have room for one more/, true);
    await press(his, "Say yes");
    assert.match(his.url(), /\/relationships\//);
});

story("P33: what comes next is the learner's to say", async ({ person }) => {
    const [priya, tomas] = [await person("Priya"), await person("Tomáš")];
    await priya.goto(`/asks/new?to=${(await pageOf(priya, "Tomáš")).split("/").pop()}`);
    const ask = await writesLetter(priya);
    await tomas.goto(ask);
    await press(tomas, "Say yes");
    await sees(tomas, "It is for Priya to propose the first time.");
    assert.equal(await tomas.locator("[name=next_step]").count(), 0, "the mentor has nothing to fill in");

    await priya.goto("/today");
    await sees(priya, /Tomáš/);
    await priya.goto(new URL(tomas.url()).pathname);
    await fill(priya, /comes next/, "Thursday at six.");
    await press(priya, "Save what comes next");
    await tomas.reload();
    await sees(tomas, "Thursday at six.");
});

story("what was typed is still there after a mistake", { js: false }, async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto(`/asks/new?to=${(await pageOf(amina, "Lea")).split("/").pop()}`);
    await amina.locator("form.stack").evaluate((form) => form.setAttribute("novalidate", ""));
    await amina.locator("textarea[name=goal]").fill("A goal that took me an hour to put into words");
    await press(amina, "Send the letter");
    assert.equal(await amina.locator("textarea[name=goal]").inputValue(), "A goal that took me an hour to put into words");
    await axe(amina);
});

story("what is typed into one form stays when another one beside it is sent", async ({ person }) => {
    const amina = await person("Amina");
    await amina.goto("/profile/time");
    await amina.locator("[name=capacity]").fill("7");
    await amina.getByRole("button", { name: "Two weeks" }).click();
    await sees(amina, "Nobody can ask you before");
    assert.equal(await amina.locator("[name=capacity]").inputValue(), "7");
});

story("a page that is left while it asks for something says nothing of it in the console", async ({ person }) => {
    const amina = await person("Amina");
    const said = [];
    amina.on("console", (words) => said.push(words.text()));
    for (const wait of [0, 20, 40, 60, 80, 100, 120, 140, 160, 180]) {
        await amina.goto("/today", { waitUntil: "commit" });
        await amina.waitForTimeout(wait);
        await amina.goto("/find", { waitUntil: "commit" });
    }
    assert.deepEqual(said.filter((words) => words.startsWith("htmx:")), []);
});
