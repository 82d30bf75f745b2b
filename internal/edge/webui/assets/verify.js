// Verifies one's feed of the ledger in the browser: see docs of the ledger's format
// in internal/core/ledger. It decides nothing; it says whether all of it holds.
"use strict";

(() => {
  const card = document.getElementById("verify");
  if (!card || !window.crypto || !crypto.subtle) return;
  const says = document.getElementById("verify-says"), button = card.querySelector("button");
  const text = new TextEncoder();
  card.querySelector(".yesscript").hidden = false;
  card.querySelector(".noscript").hidden = true;

  const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const join = (...parts) => {
    const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
    let at = 0;
    for (const p of parts) { out.set(p, at); at += p.length; }
    return out;
  };
  const hash = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
  const hold = (ok, what) => { if (!ok) throw new Error(what); };

  // A verifier's key is name+hash+base64 of its algorithm, 1 for Ed25519, and its bytes.
  async function verifier(key) {
    const [name, id, ...rest] = key.split("+");
    const all = bytes(rest.join("+"));
    hold(all[0] === 1 && all.length === 33, "key");
    const want = (await hash(join(text.encode(name + "\n"), all))).slice(0, 4);
    hold(id === [...want].map((b) => b.toString(16).padStart(2, "0")).join(""), "key");
    return { name, id: want, key: await crypto.subtle.importKey("raw", all.slice(1), "Ed25519", false, ["verify"]) };
  }

  // A signed note is a text, an empty line, and lines with signatures.
  async function open(note, by) {
    const at = note.lastIndexOf("\n\n");
    hold(at > 0, "signed note");
    const signed = note.slice(0, at + 1);
    for (const line of note.slice(at + 2).split("\n")) {
      const [dash, name, signature] = line.split(" ");
      if (dash !== "\u2014" || name !== by.name || !signature) continue;
      const all = bytes(signature);
      if (same(all.slice(0, 4), by.id) && await crypto.subtle.verify("Ed25519", by.key, all.slice(4), text.encode(signed))) return signed.split("\n").slice(0, -1);
    }
    throw new Error("signature");
  }

  // The root of the tree by RFC 9162, section 2.1.3.2.
  async function root(index, size, leaf, path) {
    let fn = BigInt(index), sn = BigInt(size) - 1n, r = leaf;
    hold(fn <= sn, "place");
    const node = (a, b) => hash(join(Uint8Array.of(1), a, b));
    for (const step of path) {
      hold(sn !== 0n, "inclusion path");
      const p = bytes(step);
      if ((fn & 1n) === 1n || fn === sn) {
        r = await node(p, r);
        while ((fn & 1n) === 0n && fn !== 0n) { fn >>= 1n; sn >>= 1n; }
      } else r = await node(r, p);
      fn >>= 1n; sn >>= 1n;
    }
    hold(sn === 0n, "inclusion path");
    return r;
  }

  async function check(bundle, by, held) {
    const head = await open(bundle.checkpoint, by), stated = await open(bundle.statement, by);
    hold(head[0] === by.name && stated[0] === by.name + "/feed", "origin");
    hold(bundle.feed === card.dataset.feed && stated[1] === bundle.feed, "feed");
    hold(stated[3] === head[1] && stated[4] === head[2], "statement and checkpoint");
    const total = Number(stated[2]), tree = bytes(head[2]);
    for (const entry of bundle.entries) {
      held.number++;
      hold(entry.leaf.feed === bundle.feed && entry.leaf.feedSeq === held.number && entry.index > held.index, "entry " + held.number);
      // The leaf's members stand in the order in which they were hashed.
      const leaf = await hash(join(Uint8Array.of(0), text.encode(JSON.stringify(entry.leaf))));
      hold(same(await root(entry.index, head[1], leaf, entry.path || []), tree), "proof of entry " + held.number);
      held.index = entry.index;
    }
    hold(held.number <= total, "number of entries");
    return total;
  }

  button.addEventListener("click", async () => {
    button.disabled = true;
    says.className = "";
    try {
      let by;
      try { by = await verifier(card.dataset.key); } catch (e) {
        if (e.name !== "NotSupportedError") throw e;
        says.textContent = card.dataset.old;
        return;
      }
      const held = { number: 0, index: -1 };
      for (let total = 1, before = -1; held.number < total;) {
        hold(held.number > before, "number of entries");
        before = held.number;
        const answer = await fetch("/ledger/bundle", { method: "POST", body: new URLSearchParams({ after: held.number }) });
        hold(answer.ok, "the server answers " + answer.status);
        total = await check(await answer.json(), by, held);
        says.textContent = card.dataset.working + " " + held.number + " " + card.dataset.of + " " + total;
      }
      says.className = "tag good";
      says.textContent = card.dataset.holds + " " + held.number;
    } catch (e) {
      says.className = "wrong";
      says.textContent = card.dataset.wrong + " " + e.message;
    } finally { button.disabled = false; }
  });
})();
