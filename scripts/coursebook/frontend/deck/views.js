/** The other ways to see a deck: as a document on a phone, on paper, small in the speaker's window. */

/** A phone: held upright it is too narrow for a slide, held across a finger is too thick for it. */
const PHONE = "(max-width: 600px) and (orientation: portrait), (max-height: 480px) and (pointer: coarse)";

/** As what the speaker's window shows this deck, `current` or `next`: there it is looked at, and steered
   by the other window. */
const shownAs = new URLSearchParams(location.search).get("receiver");

export const isSpeakersCopy = shownAs !== null;

// Cells ask for it, too; their scripts stand elsewhere, and run after this.
if (isSpeakersCopy) document.documentElement.dataset.cbReceiver = shownAs;

/**
 * Show the sections as a document to scroll where slides would be too small.
 * @returns {boolean} whether it is done
 */
export function showAsDocumentOnPhones() {
  // A deck in a frame is small because somebody wants it so.
  if (globalThis.parent !== globalThis) return false;
  const phone = matchMedia(PHONE);
  phone.addEventListener("change", () => location.reload());
  if (phone.matches) showAsDocument();
  return phone.matches;
}

function showAsDocument() {
  document.documentElement.classList.add("cb-document");
  for (const link of document.querySelectorAll("link[data-cb-slides]")) link.remove();
  for (const link of document.querySelectorAll("link[data-cb-document]")) link.media = "all";
  const go = () => {
    const id = decodeURIComponent(location.hash.replace(/^#\/?/, ""));
    document.getElementById(id)?.scrollIntoView();
  };
  addEventListener("hashchange", go);
  addEventListener("load", go);
}

/** Bring reveal's own print view (`?view=print`) its styles, which are for the screen only. */
export function prepareForPrinting() {
  if (!/[?&](view=print|print-pdf)/.test(location.search)) return;
  for (const link of document.querySelectorAll("link[data-cb-slides]")) link.media = "all";
  for (const link of document.querySelectorAll("link[data-cb-document]")) link.remove();
}
