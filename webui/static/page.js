"use strict";
// Everything works without this file; it copies citations and lines, steps through hits, and lets "/" go to the box.
const box = document.getElementById("q");
// The path of the site: "/", or where a proxy has it.
const root = document.documentElement.dataset.root;

const texts = JSON.parse(document.getElementById("texts").textContent);
function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

// A key of one letter must be possible to switch off (WCAG 2.1.4); the help page has the box for it.
const slash = document.getElementById("slash");
function slashIsOn() {
  try { return localStorage.getItem("slash") !== "off"; } catch { return true; } // storage may be forbidden
}
if (slash) {
  document.getElementById("keys").hidden = false;
  slash.checked = slashIsOn();
  slash.addEventListener("change", () => localStorage.setItem("slash", slash.checked ? "on" : "off"));
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && slashIsOn() && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing) {
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
  const reply = await fetch(`${root}api/v1/suggest?q=${encodeURIComponent(box.value)}`).catch(() => null);
  if (!reply?.ok || number !== asked) return;
  const found = (await reply.json()).suggestions;
  suggestions.replaceChildren(...found.map(({ q, paragraphs }) => new Option(filled(texts.passages, { count: paragraphs }), q)));
});
box.addEventListener("compositionend", () => box.dispatchEvent(new Event("input")));
function forgetSuggestions() {
  asked++;
  suggestions.replaceChildren();
}

// Inside a quotation marks are of the other kind; an apostrophe stays one.
function turned(text) {
  const other = { "“": "‘", "”": "’", "‘": "“", "’": "”" };
  return text.replace(/[A-Za-z]’[A-Za-z]|[“”‘’]/g, (mark) => other[mark] ?? mark);
}

// What is quoted stands on the page: a result's snippet, a paragraph of a report, or the report as a whole.
function quotation(button) {
  if ("line" in button.dataset) return button.parentElement.querySelector("code").textContent;
  if (button.dataset.cite) {
    const snippet = button.closest(".hit").querySelector(".snip").cloneNode(true);
    snippet.querySelector(".item")?.remove();
    return filled(texts.quotation, { text: turned(snippet.textContent.trim()), source: button.dataset.cite });
  }
  const place = button.dataset.quote;
  const cite = button.closest("[data-cite]").dataset.cite.replace("{anchor}", place && `#${place}`).replace("{page}", button.dataset.page ?? "");
  return place ? filled(texts.quotation, { text: turned(document.getElementById(place).textContent.trim()), source: cite }) : cite;
}
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Browsers give the clipboard to https and localhost alone; on a network of one's own there is this older way.
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
// The same words twice are read twice only where they were gone in between.
function announce(text) {
  const said = document.querySelector("#said [aria-live]");
  said.textContent = "";
  setTimeout(() => { said.textContent = text; }, 50);
}
function offerCopies(root) {
  for (const button of root.querySelectorAll("button.copy")) {
    const name = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await copy(quotation(button));
      button.focus();
      button.textContent = texts.copied;
      announce(texts.copied);
      setTimeout(() => { button.textContent = name; }, 2000);
    });
  }
}
offerCopies(document);

// The units among the filters are narrowed while a name is typed; Enter looks among all of them.
function offerFinding(root) {
  for (const field of root.querySelectorAll(".find [name=find]")) {
    const units = root.querySelectorAll('[aria-labelledby="by-unit"] li');
    const rest = root.querySelector('details:has([aria-labelledby="by-unit"])');
    field.addEventListener("input", () => {
      for (const unit of units) unit.hidden = !unit.querySelector("a").textContent.includes(field.value.trim());
      if (rest) rest.open = field.value.trim() !== "";
    });
  }
}
offerFinding(document);

function fragment() {
  try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; } // anything may stand there, "#%" too
}

// Steps through the hits without asking the server; the address says where one stands, as the links do.
const jump = document.querySelector(".jump");
const hits = document.querySelectorAll("mark[id^='hit-']");
if (jump && hits.length) {
  const status = jump.querySelector("[role=status]");
  const target = document.getElementById(fragment());
  let at = [...hits].findIndex((hit) => hit.classList.contains("now"));
  // From a linked paragraph the next hit is the first one in it or after it.
  if (at < 0 && target) {
    const after = [...hits].findIndex((hit) => target.compareDocumentPosition(hit) & Node.DOCUMENT_POSITION_FOLLOWING);
    at = after < 0 ? hits.length - 1 : after - 1;
  }
  for (const link of jump.querySelectorAll("[data-step]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const step = Number(link.dataset.step);
      at = (at + (at < 0 && step < 0 ? 0 : step) + hits.length) % hits.length;
      for (const mark of document.querySelectorAll("mark.now")) mark.classList.remove("now");
      hits[at].classList.add("now");
      hits[at].scrollIntoView({ block: "center" });
      const address = new URL(location.href);
      address.searchParams.set("hit", at + 1);
      address.hash = hits[at].id;
      history.replaceState(null, "", address);
      status.lastChild.textContent = ` ${filled(texts.hit, { now: at + 1, all: hits.length })}`;
    });
  }
}

// The form of the advanced search shows the query that the server writes while it is filled in.
const advanced = document.querySelector(".advanced-form");
if (advanced) {
  let waiting, filled = 0;
  advanced.querySelector(".plainly").hidden = true;
  advanced.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const number = ++filled;
      const reply = await fetch(`${root}advanced?${new URLSearchParams(new FormData(advanced))}`).catch(() => null);
      const written = reply && new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("written");
      if (written && number === filled) document.getElementById("written").replaceChildren(...written.childNodes);
    }, 300);
  });
}
