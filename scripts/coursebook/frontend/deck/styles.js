/** The styles of what is seldom used, loaded with the first of it. */

/** @type {Promise<void> | null} */
let loading = null;

/** Load them once; after a failure the next wish tries again. */
export function loadToolStyles() {
  loading ??= new Promise((resolve, reject) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: new URL("./tools.css", import.meta.url).href });
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => {
      link.remove();
      reject(new Error("the styles could not be loaded"));
    });
    document.head.append(link);
  });
  loading.catch(() => { loading = null; });
  return loading;
}
