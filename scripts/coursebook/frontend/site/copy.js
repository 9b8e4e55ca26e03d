/** A button on code that a reader may want to type; never on what a program printed. */

/** @param {Document} page */
export function addCopyButtons(page) {
  for (const block of page.querySelectorAll('.cb-article div[class*="highlight-"]')) {
    if (block.closest(".cell_output") || !block.querySelector("pre")) continue;
    const button = page.createElement("button");
    button.type = "button";
    button.className = "cb-copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy this code");
    button.addEventListener("click", () => copy(button, codeOf(block)));
    block.append(button);
  }
}

/**
 * Return what is typed in a block: without line numbers, and in a session (`$ `, `>>> `) without
 * prompts and answers.
 * @param {Element} block
 * @returns {string}
 */
export function codeOf(block) {
  const shown = block.querySelector("pre").cloneNode(true);
  for (const number of shown.querySelectorAll(".linenos")) number.remove();
  const text = shown.textContent.replace(/\n$/, "");
  if (!shown.querySelector(".gp")) return text;
  const prompt = /^(?:>>> |\.\.\. ?|\$ |# |[\w.@~:/-]*[$#%] |\([\w.-]+\) ?[$#%] )/;
  const typed = text.split("\n").filter((line) => prompt.test(line));
  return typed.length ? typed.map((line) => line.replace(prompt, "")).join("\n") : text;
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} text
 */
async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // No permission, or a page that is not served over https.
    button.textContent = "Press Ctrl-C";
    select(button.parentElement.querySelector("pre"));
  }
  button.dataset.cbCopied = "";
  setTimeout(() => {
    button.textContent = "Copy";
    delete button.dataset.cbCopied;
  }, 1600);
}

/** @param {Element} element */
function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}
