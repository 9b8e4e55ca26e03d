/** A link to another page of the book waits until the state of the machine is kept for it. */

/** Milliseconds after which the reader need not wait any longer; slow computers take seconds. */
const PATIENCE = 3000;

/** @param {() => Promise<void> | null | undefined} flush keeps the state; nothing when all is kept */
export function waitAtLinks(flush) {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!link || link.target || link.hasAttribute("download")) return;
    const there = new URL(link.href);
    const here = new URL(location.href);
    const samePage = there.pathname === here.pathname && there.search === here.search;
    if (there.origin !== here.origin || samePage) return;
    const saving = flush();
    if (!saving) return;
    event.preventDefault();
    const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
    Promise.race([saving, late]).catch(() => {}).then(() => location.assign(there));
  });
}
