/** Telling what happened: politely to ears, and for some seconds to eyes where nothing else shows it. */

/** Milliseconds for which a notice is seen. */
const SEEN = 4000;

let timer = 0;

/** @param {string} text for ears */
export function say(text) {
  const said = document.querySelector(".cb-said");
  said.textContent = text;
}

/** @param {string} text for ears and eyes */
export function notice(text) {
  say(text);
  const said = document.querySelector(".cb-said");
  said.classList.add("cb-said-seen");
  clearTimeout(timer);
  timer = setTimeout(() => said.classList.remove("cb-said-seen"), SEEN);
}
