// The machine outside of a browser: boots or restores it, types into its shell, speaks to root.
import fs from "node:fs/promises";
import path from "node:path";
import { syncBuiltinESMExports } from "node:module";
import { pathToFileURL } from "node:url";

const PATIENCE = 240_000; // milliseconds for one command

/** Names of all contents that the guest has asked for. */
export const touched = new Set();
const readFile = fs.readFile;
fs.readFile = (name, ...rest) => {
  const parts = String(name).split("/");
  if (parts.at(-2) === "files") touched.add(parts.at(-1));
  return readFile(name, ...rest);
};
syncBuiltinESMExports();

/**
 * Start a machine.
 * @param {{folder: string, v86: string, memory: number, commandLine: string}} plan
 * @param {ArrayBuffer} [state] a snapshot; without one the machine boots
 */
export async function start(plan, state) {
  const here = (name) => path.join(plan.folder, name);
  const { V86 } = await import(pathToFileURL(path.join(plan.v86, "libv86.mjs")).href);
  const machine = new V86({
    wasm_path: path.join(plan.v86, "v86.wasm"),
    bios: { url: here("bios.bin") },
    vga_bios: { url: here("vgabios.bin") },
    ...(state
      ? { initial_state: { buffer: state } }
      : { bzimage: { url: here("kernel") }, initrd: { url: here("initrd.gz") }, cmdline: plan.commandLine }),
    filesystem: { basefs: here("fs.json"), baseurl: here("files/") },
    memory_size: plan.memory << 20,
    vga_memory_size: 1 << 20,
    autostart: true,
    disable_speaker: true,
    disable_keyboard: true,
    disable_mouse: true,
    uart1: true,
    virtio_console: true,
    acpi: false,
    net_device: { type: "none" },
  });
  const runs = new Promise((resolve) => machine.add_listener("emulator-started", resolve));
  const decoder = new TextDecoder();
  const said = { kernel: "", console: "", control: "" };
  machine.add_listener("serial0-output-byte", (byte) => (said.kernel += String.fromCharCode(byte)));
  machine.add_listener("serial1-output-byte", (byte) => (said.control += String.fromCharCode(byte)));
  machine.add_listener("virtio-console0-output-bytes", (bytes) => (said.console += decoder.decode(bytes, { stream: true })));

  async function until(holds, what) {
    const end = Date.now() + PATIENCE;
    while (!holds()) {
      if (Date.now() > end) {
        const last = Object.entries(said).map(([where, text]) => `${where}: ${text.slice(-600)}`);
        throw new Error(`no answer to: ${what}\n${last.join("\n")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
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
    machine.serial_send_bytes(1, Buffer.from(`${Buffer.from(script).toString("base64")}\n`));
    await until(() => said.control.endsWith("\x03"), script);
    const [, status, output] = said.control.match(/\x02(\d+) (\S*)\x03/s);
    const printed = Buffer.from(output, "base64").toString();
    if (status !== "0") throw new Error(`status ${status} of: ${script}\n${printed}`);
    return printed;
  }

  // What is typed before it runs is lost.
  await runs;
  const booted = () => until(() => prompted() && said.control.includes("ready"), "boot");
  return { machine, type, control, press, booted };
}
