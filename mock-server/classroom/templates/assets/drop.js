// Drag and drop for file inputs. Without this script the same forms work with the file dialog.
"use strict";
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
