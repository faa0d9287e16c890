// Which conversation this tab shows: remembered for the tab while it is open, and for the browser
// until another is begun. What asks for the cursor gets it.
(() => {
  const KEY = "dateline-conversation";
  let remembered = null; // what the page said last
  let focused = null;

  const stored = (act) => {
    try { return act(); } catch { return null; } // a browser that keeps nothing
  };

  dateline.recalled = () =>
    stored(() => sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY)) ?? "";

  const remember = () => {
    const shown = document.querySelector("#kept [data-conversation]")?.dataset.conversation;
    if (shown === undefined || shown === remembered) return;
    remembered = shown;
    stored(() => sessionStorage.setItem(KEY, shown));
    if (shown) stored(() => localStorage.setItem(KEY, shown));
  };

  const focus = () => {
    const wanted = document.querySelector("[data-focus]");
    if (!wanted || wanted === focused) return;
    focused = wanted;
    wanted.focus();
    wanted.closest("form")?.scrollIntoView({ block: "nearest" });
    if (wanted.select) wanted.select();
  };

  // A fold says aloud whether it is open, and not the arrow beside its name.
  const nameFolds = () => {
    document.querySelectorAll(".gr-accordion > button.label-wrap").forEach((button) => {
      const open = String(button.classList.contains("open"));
      if (button.getAttribute("aria-expanded") !== open) button.setAttribute("aria-expanded", open);
      button.querySelector(".icon")?.setAttribute("aria-hidden", "true");
    });
  };

  // The link stands in the chat, its form elsewhere: the form is told whose answer is meant.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href$="-feedback"]');
    if (!link) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const about = link.getAttribute("href").slice(1).replace(/-feedback$/, "");
    document.dispatchEvent(new CustomEvent("dateline-feedback", { detail: { about } }));
  }, true);

  dateline.whenRedrawn(() => {
    remember();
    nameFolds();
    focus();
  }, ["class"]);
})();
