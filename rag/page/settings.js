// The settings are hidden until their button is pressed; Escape hides them again.
(() => {
  const toggle = () => document.getElementById("show-settings");
  const isOpen = () => document.body.dataset.settings === "open";

  const name = () => {
    const button = toggle();
    if (!button || button.getAttribute("aria-expanded") === String(isOpen())) return;
    button.setAttribute("aria-expanded", String(isOpen()));
    button.setAttribute("aria-controls", "settings");
  };
  const fold = (open) => {
    document.body.dataset.settings = open ? "open" : "closed";
    name();
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("#show-settings")) fold(!isOpen());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest("#settings")) return;
    if (event.target.getAttribute("aria-expanded") === "true") return; // closes its own list
    fold(false);
    toggle().focus();
  });

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      name();
    });
  }).observe(document, { childList: true, subtree: true });
})();
