// What the page needs beyond its components: a marker shows its evidence, a question comes to the
// top of the chat, and names are given where a screen reader would hear source code or nothing.
(() => {
  const PATIENCE_MS = 4000; // for the evidence of an earlier answer, which the server has to send
  let followed = null; // the marker to return to
  let shown = null; // the id of the card shown
  let questions = 0;

  const box = () => document.querySelector("#question textarea");

  const whenThere = (id, act) => {
    const started = Date.now();
    const look = () => {
      const found = document.getElementById(id);
      if (found) act(found);
      else if (Date.now() - started < PATIENCE_MS) setTimeout(look, 50);
    };
    look();
  };

  const inSight = (element) => {
    const { top } = element.getBoundingClientRect();
    return top >= 0 && top < window.innerHeight / 2;
  };

  const show = (card) => {
    shown = card.id;
    mark();
    card.dispatchEvent(new CustomEvent("reveal", { bubbles: true }));
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = still ? "auto" : "smooth";
    const quote = card.querySelector("mark");
    const long = card.classList.contains("reader");
    // An article without a quote that is in sight already stays where it is.
    if (!long || !(quote || inSight(card))) card.scrollIntoView({ block: "start", behavior });
    if (quote) quote.scrollIntoView({ block: long ? "center" : "nearest", behavior });
    card.focus({ preventScroll: true });
  };

  // The panel is drawn anew while an answer grows; the card keeps its frame.
  const mark = () => {
    document.querySelectorAll("#evidence .card").forEach((card) => {
      card.classList.toggle("shown", card.id === shown);
    });
  };

  const goBack = () => {
    const target = followed && followed.isConnected && followed;
    if (target) target.scrollIntoView({ block: "center" });
    (target || box()).focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("#new-chat")) box().focus();
    const link = event.target.closest('a[href^="#t"]');
    if (!link) return;
    event.preventDefault(); // the address of the page stays as it is
    if (link.classList.contains("back")) {
      goBack();
    } else {
      followed = link;
      whenThere(link.getAttribute("href").slice(1), show);
    }
  }, true);

  const newestOnTop = () => {
    const rows = document.querySelectorAll("#chat .user-row");
    if (rows.length > questions) {
      const list = rows[rows.length - 1].closest('[role="log"]');
      const scrolling = [list, ...list.querySelectorAll("*")].find(
        (box) => box.scrollHeight > box.clientHeight && box.contains(rows[rows.length - 1])
          && /auto|scroll/.test(getComputedStyle(box).overflowY));
      if (scrolling) {
        const last = rows[rows.length - 1].getBoundingClientRect().top;
        scrolling.scrollTop += last - scrolling.getBoundingClientRect().top;
      }
    }
    return rows.length;
  };

  const name = () => {
    document.querySelectorAll("#chat [data-testid][aria-label*=\"'s message\"]").forEach((box) => {
      box.removeAttribute("aria-label"); // it repeats the message's source, link addresses and all
    });
    document.querySelectorAll("#chat .thought-group > .title").forEach((step) => {
      const open = String(Boolean(step.nextElementSibling));
      if (step.getAttribute("aria-expanded") !== open) step.setAttribute("aria-expanded", open);
    });
    document.querySelectorAll("#chat .examples > button").forEach((button) => {
      button.parentElement.setAttribute("role", "group");
      button.removeAttribute("aria-label"); // it counts; the question is the name
    });
    // In the reader's language, which only the server knows.
    const words = document.querySelector("#kept [data-quote]")?.dataset;
    const links = '#chat .prose a[href^="#t"]:not([aria-label]):not([href$="-feedback"])';
    if (words) document.querySelectorAll(links).forEach((link) => {
      const number = link.textContent.replace(/[^0-9]/g, "");
      link.setAttribute("aria-label", number ? words.quote.replace("#", number) : words.passage);
    });
  };

  // An article opened to be read comes into view at its quote.
  const read = new WeakSet();
  const openReader = () => {
    const article = document.querySelector("#evidence .reader") ||
      document.querySelector("#reading .reader");
    if (article && !read.has(article)) {
      read.add(article);
      show(article);
    }
  };

  dateline.whenRedrawn(() => {
    name();
    mark();
    openReader();
    questions = newestOnTop();
  }, ["aria-label"]);
})();
