// Every page of the product that shows something, and as whom: what `pages.story.mjs` examines and `pictures.mjs`
// draws. A new page is a line here; a route without one fails the stories.
//
//   as     who looks; nobody when it is not said
//   path   where it is, or how one gets there: where to begin, then patterns of the links to follow, each
//          the first of its kind, or `{ last: … }`
//   gone   true for a page that is rightly not there

const ID = "[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}";
export const one = (noun, after = "") => new RegExp(`^/${noun}/${ID}${after}$`);

export const PAGES = [
    // Nobody yet.
    { name: "welcome", path: "/" },
    { name: "sign-in", path: "/sign-in" },
    { name: "sign-in-sent", path: "/sign-in/sent" },
    { name: "join", path: "/join" },
    { name: "conduct", path: "/conduct" },
    { name: "help", path: "/help" },
    { name: "privacy", path: "/privacy" },
    { name: "public-page", path: "/p/tomas" },
    { name: "nowhere", path: "/nowhere", gone: true },

    // A learner: Amina has goals, and a request that waits.
    { name: "today", as: "Amina", path: "/today" },
    { name: "goals", as: "Amina", path: "/goals" },
    { name: "goal-new", as: "Amina", path: "/goals/new" },
    { name: "goal", as: "Amina", path: ["/goals", one("goals")] },
    { name: "goal-skills", as: "Amina", path: ["/goals", one("goals"), one("goals", "/skills")] },
    { name: "goal-help", as: "Amina", path: ["/goals", one("goals"), one("goals", "/help")] },
    { name: "five", as: "Amina", path: ["/goals", one("goals"), /^\/find\?goal=/] },
    { name: "find", as: "Amina", path: "/find" },
    { name: "find-words", as: "Amina", path: "/find?q=sql" },
    { name: "find-nobody", as: "Amina", path: "/find?q=zzzzqqqq" },
    { name: "person", as: "Amina", path: ["/find?q=sql", one("people")] },
    { name: "ask-new", as: "Amina", path: ["/find?q=career", one("people"), /^\/asks\/new\?/] },
    { name: "asks", as: "Amina", path: "/asks" },
    { name: "ask-sent", as: "Amina", path: ["/asks", one("asks")] },
    { name: "questions", as: "Amina", path: "/questions" },
    { name: "question-new", as: "Amina", path: "/questions/new" },
    { name: "question-answered", as: "Amina", path: ["/questions", one("questions")] },
    { name: "question-grow", as: "Amina", path: ["/questions", one("questions"), one("questions", "/grow")] },
    { name: "relationships-none", as: "Amina", path: "/relationships" },
    { name: "notices", as: "Amina", path: "/notices" },
    { name: "skills-words", as: "Amina", path: "/profile/skills" },
    { name: "relationships", as: "Priya", path: "/relationships" },
    { name: "relationship", as: "Priya", path: ["/relationships", one("relationships")] },
    { name: "relationship-end", as: "Priya", path: ["/relationships", one("relationships"), one("relationships", "/end")] },
    { name: "stuck", as: "Priya", path: ["/relationships", one("relationships"), /^\/questions\/new\?stuck_in=/] },
    { name: "newcomer-today", as: "Sam", path: "/today" },
    { name: "newcomer-find", as: "Sam", path: "/find" },
    { name: "newcomer-goals", as: "Sam", path: "/goals" },

    // A mentor: somebody waits for Tomas.
    { name: "mentor-today", as: "Tomáš", path: "/today" },
    { name: "ask-received", as: "Tomáš", path: ["/asks", one("asks")] },
    { name: "mentor-notices", as: "Tomáš", path: "/notices" },
    { name: "mentor-relationship", as: "Tomáš", path: ["/relationships", one("relationships")] },
    { name: "profile", as: "Tomáš", path: "/profile" },
    { name: "profile-experience", as: "Ngozi", path: "/profile/experience" },
    { name: "profile-how-i-work", as: "Ngozi", path: "/profile/how-i-work" },
    { name: "profile-values", as: "Ngozi", path: "/profile/values" },
    { name: "profile-time", as: "Ngozi", path: "/profile/time" },
    { name: "profile-open-to", as: "Ngozi", path: "/profile/open-to" },
    { name: "profile-public", as: "Ngozi", path: "/profile/public" },
    { name: "own-page", as: "Ngozi", path: ["/profile", one("people")] },
    { name: "account", as: "Tomáš", path: "/account" },
    { name: "account-address", as: "Tomáš", path: "/account/address" },
    { name: "account-password", as: "Tomáš", path: "/account/password" },
    { name: "account-passkey", as: "Tomáš", path: "/account/passkeys/new" },
    { name: "account-mail", as: "Tomáš", path: "/account/mail" },
    { name: "account-close", as: "Tomáš", path: "/account/close" },
    { name: "ended", as: "Warnakulasuriya", path: ["/relationships", { last: one("relationships") }] },

    // Two who work together: Amina and Tomáš.
    { name: "compare", as: "Amina", path: "/relationships/compare" },
    ...["more", "pause", "kind", "wind-up", "dissolve", "seen-by", "sessions", "goals", "actions", "decisions", "messages", "agreement", "notebook", "pulse", "worksheets"].map((end) => ({
        name: `working-${end}`,
        as: "Amina",
        path: ["/relationships", one("relationships"), one("relationships", `/${end}`)],
    })),
    { name: "working-now", as: "Amina", path: ["/relationships", one("relationships")] },
    { name: "message", as: "Amina", path: ["/relationships", one("relationships"), one("relationships", "/messages"), one("relationships", "/messages/[0-9]+")] },
    { name: "agreement-print", as: "Amina", path: ["/relationships", one("relationships"), one("relationships", "/agreement"), one("relationships", "/agreement/print")] },
    { name: "agreement-sponsor", as: "Amina", path: ["/relationships", one("relationships"), one("relationships", "/agreement"), one("relationships", "/agreement/sponsor")] },
    { name: "decision-new", as: "Amina", path: ["/relationships", one("relationships"), one("relationships", "/decisions"), one("relationships", "/decisions/new")] },
    { name: "decision", as: "Amina", path: ["/relationships", one("relationships"), one("decisions")] },
    { name: "session-new", as: "Tomáš", path: ["/relationships", one("relationships"), one("relationships", "/sessions"), one("relationships", "/sessions/new")] },
    { name: "session", as: "Tomáš", path: ["/relationships", one("relationships"), one("sessions")] },
    { name: "session-held", as: "Tomáš", path: ["/relationships", one("relationships"), one("relationships", "/sessions"), { last: one("sessions") }] },
    { name: "session-move", as: "Tomáš", path: ["/relationships", one("relationships"), one("sessions"), one("sessions", "/move")] },
    { name: "session-cancel", as: "Tomáš", path: ["/relationships", one("relationships"), one("sessions"), one("sessions", "/cancel")] },
    { name: "circle-new", as: "Mateus", path: "/circles/new" },
    { name: "circle", as: "Duarte", path: ["/today", one("circles")] },
    { name: "circle-now", as: "Mateus", path: ["/relationships", one("relationships")] },
    { name: "circle-members", as: "Mateus", path: ["/relationships", one("relationships"), one("circles")] },
    { name: "circle-newcomers", as: "Mateus", path: ["/relationships", one("relationships"), one("circles", "/newcomers")] },
    { name: "circle-concern-about", as: "Mateus", path: ["/relationships", one("relationships"), /^\/concerns\/new\?relationship=/] },
    { name: "circle-concern", as: "Mateus", path: ["/relationships", one("relationships"), /^\/concerns\/new\?relationship=/, /^\/concerns\/new\?.*about=/] },
    { name: "circle-leave", as: "Mateus", path: ["/relationships", one("relationships"), one("circles", "/leave")] },
    { name: "actions", as: "Amina", path: "/actions" },
    { name: "action-new", as: "Amina", path: "/actions/new" },
    { name: "action", as: "Amina", path: ["/actions", one("actions")] },
    { name: "reflections", as: "Amina", path: "/reflections" },
    { name: "reflection-new", as: "Amina", path: "/reflections/new?model=surprise" },
    { name: "reflection", as: "Amina", path: ["/reflections", { last: one("reflections") }] },
    { name: "reflection-back", as: "Amina", path: ["/reflections", one("reflections")] },
    { name: "reflection-edit", as: "Amina", path: ["/reflections", one("reflections"), one("reflections", "/edit")] },
    { name: "reflection-share", as: "Amina", path: ["/reflections", { last: one("reflections") }, /^\/reflections\/.*\/share\?/] },
    { name: "working-reflections", as: "Tomáš", path: ["/relationships", one("relationships"), one("relationships", "/reflections")] },
    { name: "plans", as: "Amina", path: "/plans" },
    { name: "plan-new", as: "Amina", path: "/plans/new" },
    { name: "plan-template", as: "Amina", path: "/plans/new?template=first-leadership" },
    { name: "plan", as: "Amina", path: ["/plans", one("plans")] },
    { name: "plan-partner", as: "Tomáš", path: ["/relationships", one("relationships"), one("plans")] },
    { name: "plan-milestone", as: "Amina", path: ["/plans", one("plans"), /^\/plans\/items\//] },
    { name: "plan-add", as: "Amina", path: ["/plans", one("plans"), one("plans", "/add")] },
    { name: "plan-suggest", as: "Tomáš", path: ["/relationships", one("relationships"), one("plans"), one("plans", "/suggest")] },
    { name: "wins", as: "Amina", path: "/wins" },
    { name: "win", as: "Amina", path: ["/wins", one("wins")] },
    { name: "win-new", as: "Amina", path: "/wins/new" },
    { name: "growth", as: "Amina", path: "/growth" },
    { name: "attainment", as: "Amina", path: ["/growth", one("attainment")] },
    { name: "attainment-partner", as: "Tomáš", path: ["/relationships", one("relationships"), one("relationships", "/goals"), one("attainment")] },
    { name: "attainment-rate", as: "Amina", path: ["/growth", one("attainment"), one("attainment", "/rate")] },
    { name: "attainment-scales", as: "Amina", path: ["/growth", one("attainment"), one("attainment", "/scales")] },
    { name: "attainment-results", as: "Amina", path: ["/growth", one("attainment"), one("attainment", "/results")] },
    { name: "feedback", as: "Amina", path: "/feedback" },
    { name: "feedback-new", as: "Amina", path: "/feedback/new" },
    { name: "feedback-given", as: "Amina", path: ["/feedback", one("feedback")] },
    { name: "feedback-tried", as: "Amina", path: ["/relationships", one("relationships"), one("relationships", "/feedback"), { last: one("feedback") }] },
    { name: "feedback-asked", as: "Tomáš", path: ["/relationships", one("relationships"), one("feedback")] },
    { name: "record", as: "Amina", path: "/records" },
    { name: "record-none", as: "Sam", path: "/records" },
    { name: "record-skill", as: "Amina", path: ["/records", one("records")] },
    { name: "record-new", as: "Amina", path: "/records/new" },
    { name: "record-asked", as: "Tomáš", path: ["/today", one("records/asked")] },
    { name: "gaps", as: "Amina", path: "/records/gaps" },
    { name: "aim-new", as: "Amina", path: "/records/aims/new" },
    { name: "aim", as: "Amina", path: ["/records/gaps", one("records/aims")] },
    { name: "reviews", as: "Amina", path: "/reviews" },
    { name: "review", as: "Amina", path: ["/reviews", one("reviews")] },
    { name: "review-open", as: "Priya", path: ["/reviews", one("reviews")] },
    { name: "review-new", as: "Sam", path: "/reviews/new" },
    { name: "feedback-lessons", path: "/feedback/lessons" },
    { name: "working-feedback", as: "Tomáš", path: ["/relationships", one("relationships"), one("relationships", "/feedback")] },
    { name: "feedback-give", as: "Tomáš", path: ["/relationships", one("relationships"), one("relationships", "/feedback"), one("relationships", "/feedback/new")] },
    { name: "worksheets", as: "Amina", path: "/worksheets" },
    { name: "worksheet-new", as: "Amina", path: "/worksheets/new" },
    { name: "worksheet-ready", as: "Amina", path: "/worksheets/ready/my-week" },
    { name: "worksheet", as: "Amina", path: ["/worksheets", one("worksheets")] },
    { name: "worksheet-question", as: "Amina", path: ["/worksheets", one("worksheets"), one("worksheets", "/questions/[I0]+")] },
    { name: "worksheet-question-new", as: "Amina", path: ["/worksheets", one("worksheets"), /^\/worksheets\/.*\/questions\/new\?(kind=scale)?$/] },
    { name: "worksheet-give", as: "Tomáš", path: ["/worksheets", one("worksheets"), one("worksheets", "/give")] },
    { name: "assignment", as: "Amina", path: ["/worksheets", one("assignments")] },
    { name: "assignment-read", as: "Amina", path: ["/worksheets", { last: one("assignments") }] },
    { name: "assignment-beside", as: "Tomáš", path: ["/relationships", one("relationships"), one("relationships", "/worksheets"), { last: one("assignments") }] },
    { name: "experiments", as: "Amina", path: "/experiments" },
    { name: "experiment-new", as: "Amina", path: "/experiments/new" },
    { name: "experiment", as: "Amina", path: ["/experiments", one("experiments")] },
    { name: "experiment-learnt", as: "Tomáš", path: ["/relationships", one("relationships"), one("experiments")] },
    { name: "question-bank", as: "Amina", path: "/library/questions" },
    { name: "concerns", as: "Amina", path: "/concerns" },
    { name: "concern-new", as: "Amina", path: "/concerns/new" },
    { name: "concern-contacts", as: "Henrik", path: "/concerns/contacts" },
    { name: "account-calendars", as: "Tomáš", path: "/account/calendars" },

    // Those who look after the place.
    { name: "skills", as: "Rosa", path: "/skills" },
    { name: "coordinator-today", as: "Rosa", path: "/today" },
    { name: "pulse-quarters", as: "Rosa", path: "/pulse" },
    { name: "growth-all", as: "Rosa", path: "/growth/all" },
    { name: "place", as: "Henrik", path: "/place" },
    { name: "place-import", as: "Henrik", path: "/place/import" },
    { name: "place-people", as: "Henrik", path: "/place/people" },
    { name: "outbox", as: "Henrik", path: "/place/outbox" },
    { name: "components", as: "Amina", path: "/dev/components" },
];

// Goes there as a person would, link by link, and gives the answer of the last step.
export async function visit(page, path) {
    const [begin, ...links] = [path].flat();
    let answer = await page.goto(begin);
    for (const wanted of links) {
        const hrefs = await page.locator("main a[href]").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
        const href = wanted.last ? hrefs.findLast((one) => wanted.last.test(one)) : hrefs.find((one) => wanted.test(one));
        if (!href) throw new Error(`${page.url()} has no link like ${wanted.last ?? wanted}; it has:\n  ${hrefs.join("\n  ")}`);
        answer = await page.goto(href);
    }
    return answer;
}

export const isWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
