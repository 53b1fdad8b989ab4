"use strict";
// Files dropped on the form, and the progress of the index in place; without it the form's own button and a refresh do.
const drop = document.querySelector(".drop");
if (drop) {
  const input = drop.querySelector("[type=file]");
  const chosen = document.getElementById("chosen");
  const list = () => chosen.replaceChildren(...[...input.files].map((file) => {
    const line = document.createElement("li");
    line.textContent = file.name;
    return line;
  }));
  input.addEventListener("change", list);
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      // Anywhere else on the page a browser would open the file instead.
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    drop.classList.remove("over");
    // Those chosen before stay.
    const all = new DataTransfer();
    for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file);
    input.files = all.files;
    list();
  });
}
const renewal = document.getElementById("renewal");
if (renewal?.dataset.progress) {
  const bar = renewal.querySelector("progress");
  const said = renewal.querySelector("span");
  const look = async () => {
    const reply = await fetch(renewal.dataset.progress, { cache: "no-store" }).catch(() => null);
    const now = reply?.ok ? await reply.json() : null;
    if (now?.state === "done" || now?.state === "failed") {
      location.reload();
      return;
    }
    if (now) {
      if (said.textContent !== now.text) said.textContent = now.text;
      if (now.total) {
        bar.max = now.total;
        bar.value = now.read;
      }
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 500);
}
