// What whole quarters came to: a goal counts only when its owner says so, and nobody is in what those who look after the
// place see.

import { assert, axe, lacks, press, sees, story } from "./story.mjs";
import { isWide } from "./pages.mjs";

for (const look of [{ width: 390 }, { js: false, width: 1280, colour: "dark" }]) {
    const said = look.js === false ? ", without JavaScript and in the dark" : ", on a telephone";

    story(`P35: she lets a goal count and takes it back, and quarters are read without anybody in them${said}`, { ...look }, async ({ person }) => {
        const amina = await person("Amina", look);
        await amina.goto("/growth");
        await sees(amina, "None of your goals is counted anywhere.");
        await amina.getByRole("link", { name: /^Open.*question about our school/ }).first().click();
        await sees(amina, "It is counted nowhere, unless you say so.");
        await press(amina, "Let it count");
        await sees(amina, "You can take that back at any time.");
        await axe(amina);
        const tomas = await person("Tomáš", look);
        await tomas.goto(new URL(amina.url()).pathname);
        await sees(tomas, "You are not counted in it");
        await amina.goto("/growth");
        await press(amina, "Count none of mine");
        await sees(amina, "None of your goals is counted from now on.");
        await sees(amina, "None of your goals is counted anywhere.");
        await axe(amina);

        const rosa = await person("Rosa", look);
        await rosa.goto("/pulse");
        await rosa.getByRole("link", { name: "What changed, all in all" }).click();
        await sees(rosa, "This shows change, not cause.");
        await sees(rosa, "fewer than 7");
        await rosa.locator("figure.chart svg").waitFor();
        for (const nobody of [/Amina/, /Tomáš/, /question about our school/]) await lacks(rosa, nobody);
        await axe(rosa);
        assert.equal(await isWide(rosa), 0);

        // The file says what the page says.
        const file = await (await rosa.request.get(new URL("/growth/all.csv", rosa.url()).href)).text();
        const lines = file.trim().split("\r\n").map((line) => line.slice(1, -1).split('","'));
        const rows = await rosa.locator("div.table").first().locator("tbody tr").all();
        assert.equal(lines.length, rows.length + 1);
        for (const [at, row] of rows.entries()) {
            const cells = await row.locator("th, td").allTextContents();
            const said = lines[at + 1].slice(0, cells.length).map((cell) => (cell === "not shown" ? "–" : cell.replace(/^-/, "−")));
            assert.deepEqual(said, cells);
        }
    });
}
