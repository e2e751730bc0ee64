// Comforts on top of pages that work without them.
(() => {
  "use strict";

  // Where the eye goes in what was just put into the page.
  const PLACES = [
    "[aria-invalid=true]",
    "[autofocus]",
    "input:checked",
    "input:not([type=hidden]), select, textarea",
    "a, button",
  ];

  function focusIn(root) {
    const place = PLACES.map((selector) => root.querySelector(selector)).find(Boolean);
    place?.focus();
  }

  document.addEventListener("htmx:after:settle", ({ detail: { task, newContent } }) => {
    const chosen = document.querySelector("[data-theme-choice]");
    if (chosen) {
      document.documentElement.dataset.theme = chosen.dataset.themeChoice;
      chosen.remove();
    }
    if (task.type !== "main") return;
    const root = newContent.find((node) => node.nodeType === Node.ELEMENT_NODE);
    if (root) queueMicrotask(() => focusIn(root)); // after htmx has seen to [autofocus]
  });

  // A button that was disabled while its request was under way has lost the focus.
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    setTimeout(() => {
      const button = ctx.request.submitter;
      if (button?.isConnected && document.activeElement === document.body) button.focus();
    });
  });

  // A form that htmx does not send is sent once.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if ("sent" in event.target.dataset) event.preventDefault();
    event.target.dataset.sent = "";
  });

  // The page is back from the browser's memory: its forms can be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
