// Makes a passkey: the page holds what the device is asked, and the form takes its answer away.
(() => {
  "use strict";

  const LASTS = 9 * 60 * 1000; // ms that a page may be open; the question lives for ten minutes
  const openedAt = Date.now();
  const form = document.getElementById("passkey");
  const field = form.elements.credential;
  const button = form.querySelector("button");

  const REASONS = {
    NotAllowedError: "refused",
    AbortError: "refused",
    InvalidStateError: "known",
    SecurityError: "elsewhere",
    NotSupportedError: "unable",
    ConstraintError: "unable",
  };

  const complaint = form.querySelector("[data-complaint]");

  function complain(reason) {
    const words = document.querySelector(`template[data-reason=${reason}]`).content;
    complaint.hidden = false;
    complaint.replaceChildren(words.cloneNode(true));
  }

  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

  const base64url = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  // WebAuthn Level 3 has these two conversions; older browsers have not.
  function question() {
    const asked = JSON.parse(form.dataset.options);
    if (PublicKeyCredential.parseCreationOptionsFromJSON) {
      return PublicKeyCredential.parseCreationOptionsFromJSON(asked);
    }
    const known = asked.excludeCredentials ?? [];
    return {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: known.map((one) => ({ ...one, id: bytes(one.id) })),
    };
  }

  function answer(credential) {
    try {
      return credential.toJSON();
    } catch {
      // Some password managers promise it and can't.
    }
    const { clientDataJSON, attestationObject } = credential.response;
    return {
      id: credential.id,
      rawId: base64url(credential.rawId),
      type: credential.type,
      response: {
        clientDataJSON: base64url(clientDataJSON),
        attestationObject: base64url(attestationObject),
        transports: credential.response.getTransports?.() ?? [],
      },
    };
  }

  // The device is asked right here, where the click is: Safari wants to see that it was one.
  form.addEventListener("submit", async (event) => {
    if (field.value) return; // the passkey is made: the form goes its way
    event.preventDefault();
    complaint.hidden = true;
    if (Date.now() - openedAt > LASTS) return complain("late");
    button.disabled = true;
    try {
      const credential = await navigator.credentials.create({ publicKey: question() });
      field.value = JSON.stringify(answer(credential));
      form.requestSubmit();
    } catch (error) {
      complain(REASONS[error.name] ?? "failed");
    } finally {
      button.disabled = false;
    }
  });

  // Back from the browser's memory: what was sent once is not sent again.
  addEventListener("pageshow", () => (field.value = ""));

  document.querySelector("[data-passkey-form]").hidden = false;
  document.querySelector("[data-without-script]").hidden = true;
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    complain("elsewhere");
  }
})();
