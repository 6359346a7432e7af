// The key "/" goes to the search, "?" lists the keys, arrows walk through what was found, Escape closes menus;
// every page works without it.
"use strict";

const find = document.querySelector("[data-find]");

/** Whether somebody is typing, so that a key is a letter. */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

if (find) {
  find.parentElement.querySelector("kbd").hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    event.preventDefault();
    find.focus();
    find.select();
  });
}

// --- The keys there are ---

const keys = document.querySelector("[data-keys]");
if (keys) {
  const asks = document.querySelector("[data-show-keys]");
  asks.hidden = false;
  asks.addEventListener("click", () => keys.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    event.preventDefault();
    if (!keys.open) keys.showModal();
  });
}

// --- Rows of a table: arrow keys go from link to link of a column ---

/** The link of the next row that stands where this one does; null where there is none. */
function linkBeside(link, step) {
  const cell = link.closest("tbody th, tbody td");
  if (!cell) return null;
  const links = (of) => Array.from(of?.querySelectorAll("a") ?? []);
  const place = links(cell).indexOf(link);
  let row = cell.parentElement;
  while ((row = step > 0 ? row.nextElementSibling : row.previousElementSibling)) {
    const there = links(row.cells[cell.cellIndex]);
    if (there.length) return there[Math.min(place, there.length - 1)];
  }
  return null;
}

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const next = document.activeElement?.matches("a") ? linkBeside(document.activeElement, step) : null;
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// --- Pages of a list: Alt and Page Down, Page Up ---

document.addEventListener("keydown", (event) => {
  const way = { PageDown: "next", PageUp: "prev" }[event.key];
  if (!way || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const page = document.querySelector(`.pager a[rel="${way}"]`);
  if (!page) return;
  event.preventDefault();
  page.click();
});

// --- Ctrl+Enter saves from every field, also where Enter begins a new line: by the button that Enter would press ---

document.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || form?.method !== "post") return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button:not([type=button])"));
});

// --- Menus close by Escape, and when one leaves them ---

for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

// --- What a search found: arrow keys go from link to link ---

const found = Array.from(document.querySelectorAll("[data-found] a"));
if (found.length) {
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = found.indexOf(document.activeElement);
    const isOnSearch = document.activeElement?.type === "search" || document.activeElement === document.body;
    if (!step || event.altKey || event.ctrlKey || event.metaKey || (here < 0 && !isOnSearch)) return;
    const next = found[here + step];
    if (next || here === 0) {
      event.preventDefault();
      (next ?? document.querySelector("[data-search]") ?? find).focus();
    }
  });
}

// --- Long choices: words are found as they are typed, with or without their marks ---

/** As `text` is typed by somebody in a hurry. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
}

/** The place of the option that is meant by what was typed; -1 where none is. */
function meant(select, typed) {
  const wanted = typed.split(" ").filter(Boolean);
  const texts = Array.from(select.options, (option) => (option.value && !option.disabled ? plain(option.text) : ""));
  const matches = (text) => {
    const words = text.split(/[^\p{L}\p{N}]+/u);
    return wanted.every((start) => words.some((word) => word.startsWith(start)));
  };
  const close = [(text) => text.startsWith(typed), (text) => ` ${text}`.includes(` ${typed}`), matches];
  return close.map((is) => texts.findIndex((text) => text && is(text))).find((place) => place >= 0) ?? -1;
}

function findByTyping(select) {
  const PAUSE = 2000;
  let typed = "";
  let last = 0;
  select.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.timeStamp - last > PAUSE) typed = "";
    const isLetter = event.key.length === 1 && (event.key !== " " || typed);
    if (!isLetter && (event.key !== "Backspace" || !typed)) return;
    event.preventDefault();
    last = event.timeStamp;
    const now = event.key === "Backspace" ? typed.slice(0, -1) : typed + plain(event.key);
    const place = now ? meant(select, now) : -1;
    if (place < 0 && now) return;
    typed = now;
    if (place < 0 || place === select.selectedIndex) return;
    select.selectedIndex = place;
    for (const name of ["input", "change"]) select.dispatchEvent(new Event(name, { bubbles: true }));
  });
  select.addEventListener("blur", () => {
    typed = "";
  });
}

for (const select of document.querySelectorAll("select:not([multiple])")) {
  if (select.options.length > 12) findByTyping(select);
}

// --- On a phone the place one is in may stand outside of the row of places ---

const rail = document.querySelector(".rail");
const here = rail?.querySelector("[aria-current]");
if (here && rail.scrollWidth > rail.clientWidth) {
  rail.scrollLeft = here.offsetLeft - (rail.clientWidth - here.offsetWidth) / 2;
}

// --- Filters are folded away on a phone ---

if (window.matchMedia("(max-width: 600px)").matches) {
  for (const details of document.querySelectorAll("details[data-fold]")) details.open = false;
}
