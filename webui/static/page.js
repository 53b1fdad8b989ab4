"use strict";
// Everything works without this file; it copies citations, steps through hits, and lets "/" go to the box.
const box = document.getElementById("q");
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// Completion from the corpus's own words; nothing is asked while an input method composes.
const suggestions = document.getElementById("suggestions");
let asked = 0;
box.addEventListener("input", async (event) => {
  if (event.isComposing || !box.value.trim()) return;
  const number = ++asked;
  const reply = await fetch(`/api/v1/suggest?q=${encodeURIComponent(box.value)}`).catch(() => null);
  if (!reply?.ok || number !== asked) return;
  const found = (await reply.json()).suggestions;
  suggestions.replaceChildren(...found.map(({ q, paragraphs }) => new Option(`${paragraphs} 段`, q)));
});
box.addEventListener("compositionend", () => box.dispatchEvent(new Event("input")));

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button.copy")) {
    const name = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "已复制";
      setTimeout(() => { button.textContent = name; }, 2000);
    });
  }
}

const jump = document.querySelector(".jump");
const hits = document.querySelectorAll("mark[id^='hit-']");
if (jump && hits.length) {
  const status = jump.querySelector("[role=status]");
  const all = status.textContent;
  let at = -1;
  jump.querySelector("a:not([data-step])").hidden = true;
  for (const link of jump.querySelectorAll("[data-step]")) {
    link.hidden = false;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      at = (at + Number(link.dataset.step) + (at < 0 && link.dataset.step < 0 ? 1 : 0) + hits.length) % hits.length;
      for (const hit of hits) hit.classList.remove("now");
      hits[at].classList.add("now");
      hits[at].scrollIntoView({ block: "center" });
      status.textContent = `${all}，第 ${at + 1} 处`;
    });
  }
}
