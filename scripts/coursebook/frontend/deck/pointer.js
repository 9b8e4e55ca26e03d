/** A bright spot in place of the mouse's arrow, as of a laser; what lies below can still be clicked. */

import { make } from "./dialog.js";
import { closed, opened } from "./leaving.js";
import { say } from "./say.js";
import { loadToolStyles } from "./styles.js";

const root = document.documentElement;

/** @type {HTMLElement | null} */
let spot = null;

/** @param {PointerEvent} event */
function follow(event) {
  spot.hidden = false;
  spot.style.translate = `${event.clientX}px ${event.clientY}px`;
}

function hide() {
  spot.hidden = true;
}

function close() {
  root.classList.remove("cb-pointing");
  document.querySelector(".reveal").removeAttribute("data-prevent-swipe");
  for (const name of ["pointermove", "pointerdown"]) removeEventListener(name, follow, true);
  document.removeEventListener("pointerleave", hide);
  spot.remove();
  spot = null;
  closed(close);
  say("The pointer is off.");
}

export async function togglePointer() {
  if (spot) {
    close();
    return;
  }
  await loadToolStyles();
  spot = make("div", "cb-spot");
  spot.hidden = true;
  document.body.append(spot);
  root.classList.add("cb-pointing");
  // A finger points now, and does not turn.
  document.querySelector(".reveal").setAttribute("data-prevent-swipe", "");
  for (const name of ["pointermove", "pointerdown"]) addEventListener(name, follow, { capture: true, passive: true });
  document.addEventListener("pointerleave", hide);
  opened(close);
  say("The pointer is on.");
}
