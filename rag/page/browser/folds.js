// Parts of the page that are hidden until their button is pressed; Escape hides them again.
(() => {
  const fold = (part) => {
    const toggle = () => document.getElementById(`show-${part}`);
    const isOpen = () => document.body.dataset[part] === "open";

    const name = () => {
      const button = toggle();
      if (!button || button.getAttribute("aria-expanded") === String(isOpen())) return;
      button.setAttribute("aria-expanded", String(isOpen()));
      button.setAttribute("aria-controls", part);
    };
    const turn = (open) => {
      document.body.dataset[part] = open ? "open" : "closed";
      name();
    };

    document.addEventListener("click", (event) => {
      if (event.target.closest(`#show-${part}`)) turn(!isOpen());
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !event.target.closest(`#${part}`)) return;
      if (event.target.getAttribute("aria-expanded") === "true") return; // closes its own list
      turn(false);
      toggle().focus();
    });

    dateline.whenRedrawn(name);
  };

  ["conversations", "settings"].forEach(fold);
})();
