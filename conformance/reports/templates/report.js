(() => {
  document.documentElement.classList.add("with-scripts");
  const all = (what, from = document) => [...from.querySelectorAll(what)];
  const find = document.getElementById("find");
  const search = () => {
    const words = find.value.trim().toLowerCase();
    // "person 1" is not person 12.
    const fits = text => {
      const at = text.indexOf(words);
      if (!/\d$/.test(words)) return at >= 0;
      for (let i = at; i >= 0; i = text.indexOf(words, i + 1)) if (!/\d/.test(text[i + words.length] || "")) return true;
      return false;
    };
    const text = node => node.textContent.toLowerCase();
    for (const cause of all(".cause")) {
      let any = !words || fits(text(cause.firstElementChild));
      const whole = any;
      for (const file of all(".file", cause)) {
        const named = whole || fits(text(file.firstElementChild));
        let some = named;
        for (const row of all("tbody tr", file)) {
          const fit = named || fits(text(row));
          row.classList.toggle("away", !fit);
          some ||= fit;
        }
        file.classList.toggle("away", !some);
        any ||= some;
      }
      cause.classList.toggle("away", !any);
    }
  };
  const open = is => all(".cause, .file").forEach(part => { part.open = is; });
  if (find) {
    find.addEventListener("input", search);
    document.getElementById("open").onclick = () => open(true);
    document.getElementById("close").onclick = () => open(false);
  }
  for (const button of all(".only")) button.onclick = () => {
    find.value = button.dataset.find;
    search();
    document.getElementById("causes").scrollIntoView();
  };
  for (const button of all(".copy")) button.onclick = () => {
    const text = button.previousElementSibling;
    text.select();
    const done = () => { button.textContent = button.dataset.done; };
    // Pages from a disk may not use the clipboard in every browser.
    if (navigator.clipboard && isSecureContext) navigator.clipboard.writeText(text.value).then(done, () => document.execCommand("copy") && done());
    else if (document.execCommand("copy")) done();
  };
  const jump = () => {
    let part = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const target = part;
    for (; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", jump);
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open]):not(.ticket)");
    closed.forEach(part => { part.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach(part => { part.open = false; }));
  jump();
})();
