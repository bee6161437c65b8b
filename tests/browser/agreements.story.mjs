// Agreeing on how to work together: whether it fits, writing alone, the differences, two signatures.

import { assert, axe, fill, lacks, press, sees, story } from "./story.mjs";
import { pageOf, writesLetter } from "./verbs.mjs";

story("P19: two people agree on how they work together, on a phone", async ({ person }) => {
    const [sam, lea] = [await person("Sam", { width: 390 }), await person("Lea", { width: 390, js: false })];
    const to = (await pageOf(sam, "Lea Brunner")).split("/").pop();
    await sam.goto(`/asks/new?to=${to}`);
    const ask = await writesLetter(sam, { extent: "regular" });
    await lea.goto(ask);
    await press(lea, "Say yes");
    const meet = new URL(lea.url()).pathname;

    // P18: each says in private whether it fits.
    for (const [one, note] of [[sam, "She asks good questions."], [lea, ""]]) {
        await one.goto(`${meet}/fit`);
        await axe(one);
        await one.getByRole("radio", { name: /Yes, I would like to begin/ }).check();
        if (note) await fill(one, /A note on it/, note);
        await press(one, "Keep my answer");
    }
    await sees(lea, "You both said yes");
    await lacks(lea, "She asks good questions.");

    // Each writes alone.
    await press(sam, "Agreement");
    await press(sam, "Write yours");
    await axe(sam);
    await fill(sam, /What we work on/, "Lead my first team.");
    await sam.getByRole("radio", { name: "Every two weeks" }).check();
    await press(sam, "This is how I would like it");
    await sees(sam, "Your part is written");
    await lea.goto(`${meet}/agreement`);
    await lacks(lea, "Lead my first team.");
    await press(lea, "Write yours");
    await fill(lea, /What we work on/, "Find out whether leading is for you.");
    await press(lea, "This is how I would like it");

    // Where they differ, side by side.
    await sees(lea, "You agree on 12 of 14");
    await sees(lea, "Lead my first team.");
    await axe(lea);
    const cadence = lea.locator("#point-cadence");
    await cadence.getByRole("button", { name: /Agree with this/ }).click();
    const focus = lea.locator("#point-focus");
    await focus.locator("summary").click();
    await focus.locator("textarea").fill("Lead my first team, and find out whether leading is for me.");
    await focus.getByRole("button", { name: /Propose this/ }).click();
    await sam.goto(`${meet}/agreement`);
    for (const point of ["#point-cadence", "#point-focus"]) await sam.locator(point).getByRole("button", { name: /^Agree/ }).click();

    // Two signatures over the same text.
    await sees(sam, "Read it once more");
    await axe(sam);
    await press(sam, "Sign it");
    await lea.goto(`${meet}/agreement`);
    await press(lea, "Sign it");
    await sees(lea, "The text is the one that was signed.");
    await sees(lea, "About every 2 weeks");
    const over = await lea.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(over, 0, "nothing is wider than a phone");
    await lea.goto(meet);
    await sees(lea, "active");

    // On paper, or as a PDF: two clean pages at most, and nothing of the screen around them.
    await sam.goto(`${meet}/agreement/print`);
    await sees(sam, "Print it, or save it as a PDF");
    await axe(sam);
    await sam.emulateMedia({ media: "print" });
    for (const beside of [".site-header", ".site-footer", "[data-prints]", ".back"]) {
        assert.ok(!(await sam.locator(beside).first().isVisible()), `${beside} is not printed`);
    }
    const pdf = (await sam.pdf({ format: "A4" })).toString("latin1");
    const sheets = pdf.match(/\/Type\s*\/Page\b/g).length;
    assert.ok(pdf.startsWith("%PDF-") && sheets <= 2, `${sheets} sheets`);
});

story("P20: a sponsor reads the lines that the learner has approved, and no others", { width: 390 }, async ({ person }) => {
    const [amina, tomas, rosa] = [await person("Amina"), await person("Tomáš"), await person("Rosa")];
    await amina.goto("/relationships");
    await amina.getByRole("link", { name: /Tomáš/ }).first().click();
    const meet = new URL(amina.url()).pathname;
    const [agreement, report] = [`${meet}/agreement`, `${meet}/report`];

    // A new version, with a report in it and somebody who may read it.
    await amina.goto(agreement);
    await press(amina, "Change something together");
    const point = amina.locator("#point-sponsor_report");
    await point.locator("summary").click();
    await point.getByRole("radio", { name: /approve/i }).check();
    await point.getByRole("button", { name: /Propose this/ }).click();
    await tomas.goto(agreement);
    await tomas.locator("#point-sponsor_report").getByRole("button", { name: /^Agree/ }).click();
    await amina.goto(`${agreement}/sponsor?name=Rosa`);
    await axe(amina);
    await amina.getByRole("button", { name: /^Invite.*Rosa/ }).click();
    for (const one of [amina, tomas, rosa]) {
        await one.goto(agreement);
        const putUp = one.getByRole("button", { name: "Put it up for signing" });
        if (await putUp.count()) await putUp.click();
        await press(one, "Sign it");
    }
    await sees(rosa, "Read the report");
    await axe(rosa);

    // He writes two lines; she lets one of them out.
    await tomas.goto(report);
    for (const line of ["Amina leads her team's meetings now.", "She was close to giving up in May."]) {
        await fill(tomas, /A line about how it goes/, line);
        await press(tomas, "Add it");
    }
    await axe(tomas);
    await rosa.goto(report);
    await lacks(rosa, /meetings|giving up/);
    await amina.goto(report);
    await axe(amina);
    await amina.locator(".report-line").filter({ hasText: "meetings" }).getByRole("button", { name: "The sponsor may read this" }).click();
    await sees(amina, "The sponsor may read it.");
    await rosa.reload();
    await sees(rosa, "Amina leads her team's meetings now.");
    await lacks(rosa, /giving up/);
    await axe(rosa);
    for (const hidden of [meet, `${meet}/messages`, `${meet}/sessions`]) assert.equal((await rosa.goto(hidden)).status(), 404);
});
