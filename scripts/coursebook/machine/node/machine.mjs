// The machine outside of a browser: boots or restores it, types into its shell, speaks to root.
import fs from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { PAGES_TOGETHER } from "../../frontend/live/engines/machine/compiler.js";
import { Cells } from "./cells.mjs";

const PATIENCE = 240_000; // milliseconds for one command

/**
 * Start a machine.
 * @param {{folder: string, memory: number, mark: string, commandLine?: string, cells?: string}} plan
 * @param {import("./contents.mjs").Contents} contents of its files
 * @param {ArrayBuffer} [state] a snapshot; without one the machine boots
 */
export async function start(plan, contents, state) {
  const here = (name) => ({ url: path.join(plan.folder, name) });
  const { V86 } = await import(pathToFileURL(path.join(plan.folder, "libv86.mjs")).href);
  const wasm = await WebAssembly.compile(await fs.readFile(path.join(plan.folder, "v86.wasm")));
  let exports;
  const machine = new V86({
    wasm_fn: async (imports) => ({ exports } = await WebAssembly.instantiate(wasm, imports)).exports,
    // A snapshot has in it what the machine was switched on with, and its tree of files.
    ...(state
      ? { initial_state: { buffer: state }, filesystem: {} }
      : {
          bios: here("bios.bin"),
          vga_bios: here("vgabios.bin"),
          bzimage: here("kernel"),
          initrd: here("initrd"),
          cmdline: plan.commandLine,
          filesystem: { basefs: path.join(plan.folder, "fs.json") },
        }),
    memory_size: plan.memory << 20,
    vga_memory_size: 1 << 20,
    autostart: false,
    disable_speaker: true,
    disable_keyboard: true,
    disable_mouse: true,
    uart1: true,
    uart2: true,
    uart3: true,
    virtio_console: true,
    acpi: false,
    net_device: { type: "none" },
  });
  const decoder = new TextDecoder();
  const said = { kernel: "", console: "", control: "" };
  machine.add_listener("serial0-output-byte", (byte) => (said.kernel += String.fromCharCode(byte)));
  machine.add_listener("serial1-output-byte", (byte) => (said.control += String.fromCharCode(byte)));
  machine.add_listener("virtio-console0-output-bytes", (bytes) => (said.console += decoder.decode(bytes, { stream: true })));
  const cells = new Cells(machine, plan.mark, plan.cells);
  if (!state) cells.starting = { bash: true, python: true };

  async function until(holds, what) {
    const end = Date.now() + PATIENCE;
    while (!holds()) {
      if (Date.now() > end) {
        const last = Object.entries(said).map(([where, text]) => `${where}: ${text.slice(-600)}`);
        throw new Error(`no answer to: ${what}\n${last.join("\n")}\ncells: ${JSON.stringify(cells.told()).slice(-600)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  const press = (text) => machine.bus.send("virtio-console0-input-bytes", new TextEncoder().encode(text));
  const prompted = () => {
    const end = said.console.lastIndexOf("\x1b]133;D;");
    return end >= 0 && said.console.indexOf("\x1b]133;B\x07", end) > end;
  };

  /** Type a command into the learner's shell, and wait until the next prompt stands. */
  async function type(command) {
    said.console = "";
    const begun = performance.now();
    press(`${command}\r`);
    await until(prompted, command);
    const output = said.console.indexOf("\x1b]133;C\x07");
    const end = said.console.lastIndexOf("\x1b]133;D;");
    return {
      status: Number.parseInt(said.console.slice(end + 8), 10),
      output: output < 0 ? "" : said.console.slice(output + 8, end).replaceAll("\r\n", "\n"),
      milliseconds: Math.round(performance.now() - begun),
    };
  }

  /** Run bash as root, out of the learner's sight. */
  async function control(script) {
    said.control = "";
    machine.serial_send_bytes(1, Buffer.from(`${script}\0`));
    await until(() => said.control.endsWith("\x03"), script);
    const [, status, output] = said.control.match(/\x02(\d+) ([^\x03]*)\x03/s);
    const printed = Buffer.from(output, "latin1").toString();
    if (status !== "0") throw new Error(`status ${status} of: ${script}\n${printed}`);
    return printed;
  }

  /** Wait until the machine has booted, and all who wait for a command do so. */
  const booted = () =>
    until(() => prompted() && said.control.includes("ready") && !cells.starting.bash && !cells.starting.python, "boot");

  await new Promise((resolve) => machine.add_listener("emulator-loaded", resolve));
  machine.fs9p.storage = contents;
  exports.set_jit_config(PAGES_TOGETHER.setting, PAGES_TOGETHER.value);
  // What is typed before it runs is lost.
  const runs = new Promise((resolve) => machine.add_listener("emulator-started", resolve));
  machine.run();
  await runs;
  return { machine, type, control, press, booted, until, cells };
}
