// What makes forms on records smoother; every form works without it. Nothing here is a rule of the program.
"use strict";

/** Keep what is typed on the server every few seconds, and when the page is left. */
function keepDraft(form) {
  const EVERY = 4000;
  const state = document.querySelector("[data-draft-state]");
  let changed = false;
  let sent = false;
  let waiting = null;
  let running = null;
  const say = (words) => {
    if (state) state.textContent = words;
  };
  const save = async (isLeaving) => {
    window.clearTimeout(waiting);
    waiting = null;
    // What is still on its way may not arrive once the page is gone.
    if (sent || !(changed || (isLeaving && running))) return;
    if (running) running.abort();
    changed = false;
    const data = new FormData(form);
    data.set("ban-nhap", "luu");
    const body = new URLSearchParams(data);
    // Browsers let little outlive a page.
    const keepalive = body.toString().length < 60000;
    const own = new AbortController();
    running = own;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body, keepalive, redirect: "manual", signal: own.signal,
      });
      if (answer.status !== 204) throw new Error(String(answer.status));
      const now = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
      say(`Đã giữ bản nháp lúc ${now}. Chưa ghi vào hồ sơ.`);
    } catch {
      if (sent || own !== running) return;
      changed = true;
      say("Chưa giữ được bản nháp. Hãy ghi hồ sơ, hoặc để trang này mở.");
    } finally {
      if (own === running) running = null;
    }
  };
  const note = () => {
    changed = true;
    if (waiting === null) waiting = window.setTimeout(() => save(false), EVERY);
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("submit", () => {
    sent = true;
    if (running) running.abort();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  window.addEventListener("pagehide", () => save(true));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) sent = false;
  });
}

/** Begin in the first field, where that is seen at once, takes text, and nothing else on the page comes first.

A phone would cover the page with its keyboard; in a choice, keys that scroll would choose.
*/
function beginInFirstField(form) {
  if (document.querySelector("[autofocus], .draft, .notice, .warning, .blocked, .watched, .conflicts") || window.location.hash) return;
  if (document.querySelectorAll("main form").length > 1) return;
  if (!window.matchMedia("(min-width: 901px)").matches || document.activeElement !== document.body) return;
  const first = form.querySelector("input:not([type=hidden]), select, textarea");
  if (!first?.matches("input:not([type=checkbox], [type=radio], [type=file]), textarea") || first.disabled) return;
  if (first.getBoundingClientRect().bottom <= window.innerHeight) first.focus();
}

document.querySelectorAll("form.record-form").forEach(beginInFirstField);
document.querySelectorAll("form[data-draft]").forEach(keepDraft);
