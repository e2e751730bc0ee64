// The second factor by passkey: the page's question stands in the form, the answer goes into it.

const form = document.querySelector("form[data-passkey]");
const complaint = form.querySelector("[role=alert]");

form.hidden = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  complaint.textContent = "";
  try {
    const question = JSON.parse(form.dataset.passkey);
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(question);
    const credential = await navigator.credentials.get({ publicKey });
    form.elements.passkey.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    complaint.textContent = `The browser gave no passkey: ${error.message}`;
  }
});
