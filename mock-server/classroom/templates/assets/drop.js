// Drag and drop for file inputs, rows that are chosen by a click, and buttons to print. Without this script
// the same forms work with the file dialog and the boxes of the rows, and the browser prints.
"use strict";
for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const zone of document.querySelectorAll(".drop")) {
  const input = zone.querySelector("input[type=file]");
  if (!input) continue;
  const mark = (event, over) => {
    event.preventDefault();
    zone.classList.toggle("over", over);
  };
  zone.addEventListener("dragenter", (event) => mark(event, true));
  zone.addEventListener("dragover", (event) => mark(event, true));
  zone.addEventListener("dragleave", (event) => mark(event, false));
  zone.addEventListener("drop", (event) => {
    mark(event, false);
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    const button = zone.querySelector("button[data-drop]");
    if (button) input.form.requestSubmit(button);
  });
}
for (const row of document.querySelectorAll("table.pick tbody tr")) {
  const box = row.querySelector("input[type=checkbox]");
  if (!box) continue;
  row.addEventListener("click", (event) => {
    if (event.target.closest("a, button, input, label")) return;
    box.checked = !box.checked;
    box.focus();
  });
}
