// The chat's own buttons: what is copied reads as it is shown, Escape leaves a question that is
// being reworded, and the cursor goes on when its button is gone.
(() => {
  const box = () => document.querySelector("#question textarea");

  // --- Copying: Gradio takes the source of a message, links of the page and all.

  const isCopy = (button) =>
    button?.closest("#chat .message-buttons") && !button.previousElementSibling;

  const readable = (row) => [...row.querySelectorAll(".message .prose")]
    .filter((text) => !text.closest(".thought-group"))
    .map((text) => {
      const feedback = text.querySelector('a[href$="-feedback"]')?.innerText ?? "";
      return text.innerText.trim().slice(0, -feedback.length || undefined).trim();
    })
    .join("\n\n");

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!isCopy(button) || !navigator.clipboard) return;
    const text = readable(button.closest(".message-row"));
    setTimeout(() => navigator.clipboard.writeText(text)); // after Gradio, which says it is done
  });

  // --- Rewording

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.matches("#chat textarea")) return;
    const buttons = event.target.closest(".message-row").querySelectorAll(".message-buttons button");
    buttons[1].click(); // the first one sends it
  });

  // --- The cursor

  let last = null; // what had it in the chat

  document.addEventListener("focusin", (event) => {
    last = event.target.closest("#chat") ? event.target : null;
  });

  dateline.whenRedrawn(() => {
    if (!last || last.isConnected) return;
    last = null;
    const touched = window.matchMedia("(hover: none)").matches; // it would open the keyboard
    if (document.activeElement === document.body && !touched) box().focus({ preventScroll: true });
  });
})();
