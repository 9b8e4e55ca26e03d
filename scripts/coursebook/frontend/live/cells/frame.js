/* Shows the HTML that a cell made. Runs in a sandbox with an origin of its own, and tells the page
   its height, nothing else. A classic script: modules are not had from there. */
(() => {
  let isShown = false;

  addEventListener("message", (event) => {
    if (event.source !== parent) return;
    const { colorScheme, ...font } = event.data.look;
    document.documentElement.style.colorScheme = colorScheme;
    Object.assign(document.body.style, font);
    if (isShown) return;
    isShown = true;
    document.body.innerHTML = event.data.html;
    // What innerHTML brings does not run by itself.
    for (const dead of document.body.querySelectorAll("script")) {
      const script = document.createElement("script");
      for (const { name, value } of dead.attributes) script.setAttribute(name, value);
      script.textContent = dead.textContent;
      dead.replaceWith(script);
    }
    const root = document.documentElement;
    const tell = () => {
      const bar = root.scrollWidth > root.clientWidth ? 16 : 0; // for scrolling sideways
      parent.postMessage({ height: Math.ceil(document.body.getBoundingClientRect().height) + bar }, "*");
    };
    new ResizeObserver(tell).observe(document.body);
    tell();
  });
})();
