/** The styles of what cells show, had when they are wanted. */

import { make } from "./elements.js";

/** Where they cannot be had, or have a wrong type, cells run plain. */
export function loadCellStyles() {
  const link = make("link");
  Object.assign(link, { rel: "stylesheet", href: new URL("./cells.css", import.meta.url).href });
  return new Promise((resolve) => {
    for (const end of ["load", "error"]) link.addEventListener(end, resolve);
    document.head.append(link);
  });
}
