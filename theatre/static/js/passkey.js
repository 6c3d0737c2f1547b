// Passkeys: the form's button asks the device, and the device's answer is what the form sends.
// The options are the server's, as JSON with bytes in base64url (WebAuthn level 3, 5.1.8 to 5.1.10).
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

async function made(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return answer(made, ["clientDataJSON", "attestationObject"]);
}

async function shown(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: known(options.allowCredentials),
  };
  const shown = await navigator.credentials.get({ publicKey });
  return answer(shown, ["clientDataJSON", "authenticatorData", "signature", "userHandle"]);
}

function answer(credential, parts) {
  const response = {};
  for (const part of parts) if (credential.response[part]) response[part] = text(credential.response[part]);
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const ask = { creation_options: made, request_options: shown };
  const [[what, options]] = Object.entries(JSON.parse(document.getElementById("passkey-options").textContent));
  const said = form.querySelector("[role=alert]");
  const say = (sentence) => (said.textContent = sentence);
  let asking = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    if (asking) return;
    if (!window.PublicKeyCredential) return say(said.dataset.missing);
    asking = true;
    say("");
    try {
      form.elements.credential.value = JSON.stringify(await ask[what](options.publicKey));
      form.requestSubmit();
    } catch (no) {
      say(no.name === "InvalidStateError" ? said.dataset.known : said.dataset.refused);
    } finally {
      asking = false;
    }
  });
}
// Back on the page with the browser's own button: the answer of before has been used.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-passkey]")) form.elements.credential.value = "";
});
