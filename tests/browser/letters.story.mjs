// Taking part from the letter alone.

import { assert, axe, fill, lacks, press, sees, story, until } from "./story.mjs";
import { opens, pageOf, path, writesLetter } from "./verbs.mjs";

for (const look of [{}, { js: false, width: 390, colour: "dark" }]) {
    const said = look.js === false ? ", without JavaScript and on a small screen" : "";

    story(`P24: a mentor declines from his letter and goes “not now”, and never signs in${said}`, { ...look }, async ({ person, open, mail }) => {
        const wayan = await person("Wayan");
        const tomas = (await pageOf(wayan, "Tomáš Novák")).split("/").pop();
        const lea = (await pageOf(wayan, "Lea Brunner")).split("/").pop();
        await wayan.goto(`/asks/new?to=${tomas}&offered_next=${lea}`);
        await wayan.getByRole("checkbox", { name: /Lea Brunner/ }).check();
        await writesLetter(wayan);
        // Whoever has a page open is told there; a letter comes to those who have left.
        await wayan.goto("about:blank");

        const letter = await mail.to("tomas@", /Wayan asks for your help/);
        const door = await open();
        const link = letter.links.find((one) => one.includes("/letters/") && deed(letter, one) === "Decline kindly") ?? letter.links.filter((one) => one.includes("/letters/")).at(-1);
        await door.goto(path(link));
        await sees(door, "You are answering as Tomáš Novák");
        await axe(door);
        await door.locator("[name=reason][value=no_time]").check();
        await fill(door, /In your own words/, "The trams are changing their timetable and so am I.");
        const later = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
        await fill(door, /Not now, until/, later);
        await press(door, "Yes, do this");
        await sees(door, "Done");
        await sees(door, /Wayan is told kindly, and nobody can ask you before/);
        await axe(door);
        const again = await open();
        await again.goto(path(link));
        await sees(again, "This link was used already");

        // She is told why, in his words, and whom we ask now.
        const told = await mail.to("wayan@", /./);
        assert.match(told.subject, /Tomáš/);
        assert.match(told.text, /We have asked Lea for you[\s\S]*The trams are changing/);
        await wayan.goto("/asks");
        await wayan.getByRole("link", { name: /Your request to Tomáš/ }).click();
        await sees(wayan, "The trams are changing their timetable and so am I.");
        await sees(wayan, "We have asked Lea for you, as you allowed.");
        const carried = await mail.to("lea@", /Wayan asks for your help/);
        assert.match(carried.text, /asked Tomáš first/);

        // And he is left in peace.
        await wayan.goto(`/people/${tomas}`);
        await sees(wayan, /takes no new requests until/);
        await lacks(wayan, "Ask Tomáš for help");
    });
}

// The words on the link, which a letter's HTML has beside its address.
function deed(letter, link) {
    const at = letter.html.replaceAll("&amp;", "&").indexOf(link);
    return /^[^>]*>\s*([^<]+?)\s*</.exec(letter.html.replaceAll("&amp;", "&").slice(at))?.[1];
}

story("P17: one question is answered from the letter, helps, and grows into more", async ({ person, open, mail }) => {
    const priya = await person("Priya");
    const lea = (await pageOf(priya, "Lea Brunner")).split("/").pop();
    await priya.goto(`/people/${lea}`);
    await press(priya, "Ask one question");
    await fill(priya, /Your question/, "Which chart would you show first to a board?");
    await axe(priya);
    await press(priya, "Send the question");
    await sees(priya, "Your question is on its way.");
    const question = new URL(priya.url()).pathname;
    await priya.goto("about:blank");

    const letter = await mail.to("lea@", /question/i);
    const door = await open({ js: false });
    await door.goto(path(letter.link("/letters/")));
    await axe(door);
    await fill(door, /Your answer to Priya/, "The one that changes what they decide. Read it aloud first.");
    await press(door, "Yes, do this");
    await sees(door, "Done");

    await mail.to("priya@");
    await priya.goto(question);
    await sees(priya, "Read it aloud first.");
    await press(priya, "This answer helped");
    await sees(priya, "They know that it helped.");
    await axe(priya);
    await press(priya, "Ask Lea for more than one answer");
    await sees(priya, "What came before");
    await axe(priya);
    await writesLetter(priya);
    const asked = await person("Lea");
    await asked.goto("/asks");
    await asked.getByRole("link", { name: /Priya Ramanathan asks for your help/ }).click();
    await sees(asked, "Which chart would you show first");
});

story("P31: whoever is stuck says so on the page where they meet, and is heard", async ({ person, mail }) => {
    const [amina, lea] = [await person("Amina"), await person("Lea")];
    const to = (await pageOf(amina, "Lea Brunner")).split("/").pop();
    await amina.goto(`/asks/new?to=${to}`);
    const ask = await writesLetter(amina, { extent: "regular" });
    await lea.goto(ask);
    await press(lea, "Say yes");
    const meet = new URL(lea.url()).pathname;
    await lea.goto("about:blank");

    await amina.goto(meet);
    await press(amina, "I am stuck");
    await sees(amina, "Tell Lea that you are stuck");
    await fill(amina, /Your question/, "My query returns every pupil twice and I cannot see why.");
    await press(amina, "Send the question");
    const question = new URL(amina.url()).pathname;
    const letter = await mail.to("lea@", /stuck/i);
    assert.match(letter.text, /every pupil twice/);
    await lea.goto(question);
    await fill(lea, /Your answer to Amina/, "Your join finds two terms a year. Add the term.");
    await press(lea, "Send the answer");
    await until("her page to show the answer", async () => {
        await amina.goto(question);
        return (await amina.getByText("Add the term.").count()) > 0;
    });
});
