/** Opens what a slide shows only the beginning of. Only decks that have such a thing load this. */

const CLOSE = "Close";

/**
 * Make the layer that shows all of an output or of code.
 * @param {Element} clipped
 * @returns {HTMLDialogElement}
 */
function layer(clipped) {
  const whole = clipped.cloneNode(true);
  for (const element of [whole, ...whole.querySelectorAll("[id]")]) element.removeAttribute("id");
  whole.classList.remove("cb-clipped");
  whole.classList.add("cb-whole-text");
  whole.tabIndex = 0;

  const title = document.createElement("h2");
  const slide = clipped.closest(".cb-slide")?.querySelector("h1, h2, h3")?.cloneNode(true);
  slide?.querySelector(".cb-again")?.remove();
  title.textContent = slide?.textContent.trim() ?? "";
  title.id = "cb-whole-title";

  const close = document.createElement("button");
  close.type = "button";
  close.textContent = CLOSE;

  const head = document.createElement("header");
  head.append(title, close);
  const dialog = document.createElement("dialog");
  dialog.className = "cb-whole";
  dialog.tabIndex = -1;
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(head, whole);
  close.addEventListener("click", () => dialog.close());
  return dialog;
}

/** @param {Element} clipped */
function open(clipped) {
  const dialog = layer(clipped);
  // While the layer is open, no key reaches the deck below it. Browsers close it by Escape.
  const keep = (event) => event.stopPropagation();
  window.addEventListener("keydown", keep, true);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    window.removeEventListener("keydown", keep, true);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector(".cb-whole-text").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest(".cb-show-all") : null;
  const clipped = button?.previousElementSibling;
  if (!clipped) return;
  open(clipped.matches(".cb-clipped") ? clipped : clipped.querySelector(".cb-clipped"));
});
