// What makes imports smoother; every page works without it. Nothing here is a rule of the program.
"use strict";

/** The page at an address as a document, and the address that answered. */
async function fetchPage(address, options) {
  const response = await fetch(address, { credentials: "same-origin", ...options });
  const text = await response.text();
  return { page: new DOMParser().parseFromString(text, "text/html"), url: response.url, ok: response.ok };
}

// --- Dropping files ---

function prepareDrop(zone) {
  const input = zone.querySelector("input[type=file]");
  const list = zone.querySelector("[data-chosen]");
  const show = () => {
    list.replaceChildren(...Array.from(input.files, (file) => {
      const item = document.createElement("li");
      item.textContent = file.name;
      return item;
    }));
    list.hidden = input.files.length < 2;
  };
  zone.querySelector("[data-drop-hint]").hidden = false;
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    show();
  });
  input.addEventListener("change", show);
}

// --- Progress ---

function follow(place) {
  const again = async () => {
    try {
      const { page, url, ok } = await fetchPage(window.location.href);
      const now = page.querySelector("[data-progress]");
      if (ok && !now) {
        window.location.replace(url);
        return;
      }
      if (now) place.replaceChildren(...now.childNodes);
    } catch {
      // The server is away for a moment: it is asked again.
    }
    window.setTimeout(again, 1000);
  };
  window.setTimeout(again, 1000);
}

// --- Mended cells ---

/** All that can be mended or chosen, in order. */
function fields(root) {
  return Array.from(root.querySelectorAll("input[data-saves]"));
}

/** What is typed and not yet saved, by the field's id. */
function typedIn(root) {
  return new Map(fields(root).filter((field) => field.type === "text" && field.value !== field.defaultValue)
    .map((field) => [field.id, field.value]));
}

function prepareRows(root) {
  let waiting = Promise.resolve();
  const save = async (field) => {
    const form = root.querySelector("[data-rows]");
    if (!form) return;
    const sent = new FormData(form);
    sent.set("viec", "luu");
    root.querySelector("[data-saved]").textContent = "Đang lưu…";
    const saved = new Map(typedIn(root));
    const { page, url, ok } = await fetchPage(form.getAttribute("action"), { method: "POST", body: sent });
    const now = page.querySelector("[data-preview]");
    if (!ok || !now) {
      window.location.assign(ok ? url : window.location.href);
      return;
    }
    const typed = typedIn(root);
    const focused = document.activeElement?.id;
    const place = fields(root).findIndex((one) => one === document.activeElement
      || document.activeElement.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    root.replaceChildren(...now.childNodes);
    for (const [id, value] of typed) {
      const again = document.getElementById(id);
      if (again && saved.get(id) !== value) again.value = value;
    }
    // Where the field is gone with its row, the one that took its place.
    const left = fields(root);
    const next = (focused && document.getElementById(focused)) || left[Math.min(Math.max(place, 0), left.length - 1)];
    if (next) next.focus();
    const says = root.querySelector("[data-saved]");
    if (says) says.textContent = "Đã lưu.";
  };
  root.addEventListener("change", (event) => {
    if (event.target.matches("[data-saves]")) waiting = waiting.then(() => save(event.target)).catch(() => {
      const says = root.querySelector("[data-saved]");
      if (says) says.textContent = "Chưa lưu được: mất kết nối. Hãy bấm “Lưu các ô đã sửa, đã chọn”.";
    });
  });
}

document.querySelectorAll("[data-drop]").forEach(prepareDrop);
document.querySelectorAll("[data-progress]").forEach(follow);
document.querySelectorAll("[data-preview]").forEach(prepareRows);
