// The least that runs Python in a page: a button, a worker, and a place for the output.

let worker;

document.querySelector("button").addEventListener("click", () => {
  if (!worker) {
    worker = new Worker("worker.js", { type: "module" });
    worker.onmessage = ({ data }) => { document.querySelector("pre").textContent = data; };
  }
  worker.postMessage("import time; print(time.time_ns())");
});
