// Meeting: choosing a time from the letter, and writing notes together.

import { assert, axe, fill, press, sees, story, until } from "./story.mjs";
import { path, writesLetter, pageOf } from "./verbs.mjs";

// Two who have just begun: the learner's and the mentor's page, and where they meet.
async function together(person, name = "Sam") {
    const [sam, lea] = [await person(name), await person("Lea")];
    const to = (await pageOf(sam, "Lea Brunner")).split("/").pop();
    await sam.goto(`/asks/new?to=${to}`);
    const ask = await writesLetter(sam, { extent: "regular" });
    await lea.goto(ask);
    await press(lea, "Say yes");
    return { sam, lea, meet: new URL(lea.url()).pathname };
}

story("P22: a learner proposes times, and the mentor books one from the letter at phone size", async ({ person, open, mail }) => {
    const { sam, lea, meet } = await together(person, "يوسف");
    await lea.goto("about:blank");
    await sam.goto(meet);
    await press(sam, "Propose a time");
    await sees(sam, "Times that suit you both");
    await axe(sam);
    const slots = sam.locator(".slot-picker input[type=checkbox]");
    assert.ok((await slots.count()) >= 2, "slots from both people's weeks");
    for (const n of [0, 1]) await slots.nth(n).check();
    await press(sam, "Propose these times");
    await sees(sam, "Lea chooses one of these");
    await axe(sam);
    const session = new URL(sam.url()).pathname;

    const letter = await mail.to("lea@", /would like to meet you/);
    const door = await open({ width: 390, js: false });
    await door.goto(path(letter.link("/letters/")));
    await sees(door, "Choose when you meet يوسف");
    await axe(door);
    await door.locator("[name=time]").last().check();
    await press(door, "Yes, do this");
    await sees(door, /You meet يوسف on/);

    await sam.goto(session);
    await sees(sam, "Where you meet");
    await sees(sam, "Before you meet");
    await axe(sam);
    await fill(sam, /What do you want to take home/, "A plan for my first week.");
    await press(sam, "Save what you thought of");
    await sees(sam, "You have prepared");
    await fill(sam, "Add to the agenda", "My first team meeting");
    await press(sam, "Add it");
    await sees(sam, "My first team meeting");
    await sam.goto(`${meet}/sessions`);
    await sees(sam, "booked");
    await axe(sam);
});

story("P23: two people write in the same notes at once, and no word is lost", async ({ person }) => {
    const { sam, lea, meet } = await together(person);
    await sam.goto(`${meet}/sessions/new`);
    const soon = new Date(Date.now() + 30 * 3_600_000).toISOString().slice(0, 16);
    await fill(sam, /^Or another time|^A time/, soon);
    await press(sam, "Propose these times");
    const session = new URL(sam.url()).pathname;
    await lea.goto(session);
    await lea.locator("[name=time]").first().check();
    await press(lea, "Book this time");
    await sam.goto(session);
    for (const page of [sam, lea]) await page.locator("summary", { hasText: "Notes you write together" }).click();
    const [hers, his] = [lea, sam].map((page) => page.locator("textarea[name=notes]"));

    await his.fill("Agenda\n\nMiddle\n\nEnd");
    await until("her page to show what he wrote", async () => (await hers.inputValue()) === "Agenda\n\nMiddle\n\nEnd");

    // Both type at once, he at the top and she at the end, word by word.
    const words = (who) => Array.from({ length: 12 }, (_, n) => `${who}${n}`);
    await his.evaluate((field) => field.setSelectionRange(6, 6));
    await his.focus();
    await hers.evaluate((field) => field.setSelectionRange(field.value.length, field.value.length));
    await hers.focus();
    await Promise.all([
        (async () => { for (const word of words("he")) { await sam.keyboard.type(` ${word}`, { delay: 15 }); await sam.waitForTimeout(120); } })(),
        (async () => { for (const word of words("she")) { await lea.keyboard.type(` ${word}`, { delay: 15 }); await lea.waitForTimeout(90); } })(),
    ]);
    await until("both pages to say the same", async () => (await hers.inputValue()) === (await his.inputValue()) && (await his.inputValue()).includes("she11"));
    const text = await his.inputValue();
    for (const word of [...words("he"), ...words("she"), "Agenda", "Middle", "End"]) assert.ok(text.split(/\s+/).includes(word), `${word} is lost: ${text}`);
    // The cursor stayed where each was writing.
    assert.equal(text.split("\n")[0], `Agenda ${words("he").join(" ")}`);
    assert.equal(text.split("\n").at(-1), `End ${words("she").join(" ")}`);
    await sees(sam, "Saved");
    await axe(sam);
    await lea.reload();
    assert.equal(await lea.locator("textarea[name=notes]").inputValue(), text);
});

