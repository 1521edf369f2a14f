// What a page can see of the computer it is shown on. Nothing is sent anywhere; without this script the
// page says what to look for.
"use strict";
const words = document.getElementById("words").dataset;
const tell = (id, tone, said) => {
  const cell = document.getElementById(id);
  const text = cell?.dataset[said];
  if (!text) return;
  const tag = document.createElement("span");
  tag.className = `tag ${tone}`;
  tag.textContent = words[tone];
  cell.replaceChildren(tag, ` ${text}`);
};
if (navigator.onLine) tell("connection", "good", "online");
else tell("connection", "bad", "offline");
if (navigator.pdfViewerEnabled) tell("viewer", "note", "inside");
else tell("viewer", "note", "none");
const { calendar } = new Intl.DateTimeFormat().resolvedOptions();
if (calendar === "japanese") tell("calendar-seen", "bad", "japanese");
else tell("calendar-seen", "note", "western");
// Windows 11 is told from 10 by this alone (platformVersion 13 and more).
const agent = navigator.userAgentData;
if (agent?.platform === "Windows") {
  agent.getHighEntropyValues(["platformVersion"]).then(({ platformVersion }) => {
    if (Number.parseInt(platformVersion, 10) >= 13) tell("system", "good", "eleven");
    else tell("system", "bad", "older");
  });
}
