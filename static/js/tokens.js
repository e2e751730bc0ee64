// A new token is shown once: not again, either, when the browser brings the page back from memory.
addEventListener("pagehide", () => {
  for (const shown of document.querySelectorAll("[data-shown-once]")) shown.replaceChildren();
});
