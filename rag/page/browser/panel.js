// Tabs inside the evidence, the cursor after a panel was drawn anew, and the reader's language.
(() => {
  const korean = (navigator.language || "en").toLowerCase().split("-")[0] === "ko";
  const name = () => { document.documentElement.lang = korean ? "ko" : "en"; };

  // --- Tabs: one panel shown, the arrow keys go round.

  const select = (tab) => {
    tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]').forEach((other) => {
      const is = other === tab;
      other.setAttribute("aria-selected", String(is));
      other.tabIndex = is ? 0 : -1;
      const panel = document.getElementById(other.getAttribute("aria-controls"));
      if (panel) panel.hidden = !is;
    });
  };

  const own = (element) => element.closest && element.closest('.tablist [role="tab"]');

  document.addEventListener("click", (event) => {
    const tab = own(event.target);
    if (tab) select(tab);
  });

  document.addEventListener("keydown", (event) => {
    const tab = own(event.target);
    if (!tab) return;
    const tabs = [...tab.parentElement.querySelectorAll('[role="tab"]')];
    const at = tabs.indexOf(tab);
    const to = {
      ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    next.focus();
    next.click();
  });

  // A card that is to be shown opens the tab it lies in.
  document.addEventListener("reveal", (event) => {
    const panel = event.target.closest('.tablist ~ [role="tabpanel"]');
    if (panel && panel.hidden) select(document.getElementById(panel.getAttribute("aria-labelledby")));
  });

  // --- The cursor: a press that draws a panel anew would lose it.

  let wanted = null; // the element to go to, as soon as the pressed button is gone
  let came = null; // the button that opened an article, to come back to

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".sources button");
    if (!button) return;
    const { key, marker, hit, article, then } = button.dataset;
    if (then) wanted = { button, selector: `[id="${CSS.escape(then)}"]` };
    const place = marker ? `[data-marker="${CSS.escape(marker)}"]`
      : hit ? `[data-hit="${CSS.escape(hit)}"]`
      : article ? `[data-article="${CSS.escape(article)}"]` : "";
    if (key && place && !button.closest(".reader")) {
      came = `.tablist ~ [role="tabpanel"] [data-key="${CSS.escape(key)}"]${place}`;
    } else if (key && !place && !then && came) {
      wanted = { button, selector: came };
    }
  }, true);

  // From an article back to where it was pressed in the list.
  let listed = "#articles";
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("#articles [data-article]");
    if (pressed) listed = `#articles [data-article="${CSS.escape(pressed.dataset.article)}"]`;
    const target = event.target.closest('a[href="#articles"]') && document.querySelector(listed);
    if (!target) return;
    event.preventDefault();
    target.scrollIntoView({ block: "nearest" });
    target.focus({ preventScroll: true });
  });

  const follow = () => {
    if (!wanted || wanted.button.isConnected) return;
    const target = document.querySelector(wanted.selector);
    if (!target) return;
    wanted = null;
    target.dispatchEvent(new CustomEvent("reveal", { bubbles: true }));
    target.focus();
  };

  dateline.whenRedrawn(() => {
    name();
    follow();
  });
})();
