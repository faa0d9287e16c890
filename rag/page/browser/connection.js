// Whether the server is there: a line says so in words when it is not, and the page is opened anew
// when it is back, because a server that was started again knows nothing of this page.
(() => {
  const WATCH_MS = 3000; // between two looks while all is well
  const RETRY_MS = 1000; // and while the server is gone
  const DRAFT = "dateline-draft"; // what was typed and not sent
  const known = () => window.gradio_config?.app_id;
  let lost = false;

  const line = () => document.getElementById("connection") || (() => {
    const made = document.createElement("p");
    made.id = "connection";
    made.setAttribute("role", "status");
    document.body.prepend(made);
    return made;
  })();

  // The words come from the server, in the reader's language, while it is there.
  const ENGLISH = { // until the server has said them
    lost: "The connection to the server was lost. Trying to reach it again…",
    back: "The server is back. The page is opened anew…",
  };
  const words = (name) =>
    document.querySelector("#kept [data-lost]")?.dataset[name] ?? ENGLISH[name];

  const say = (text) => {
    if (line().textContent !== text) line().textContent = text;
    line().hidden = !text;
  };

  const look = async () => {
    const answer = await fetch("gradio_api/app_id", { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()).app_id;
  };

  const reopen = () => {
    say(words("back"));
    const typed = document.querySelector("#question textarea")?.value;
    try {
      if (typed) sessionStorage.setItem(DRAFT, typed);
    } catch { /* a browser that keeps nothing */ }
    location.reload();
  };

  const watch = async () => {
    try {
      const found = await look();
      if (known() && found !== known()) return reopen();
      if (lost) say("");
      lost = false;
    } catch {
      lost = true;
      say(words("lost"));
    }
    setTimeout(watch, lost ? RETRY_MS : WATCH_MS);
  };
  setTimeout(watch, WATCH_MS);

  // What was typed before the page was opened anew is put back into the box.
  const restoreDraft = () => {
    const box = document.querySelector("#question textarea");
    if (!box) return setTimeout(restoreDraft, 100);
    try {
      const typed = sessionStorage.getItem(DRAFT);
      sessionStorage.removeItem(DRAFT);
      if (!typed || box.value) return;
      box.value = typed;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    } catch { /* a browser that keeps nothing */ }
  };
  restoreDraft();
})();
