import { loadPyodide } from "./pyodide/pyodide.mjs";

const starting = loadPyodide().then((python) => {
  python.setStdout({ batched: (line) => postMessage(line) });
  return python;
});

onmessage = async ({ data }) => (await starting).runPythonAsync(data);
