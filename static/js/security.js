// Comforts for passwords, setup keys and backup codes. Their buttons show up with this script.
(() => {
  "use strict";

  const BUTTONS = "[data-shows-password], [data-copies], [data-prints]";
  const KINDS = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/];
  const COPIED_SHOWS = 3000; // milliseconds

  function reveal() {
    for (const button of document.querySelectorAll(BUTTONS)) button.hidden = false;
  }

  reveal();
  document.addEventListener("htmx:after:settle", reveal);

  function togglePassword(button) {
    const field = document.getElementById(button.getAttribute("aria-controls"));
    const isShown = field.type === "password";
    field.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", isShown);
    field.focus();
  }

  async function copy(button) {
    const source = document.getElementById(button.dataset.copies);
    const lines = [...source.querySelectorAll("code")].map((line) => line.textContent);
    try {
      await navigator.clipboard.writeText(lines.join("\n") || source.textContent.replace(/\s/g, ""));
    } catch {
      getSelection().selectAllChildren(source); // for the person to copy
      return;
    }
    const words = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = words;
    }, COPIED_SHOWS);
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest(BUTTONS);
    if (!button) return;
    if ("showsPassword" in button.dataset) togglePassword(button);
    else if ("prints" in button.dataset) print();
    else copy(button);
  });

  // A password that can be seen is not sent as a text that a browser would offer again.
  document.addEventListener(
    "submit",
    ({ target }) => {
      const shown = target.querySelector("[data-shows-password][aria-pressed=true]");
      if (shown) togglePassword(shown);
    },
    true,
  );

  function isMet(rule, text) {
    const length = [...text].length;
    const least = Number(rule.dataset.least);
    if (rule.dataset.rule === "length") return length >= least && length <= rule.dataset.most;
    return KINDS.filter((kind) => kind.test(text)).length >= least;
  }

  // The rules that can be told here are ticked while one types; Logto has the last word.
  document.addEventListener("input", ({ target }) => {
    const rules = target.form?.querySelector(".rules");
    if (!rules || target.name !== "password") return;
    for (const rule of rules.querySelectorAll("li")) {
      const words = rule.querySelector("[data-state-words]");
      delete rule.dataset.state;
      words.textContent = "";
      if (!rule.dataset.rule || !target.value) continue;
      rule.dataset.state = isMet(rule, target.value) ? "met" : "unmet";
      words.textContent = `, ${rules.dataset[rule.dataset.state]}`;
    }
  });
})();
