// What people do in several stories, in the words of the product.

import { assert, fill, press, sees, until } from "./story.mjs";

// Someone new comes in by an invitation of the administrator, and signs in by the letter that follows.
export async function joins({ person, open, mail }, name, look = {}) {
    const henrik = await person("Henrik");
    await henrik.goto("/place");
    await fill(henrik, /Whom is it for/, `for ${name}`);
    await press(henrik, "Make a link");
    const link = await henrik.locator("input[readonly][value*='/join']").first().inputValue();
    await henrik.context().close();

    const page = await open(look);
    await page.goto(new URL(link).pathname + new URL(link).search);
    const address = `${name.toLowerCase().split(" ")[0]}@newcomers.example`;
    await fill(page, /Your name/, name);
    await fill(page, /Your e-mail address/, address);
    await fill(page, /I have read how we treat each other/, true);
    await press(page, "Join");
    await sees(page, "Look in your mail");
    const letter = await mail.to(address);
    await page.goto(path(letter.link("/sign-in/")));
    await page.locator("main form button").first().click();
    await until("the door behind the link to open", () => !page.url().includes("/sign-in"));
    return page;
}

// Whatever host a letter names, the story speaks to the server by its own.
export function path(link) {
    const there = new URL(link);
    return there.pathname + there.search;
}

// The goal brief, question by question, as one goes through it the first time.
export async function saysGoal(page, { outcome, skill, help = ["advise me"] }) {
    await page.goto("/goals/new");
    await fill(page, /In your words/, outcome);
    await press(page, "Go on");
    await sees(page, "Which skill is it about, and how far?");
    if (skill) await page.locator("[name=skill_0]").fill(skill);
    await press(page, "Go on");
    await sees(page, "Why now?");
    await fill(page, /Why now/, "My contract ends in June.");
    await press(page, "Go on");
    await sees(page, "How will you know that it worked?");
    await press(page, "Skip this");
    await sees(page, "By when?");
    await press(page, "Go on");
    await sees(page, "What kind of help do you wish for?");
    for (const one of help) await page.getByRole("checkbox", { name: new RegExp(one) }).check();
    await press(page, "See what it comes to");
    await sees(page, "What you said");
    return new URL(page.url()).pathname;
}

export const LETTER = {
    goal: "Find out whether data work suits me.",
    why_you: "You repaired trams before you moved data about them.",
    so_far: "An evening course in SQL, and one ugly spreadsheet.",
    the_ask: "Look at my spreadsheet with me and say what you would do next.",
    will_bring: "I prepare, I am on time, and I tell you what came of it.",
};

// The five fields of a request; `more` may name the time asked for, such as { extent: "regular" }.
export async function writesLetter(page, { extent, ...words } = {}) {
    for (const [name, text] of Object.entries({ ...LETTER, ...words })) await page.locator(`textarea[name=${name}]`).fill(text);
    if (extent) await page.locator(`[name=extent][value=${extent}]`).check();
    await press(page, "Send the letter");
    assert.match(new URL(page.url()).pathname, /^\/asks\/[0-9a-f]/, "the letter was sent");
    return new URL(page.url()).pathname;
}

// The address of somebody's page, as anyone finds it: by name.
export async function pageOf(page, who) {
    await page.goto(`/find?q=${encodeURIComponent(who)}`);
    const link = page.locator("main a[href^='/people/']").filter({ hasText: who }).first();
    return link.getAttribute("href");
}

export async function opens(page, summary) {
    await page.locator("summary").filter({ hasText: summary }).click();
}
