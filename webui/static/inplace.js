"use strict";
// Results arrive in place: among these pages a link, a form, back and forward fetch the very page that would load, and put its parts where they belong.
// The browser's Navigation API keeps address, history and scroll position, and gives up a request that a newer one overtakes.
// Where a browser has none, or the page is another, it simply loads.
const LISTS = new Set(["", "reports", "concordance", "words", "years", "matrix"].map((path) => root + path));
const said = document.getElementById("said");
const [words, again] = said.children;
let latest = null;

window.navigation?.addEventListener("navigate", (event) => {
  const to = new URL(event.destination.url);
  const other = event.hashChange || event.downloadRequest !== null || event.formData || event.navigationType === "reload" || to.searchParams.has("lang");
  if (!event.canIntercept || other || !LISTS.has(location.pathname) || !LISTS.has(to.pathname)) return;
  const done = event.info === "arrived";
  if (!done) latest = event;
  event.intercept({ focusReset: "manual", scroll: "manual", handler: async () => done || arrive(event, to) });
});
again.addEventListener("click", () => {
  box.focus();
  navigation.navigate(again.dataset.to, { history: "replace" });
});

async function arrive(event, to) {
  const typed = box.value;
  busy(true);
  const slow = setTimeout(say, 300, texts.searching);
  try {
    const reply = await fetch(to, { signal: event.signal });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (!page.getElementById("main")) throw new Error(`${reply.status} is not from here`);
    say("");
    show(page, event, box.value === typed);
    // Something asked for may be found elsewhere: ticked writings lead to the wider query.
    if (reply.redirected) navigation.navigate(reply.url, { history: "replace", info: "arrived" });
  } catch (error) {
    if (latest !== event) return; // overtaken
    if (event.signal.aborted) say(""); // stopped by hand
    else say(texts.unreachable, to.href);
  } finally {
    clearTimeout(slow);
    if (latest === event) busy(false);
  }
}

function busy(yes) {
  document.getElementById("main").ariaBusy = yes;
}

// Shown to everybody, with a button to try again where there is an address to try.
function say(text, to = null) {
  said.classList.toggle("unseen", !text);
  words.textContent = text;
  again.hidden = to === null;
  again.dataset.to = to;
}

function show(page, event, boxUntouched) {
  const old = document.getElementById("main");
  const fresh = page.getElementById("main");
  const focused = document.activeElement;
  // Who goes by keyboard through the filters stays there; anyone else begins at the top of the results.
  const twin = event.navigationType !== "traverse" && focused.matches(":focus-visible") ? twinOf(focused, fresh) : null;
  for (const list of old.querySelectorAll("details[open] ul")) {
    const same = fresh.querySelector(`details:has([aria-labelledby="${nameOf(list)}"])`);
    if (same) same.open = true;
  }
  document.title = page.title;
  old.replaceWith(fresh);
  for (const part of ["footer", "#under", ".top nav"]) document.querySelector(part).replaceWith(page.querySelector(part));
  const form = document.querySelector(".search");
  const asked = page.querySelector(".search");
  form.action = asked.action;
  for (const input of form.querySelectorAll("[type=hidden]")) input.remove();
  form.prepend(...asked.querySelectorAll("[type=hidden]"));
  if (boxUntouched) box.value = page.getElementById("q").value;
  forgetSuggestions();
  offerCopies(fresh);
  offerFinding(fresh);

  const status = fresh.querySelector("[role=status]") ?? fresh.querySelector("h1");
  const touch = matchMedia("(hover: none)").matches;
  if (twin) twin.focus();
  else if (old.contains(focused) || (touch && focused === box)) { // the keyboard of a phone would stand before the results
    status.tabIndex = -1;
    status.focus({ preventScroll: true });
  }
  if (document.activeElement !== status) words.textContent = status.textContent.replace(/\s+/g, " ").trim();
  if (!twin) event.scroll();
}

const nameOf = (element) => element.closest("[aria-labelledby]")?.getAttribute("aria-labelledby");

// The same link or field of a filter on the page that has arrived.
function twinOf(element, root) {
  if (element.name && element.closest(".range")) return root.querySelector(`.range [name="${element.name}"]`);
  return [...root.querySelectorAll(`[aria-labelledby="${nameOf(element)}"] a`)].find((link) => link.textContent === element.textContent);
}

// What is left empty in a form is not said in the address.
document.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (!value) formData.delete(name);
});
