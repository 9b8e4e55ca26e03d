// The machine's worker: takes calls from the page and sends back answers and events. Its address
// ends in `?use-scheduling-api`, by which v86 yields through `scheduler.postTask`.
//
// In: {call: number, name: string, values: any[]}. Out: {call, value} or {call, trouble}, and
// {event: string, detail: any}.
import { TroubleError } from "../engine.js";
import { Machine } from "./machine.js";

// Where the browser has it not, v86 would start one more worker and cross to it at each slice.
if (!globalThis.scheduler?.postTask) {
  Object.defineProperty(globalThis, "scheduler", { value: makeScheduler() });
}

const tell = (event, detail) => postMessage({ event, detail });
const machine = new Machine(tell);
let starting = null;

const calls = {
  start: (options) => (starting ??= machine.start(options)),
  run: (request) => machine.run(request, (messages) => tell("messages", messages)),
  stop: () => machine.room.stop(),
  input: (text) => machine.room.input(text),
  endInput: () => machine.room.endInput(),
  restart: (language) => machine.restart(language),
  usePython: (program) => machine.usePython(program),
  flush: () => machine.save(),
  wake: () => machine.wake(),
  openTerminal: () => machine.openTerminal(),
  closeTerminal: () => machine.screen.close(),
  type: (text) => machine.type(text),
  resize: (columns, rows) => machine.guest.resize(columns, rows),
};

addEventListener("message", async ({ data: { call, name, values } }) => {
  try {
    postMessage({ call, value: await calls[name](...values) });
  } catch (error) {
    const known = error instanceof TroubleError;
    const message = known ? error.message : `The machine broke down (${error?.message ?? error}).`;
    postMessage({ call, trouble: { message, mend: known ? error.mend : "reset" } });
  }
});

// What breaks inside v86 breaks out of nobody's call.
const broken = (reason) => tell("broken", { message: String(reason?.message ?? reason) });
addEventListener("error", (event) => broken(event.error ?? event.message));
addEventListener("unhandledrejection", (event) => broken(event.reason));

/** `scheduler.postTask`, as far as v86 uses it. */
function makeScheduler() {
  const { port1, port2 } = new MessageChannel();
  const tasks = [];
  port1.onmessage = () => tasks.shift()();
  return {
    postTask(task, { delay = 0 } = {}) {
      if (delay >= 1) {
        setTimeout(task, delay);
      } else {
        tasks.push(task);
        port2.postMessage(null);
      }
    },
  };
}
