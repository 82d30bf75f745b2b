// Makes the pages nicer. Everything works without it.
"use strict";

(() => {
  // Instants are shown in the reader's zone; hovering shows them in UTC.
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (isNaN(at)) continue;
    time.title = time.textContent.trim() + " UTC";
    time.textContent = at.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  }

  // A form is sent once. The server sees to it too.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // A problem is read out and gone to.
  const problem = document.querySelector("main .problem[tabindex]");
  if (problem) problem.focus();

  async function post(path, fields) {
    const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  function chip(mark) {
    const span = document.createElement("span");
    span.className = "chip tone-" + mark.tone;
    span.textContent = mark.mark;
    return span;
  }

  // Markings are looked at while they are typed, and rolled up.
  const marks = () => [...document.querySelectorAll("input[data-mark]")];
  let waiting, asked = 0;
  function look() {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const turn = ++asked, inputs = marks();
      const fields = inputs.map((input) => ["mark", input.value]);
      try {
        const said = await post("/marking", fields);
        if (turn !== asked) return;
        inputs.forEach((input, i) => {
          const at = document.getElementById(input.id + "-says");
          if (!at || at.matches(".wrong[data-sent]") && input.value === input.defaultValue) return;
          at.textContent = said.marks[i].problem || "";
          at.className = said.marks[i].problem ? "wrong" : "hint";
          input.setAttribute("aria-invalid", said.marks[i].problem ? "true" : "false");
          if (!said.marks[i].problem && said.marks[i].mark) at.append(chip(said.marks[i]));
        });
        const banner = document.getElementById("rollup");
        if (banner) banner.replaceChildren(...(said.banner.mark ? [chip(said.banner)] : []));
      } catch { /* The server looks at it when the form is sent. */ }
    }, 250);
  }
  document.addEventListener("input", (event) => { if (event.target.matches("input[data-mark]")) look(); });
  if (marks().some((input) => input.value)) look();

  // A file can be dropped where one can be chosen.
  for (const drop of document.querySelectorAll(".drop")) {
    const input = drop.querySelector("input[type=file]");
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  }

  // All boxes of a list at once.
  for (const all of document.querySelectorAll("input[data-all]")) {
    all.closest("label").hidden = false;
    all.addEventListener("change", () => {
      for (const box of all.form.querySelectorAll(`input[name="${all.dataset.all}"]`)) box.checked = all.checked;
    });
  }

  // Keys: / goes to the search, g and a letter to a place, ? shows them all.
  let after = -Infinity;
  const keys = document.getElementById("keys");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(input|textarea|select)$/i.test(event.target.tagName) || (keys && keys.open)) return;
    const go = event.timeStamp - after < 1500 && /^[a-z]$/.test(event.key) ? document.querySelector(`.nav a[data-key="${event.key}"]`) : null;
    const to = go || (event.key === "/" ? document.querySelector('.nav a[href="/search"]') : null);
    after = !go && event.key === "g" ? event.timeStamp : -Infinity;
    if (to) { event.preventDefault(); to.click(); }
    if (event.key === "?" && keys) { event.preventDefault(); keys.showModal(); }
  });

  // News show by themselves: an event says only that something changed.
  if (document.body.dataset.live === "yes" && window.EventSource) {
    const events = new EventSource("/events");
    events.addEventListener("changed", () => {
      const typing = document.querySelector("form[data-typed]") || /^(input|textarea|select)$/i.test(document.activeElement.tagName);
      const news = document.getElementById("news");
      if (!typing) location.reload();
      else if (news) news.hidden = false;
    });
    events.addEventListener("over", () => { events.close(); location.reload(); });
    window.addEventListener("pagehide", () => events.close());
  }
  document.addEventListener("input", (event) => { if (event.target.form) event.target.form.dataset.typed = "yes"; });
})();
