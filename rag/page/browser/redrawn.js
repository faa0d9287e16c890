// What the scripts of the page share: the server draws its parts anew at any time, and whoever
// looks after a part must hear of it.
window.dateline = {
  // Calls `act` before the next frame, once for all that was drawn since the last one, or changed
  // in one of the `attributes`.
  whenRedrawn(act, attributes = []) {
    let waiting = false;
    new MutationObserver(() => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        act();
      });
    }).observe(document, { childList: true, subtree: true, attributeFilter: attributes });
  },
};
