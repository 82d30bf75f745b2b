// Verifies one's feed of the ledger in the browser; package ledger says what the forms
// are. It decides nothing; it says whether all of it holds.
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

  const node = (a, b) => hash(join(Uint8Array.of(1), a, b));

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

  // What the last leaf of the signed log commits to of one's feed: how many entries, and
  // the root of their tree.
  async function committed(bundle, by) {
    const head = await open(bundle.checkpoint, by);
    hold(head[0] === by.name, "origin");
    hold(bundle.feed === card.dataset.feed, "feed");
    const tick = bundle.tick.split("\n"), leaf = await hash(join(Uint8Array.of(0), text.encode(bundle.tick)));
    hold(tick[0] === "cordon-tick/1" && same(await root(Number(head[1]) - 1, head[1], leaf, bundle.path || []), bytes(head[2])), "tick");
    const { salt, size, root: feedRoot, path } = bundle.slot;
    hold(path.length === 64 && Number.isSafeInteger(size) && size > 0, "slot");
    let place = new DataView((await hash(text.encode("cordon-slot/1\n" + bundle.feed))).buffer).getBigUint64(0);
    let r = await hash(join(Uint8Array.of(0), text.encode(["cordon-slot/1", salt, bundle.feed, size, feedRoot, ""].join("\n"))));
    for (const beside of path) {
      r = await ((place & 1n) === 0n ? node(r, bytes(beside)) : node(bytes(beside), r));
      place >>= 1n;
    }
    hold(same(r, bytes(tick[3])), "slot");
    return { size, root: bytes(feedRoot) };
  }

  // Adds the entries to the right edge of the feed's tree: its full subtrees, the
  // largest first.
  async function add(entries, held) {
    for (const leaf of entries) {
      held.number++;
      hold(leaf.feed === card.dataset.feed && leaf.feedSeq === held.number, "entry " + held.number);
      // The leaf's members stand in the order in which they were hashed.
      let h = await hash(join(Uint8Array.of(0), text.encode(JSON.stringify(leaf)))), n = 1;
      while (held.edge.length && held.edge.at(-1).n === n) {
        h = await node(held.edge.pop().h, h);
        n *= 2;
      }
      held.edge.push({ h, n });
    }
  }

  const edgeRoot = (edge) => edge.slice(0, -1).reduceRight(async (r, { h }) => node(h, await r), edge.at(-1).h);

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
      const held = { number: 0, edge: [] };
      for (let total = 1, before = -1; held.number < total;) {
        hold(held.number > before, "number of entries");
        before = held.number;
        const answer = await fetch("/ledger/bundle", { method: "POST", body: new URLSearchParams({ after: held.number }) });
        hold(answer.ok, "the server answers " + answer.status);
        const bundle = await answer.json(), now = await committed(bundle, by);
        await add(bundle.entries, held);
        total = now.size;
        hold(held.number <= total, "number of entries");
        hold(held.number < total || same(await edgeRoot(held.edge), now.root), "the entries are not those that the log commits to");
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
