// Which conversation this tab shows: remembered for the tab while it is open, and for the browser
// until another is begun. What asks for the cursor gets it.
(() => {
  const KEY = "dateline-conversation";
  let remembered = null; // what the page said last
  let focused = null;

  const stored = (act) => {
    try { return act(); } catch { return null; } // a browser that keeps nothing
  };

  window.dateline = Object.assign(window.dateline || {}, {
    recalled: () => stored(() => sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY)) ?? "",
  });

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

  // The list of conversations is hidden until its button is pressed; Escape hides it again.
  const toggle = () => document.getElementById("show-conversations");
  const isOpen = () => document.body.dataset.conversations === "open";
  const fold = (open) => {
    document.body.dataset.conversations = open ? "open" : "closed";
    nameToggle();
  };
  const nameToggle = () => {
    const button = toggle();
    if (!button || button.getAttribute("aria-expanded") === String(isOpen())) return;
    button.setAttribute("aria-expanded", String(isOpen()));
    button.setAttribute("aria-controls", "conversations");
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("#show-conversations")) fold(!isOpen());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest("#conversations")) return;
    fold(false);
    toggle().focus();
  });

  // The link stands in the chat, its form elsewhere: the form is told whose answer is meant.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href$="-feedback"]');
    if (!link) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const about = link.getAttribute("href").slice(1).replace(/-feedback$/, "");
    document.dispatchEvent(new CustomEvent("dateline-feedback", { detail: { about } }));
  }, true);

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      remember();
      nameFolds();
      nameToggle();
      focus();
    });
  }).observe(document, { childList: true, subtree: true, attributeFilter: ["class"] });
})();
