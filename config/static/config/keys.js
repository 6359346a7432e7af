// The key "/" goes to the search, arrows walk through what it found; every page works without it.
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

// --- Filters are folded away on a phone ---

if (window.matchMedia("(max-width: 600px)").matches) {
  for (const details of document.querySelectorAll("details[data-fold]")) details.open = false;
}
