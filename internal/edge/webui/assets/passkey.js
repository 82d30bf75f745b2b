// Asks the browser for a passkey. Everything else works without it.
"use strict";

(() => {
  const supported = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;
  const code = document.getElementById("code");
  if (code && location.hash.length > 1) {
    code.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname); // it opens an account: not for the history
  }
  if (!supported) return;

  async function post(path, body) {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.detail);
    return said;
  }

  async function signIn() {
    const asked = await post("/signin/passkey/options", {});
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options.publicKey);
    const credential = await navigator.credentials.get({ publicKey });
    await post("/signin/passkey", { state: asked.state, answer: credential.toJSON() });
  }

  async function add(button) {
    const enrolment = code ? code.value.trim() : "";
    const label = document.getElementById("label");
    const asked = await post("/passkey/options", { enrolment });
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options.publicKey);
    const credential = await navigator.credentials.create({ publicKey });
    await post("/passkey", { enrolment, label: label ? label.value : "", state: asked.state, answer: credential.toJSON() });
  }

  for (const button of document.querySelectorAll("button[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const problem = document.getElementById("problem");
      problem.textContent = "";
      button.disabled = true;
      try {
        await (button.dataset.passkey === "add" ? add(button) : signIn());
        location.assign("/");
      } catch (e) {
        problem.textContent = e.name === "NotAllowedError" ? "No passkey was used: it was cancelled, or took too long." : e.message;
        button.disabled = false;
        button.focus();
      }
    });
  }
})();
