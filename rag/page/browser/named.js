// Gradio says aloud what some of its parts are in English, whatever the reader's language.
(() => {
  const PARTS = "button, svg, input, [role='log'], .panel-wrap";

  dateline.whenRedrawn(() => {
    const names = dateline.names[document.documentElement.lang];
    if (!names) return;
    document.querySelectorAll(PARTS).forEach((part) => {
      for (const place of ["aria-label", "title"]) {
        const said = names[part.getAttribute(place)];
        if (said) part.setAttribute(place, said);
      }
    });
  }, ["aria-label", "title"]);
})();
