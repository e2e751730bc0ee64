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

  // No answer at all: say so, where every other message is.
  document.addEventListener("htmx:error", () => {
    const region = document.getElementById("messages");
    const message = document.createElement("p");
    message.className = "message message--error";
    message.role = "alert";
    message.textContent = region.dataset.offline;
    region.replaceChildren(message);
  });

  // A button that works again after some seconds says how many are left.
  function count(seconds) {
    for (const button of document.querySelectorAll("button[data-wait]")) {
      const left = button.dataset.wait - seconds;
      const words = button.parentElement.querySelector("[data-wait-for]");
      button.disabled = left > 0;
      button.dataset.wait = left;
      if (words) words.querySelector("[data-seconds]").textContent = left;
      if (left > 0) continue;
      delete button.dataset.wait;
      words?.remove();
    }
  }
  document.addEventListener("DOMContentLoaded", () => count(0));
  document.addEventListener("htmx:after:settle", () => count(0));
  setInterval(count, 1000, 1);

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
