// What somebody writes is shown as what they wrote, to everyone, everywhere.

import { readFileSync } from "node:fs";
import { assert, story } from "./story.mjs";
import { saysGoal, writesLetter, pageOf } from "./verbs.mjs";

/** The same texts as the stories without a browser type everywhere. */
const STRINGS = JSON.parse(readFileSync(new URL("worst.json", import.meta.url), "utf8"));

story("hostile words of every kind are shown as words to everyone who reads them", async ({ person, mail }) => {
    const wayan = await person("Wayan", { js: false });
    let n = 0;
    const hostile = (most = 1000) => {
        const found = STRINGS.slice(n % STRINGS.length).concat(STRINGS).find((one) => one.length <= most);
        n += 1;
        return (found ?? "<b onclick=evil()>").slice(0, most);
    };
    /** As many of them as a field holds. */
    const several = (most) => {
        let all = hostile(most);
        for (let next = hostile(); all.length + 1 + next.length <= most; next = hostile()) all += ` ${next}`;
        return all;
    };
    const all = STRINGS.join("\n\n");

    // Every free field of the profile.
    for (const part of ["about", "skills", "experience", "how-i-work", "open-to"]) {
        await wayan.goto(`/profile/${part}`);
        const form = wayan.locator("form.profile-form");
        for (const field of await form.locator("input[type=text], input:not([type])").all()) {
            const name = await field.getAttribute("name");
            if (/zone|language|country/.test(name)) continue;
            await field.fill(hostile(Number((await field.getAttribute("maxlength")) ?? 60)));
        }
        for (const field of await form.locator("textarea").all()) await field.fill(several(Number((await field.getAttribute("maxlength")) ?? 900)));
        await form.getByRole("button", { name: /^Save/ }).click();
        await harmless(wayan);
    }
    // A name alone as well, in case the rest was refused together with it.
    await wayan.goto("/profile/about");
    await wayan.locator("[name=name]").fill(`Wayan <img src=x onerror=evil()>`);
    await wayan.locator("[name=headline]").fill(`"><script>evil()</script>`);
    await wayan.locator("[name=story]").fill(all);
    await wayan.locator("form.profile-form").getByRole("button", { name: /^Save/ }).click();
    // The answer may still be on its way when the click is over.
    await wayan.getByText("Saved.").waitFor();

    const goal = await saysGoal(wayan, { outcome: several(190), skill: hostile(40) });
    const lea = (await pageOf(wayan, "Lea")).split("/").pop();
    await wayan.goto(`/asks/new?to=${lea}`);
    const words = Object.fromEntries(["goal", "why_you", "so_far", "the_ask", "will_bring"].map((name) => [name, several(290)]));
    const ask = await writesLetter(wayan, words);
    await wayan.goto(`/questions/new?to=${lea}`);
    await wayan.locator("[name=words]").fill(several(790));
    await wayan.getByRole("button", { name: /Send the question/ }).click();
    const question = new URL(wayan.url()).pathname;
    assert.match(question, /^\/questions\/[0-9a-f]/);

    // A link that would run is refused where a link belongs.
    await wayan.goto("/profile/experience");
    await wayan.locator("[name=credential_0]").fill("A certificate");
    await wayan.locator("[name=issuer_0]").fill("A school");
    for (const link of ["javascript:evil()", "data:text/html,<script>evil()</script>", "//evil.example", "\u0001javascript:evil()"]) {
        await wayan.locator("[name=link_0]").evaluate((it, value) => ((it.type = "text"), (it.value = value)), link);
        await wayan.locator("form.profile-form").evaluate((form) => form.setAttribute("novalidate", ""));
        await wayan.locator("form.profile-form").getByRole("button", { name: /^Save/ }).click();
        assert.equal(await wayan.getByText("Saved.").count(), 0, `${link} was taken as a link`);
        await harmless(wayan);
    }

    // The letters first: whoever has read something here before its letter is written gets none.
    const letters = [await mail.to("lea@", /asks for your help/), await mail.to("lea@", /question/)];
    for (const letter of letters) {
        assert.doesNotMatch(letter.html, /<script|<img[^>]+onerror|<svg[^>]+onload|href="javascript:/i);
        assert.doesNotMatch(letter.subject, /[\r\n]/);
    }

    // Everyone who reads any of it, with scripts running.
    const own = (await wayan.goto("/profile"), await wayan.locator("main a[href^='/people/']").first().getAttribute("href"));
    const reads = [["Lea", ["/today", "/asks", ask, "/questions", question, "/notices", own, "/find"]], ["Henrik", ["/place", "/place/people", own]], ["Rosa", ["/skills", "/today"]]];
    for (const [name, pages] of reads) {
        const reader = await person(name);
        await reader.addInitScript(() => (globalThis.evil = () => (globalThis.ran = true)));
        for (const page of pages) {
            assert.equal((await reader.goto(page)).status(), 200, page);
            await harmless(reader);
        }
    }
    for (const page of ["/today", "/goals", goal, "/profile"]) await wayan.goto(page).then(() => harmless(wayan));
});

async function harmless(page) {
    const found = await page.evaluate(() => {
        const bad = [];
        for (const it of document.querySelectorAll("*")) {
            if (it.localName === "script" && !(it.getAttribute("src") ?? "").startsWith("/")) bad.push(it.outerHTML);
            if (["iframe", "object", "embed", "base", "math"].includes(it.localName)) bad.push(it.outerHTML);
            for (const { name, value } of it.attributes) {
                if (/^on/i.test(name)) bad.push(it.outerHTML.slice(0, 200));
                if (/^(href|src|action|formaction|xlink:href|data|srcdoc)$/i.test(name) && /^[\s\u0000-\u001f]*(javascript|vbscript|data:text)/i.test(value)) bad.push(it.outerHTML.slice(0, 200));
                if (/^(action|formaction)$/i.test(name) && value && !value.startsWith("/")) bad.push(it.outerHTML.slice(0, 200));
            }
        }
        if (globalThis.ran) bad.push("something ran");
        if (document.querySelector("main")?.innerText.includes(String(7919 * 7907))) bad.push("a template was worked out");
        return bad;
    });
    assert.deepEqual(found, [], `on ${page.url()}`);
}
