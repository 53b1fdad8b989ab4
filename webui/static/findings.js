"use strict";
// Steps through the findings on a draft with buttons or the keys n and p, j and k; without it their links do.
const findings = [...document.querySelectorAll(".findings li")];
const steps = document.querySelector(".steps");
if (steps) {
  const said = steps.querySelector("[aria-live]");
  let at = findings.findIndex((one) => `#${one.id}` === location.hash);
  steps.hidden = false;
  function step(by) {
    at = (at + (at < 0 && by < 0 ? 0 : by) + findings.length) % findings.length;
    for (const marked of document.querySelectorAll(".checked .now")) marked.classList.remove("now");
    const passage = document.getElementById(findings[at].dataset.at);
    for (const one of [findings[at], passage]) one.classList.add("now");
    passage.scrollIntoView({ block: "center" });
    findings[at].focus({ preventScroll: true });
    findings[at].scrollIntoView({ block: "nearest" });
    said.textContent = filled(texts.hit, { now: at + 1, all: findings.length });
  }
  for (const button of steps.querySelectorAll("[data-step]")) button.addEventListener("click", () => step(Number(button.dataset.step)));
  for (const one of findings) one.addEventListener("focusin", () => { at = findings.indexOf(one); });
  const keys = { n: 1, j: 1, p: -1, k: -1 };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (!(event.key in keys) || !slashIsOn() || typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    event.preventDefault();
    step(keys[event.key]);
  });
}