// A session that begins in a few minutes, booked, with both on its page.
async function meetingNow(person, looks = {}) {
    const [sam, lea] = [await person("Sam", looks), await person("Lea")];
    const to = (await pageOf(sam, "Lea Brunner")).split("/").pop();
    await sam.goto(`/asks/new?to=${to}`);
    const ask = await writesLetter(sam, { extent: "regular" });
    await lea.goto(ask);
    await press(lea, "Say yes");
    const session = await meetSoon(sam, lea, new URL(lea.url()).pathname, "Pacific/Honolulu");
    return { sam, lea, session };
}

// One proposes to meet in six minutes, by the clock on the wall where they live, and the other books it.
async function meetSoon(one, other, meet, zone) {
    await one.goto(`${meet}/sessions/new`);
    const soon = new Date(Date.now() + 6 * 60_000).toLocaleString("sv-SE", { timeZone: zone }).slice(0, 16).replace(" ", "T");
    await fill(one, /^Or another time|^A time/, soon);
    await press(one, "Propose these times");
    const session = new URL(one.url()).pathname;
    await other.goto(session);
    await other.locator("[name=time]").first().check();
    await press(other, "Book this time");
    await one.goto(session);
    return session;
}

story("P23: what one writes while the network is away is kept, survives a reload, and merges when it is back", async ({ person }) => {
    const { sam, lea, session } = await meetingNow(person, { width: 390 });
    const [hers, his] = [lea, sam].map((page) => page.locator("textarea[name=notes]"));
    await his.fill("Agenda\n\nEnd");
    await until("her page to show what he wrote", async () => (await hers.inputValue()) === "Agenda\n\nEnd");
    await his.evaluate((field) => field.setSelectionRange(6, 6));
    await his.focus();
    await sam.keyboard.type(" first", { delay: 10 });
    await sam.context().setOffline(true);
    await sam.keyboard.type(" second", { delay: 10 });
    await sees(sam, "You are offline. Your words are kept in this browser, and are saved when you are back.");
    await axe(sam);
    // She goes on writing meanwhile.
    await hers.evaluate((field) => field.setSelectionRange(field.value.length, field.value.length));
    await hers.focus();
    await lea.keyboard.type(" of hers", { delay: 10 });
    await sees(lea, "Saved");
    // A reload finds no network, and takes nothing away.
    await sam.goto(session).catch(() => {});
    await sam.context().setOffline(false);
    await sam.goto(session);
    const both = "Agenda first second\n\nEnd of hers";
    await until("his page to have both", async () => (await his.inputValue()) === both);
    await until("her page to have both", async () => (await hers.inputValue()) === both);
    await sam.reload();
    assert.equal(await his.inputValue(), both);
    assert.equal(await sam.evaluate(() => sessionStorage.length), 0, "nothing is kept that is saved");
});

story("P23: what one does on the page of a session shows on the other's open page, and leaves alone what she is writing", async ({ person }) => {
    const { sam, lea } = await meetingNow(person);
    await lea.locator("summary", { hasText: "Say what you heard" }).or(lea.locator("textarea[name=heard]")).first().click();
    await fill(lea, "A decision", "Half a thought");
    const own = lea.locator("textarea[name=own-notes]");
    await own.fill("For me alone");
    await own.focus();
    await fill(sam, "A decision", "We meet again in two weeks");
    await press(sam, "Write it down");
    await sees(lea, "We meet again in two weeks");
    assert.equal(await lea.getByLabel("A decision").inputValue(), "Half a thought");
    assert.equal(await own.inputValue(), "For me alone");
    await own.press("End");
    await lea.keyboard.type(", and more");
    await press(sam, "Cancel it");
    await press(sam, "Cancel it");
    await sees(lea, "Sam cancelled it.");
    assert.equal(await lea.locator("textarea[name=decision], input[name=decision]").count(), 0);
});

story("P14: two who learn together see on the clock when to swap roles", async ({ person }) => {
    const [priya, mateus] = [await person("Priya", { width: 390 }), await person("Mateus")];
    await priya.goto("/relationships");
    const meet = await priya.locator("main a[href^='/relationships/']").filter({ hasText: "Mateus" }).first().getAttribute("href");
    const session = await meetSoon(priya, mateus, meet, "Asia/Kolkata");
    await sees(priya, /Begins in \d minutes/);
    await sees(priya, /minutes until you swap roles/);
    await axe(priya);
    // The same page when half of the hour is over, and when all of it is.
    await priya.clock.setFixedTime(Date.now() + 37 * 60_000);
    await sees(priya, "Second half: you have swapped roles.");
    await sees(priya, /\d+ minutes left/);
    await priya.clock.setFixedTime(Date.now() + 67 * 60_000);
    await sees(priya, "The time is over. A good moment to say what each will do.");
    await mateus.goto(session);
    await sees(mateus, "Second half: what the other brings");
});
