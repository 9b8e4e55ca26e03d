// node snapshot.mjs PLAN.json: boots, warms up, saves `state.bin.zst`.
import fs from "node:fs/promises";
import path from "node:path";
import zlib from "node:zlib";
import { fromFolder } from "./contents.mjs";
import { start } from "./machine.mjs";

/** Kilobytes that the guest reads beyond what it needs; by default 128, most of them in vain. */
const READ_AHEAD = 16;

const plan = JSON.parse(await fs.readFile(process.argv[2], "utf8"));
const begun = performance.now();
const say = (text) => console.log(`${((performance.now() - begun) / 1000).toFixed(1)} s  ${text}`);

const contents = fromFolder(path.join(plan.folder, "files"), plan.frame);
const { machine, type, control, press, booted, cells } = await start(plan, contents);
await booted();
say("the prompt and both interpreters stand");
machine.bus.send("virtio-console0-resize", [24, 80]);
for (const command of plan.warmUp) {
  const { status, output, milliseconds } = await type(command);
  if (status !== 0) throw new Error(`status ${status} of the warm-up: ${command}\n${output}`);
  say(`${milliseconds} ms: ${command}`);
}
for (const [language, source, expected] of plan.warmCells) {
  const { status, outputs, milliseconds } = await cells.run(language, source);
  if (status !== expected) throw new Error(`status ${status} of the warm-up: ${source}\n${JSON.stringify(outputs)}`);
  say(`${milliseconds} ms: ${language}: ${source.split("\n")[0]}`);
}

// Leave nothing behind: drop the caches and fill what is free with zeros once, because pages of
// zeros are left out of a snapshot. The last megabyte stays free, or the kernel would take pages
// of programs back.
await control(`set -e
  sync; echo 3 >/proc/sys/vm/drop_caches
  reserve=$(cat /proc/sys/vm/min_free_kbytes); echo 256 >/proc/sys/vm/min_free_kbytes
  /usr/local/sbin/busybox mount -t tmpfs -o size=100% zeros /mnt
  free=$(awk '/MemFree/ { print int($2 / 64) - 16 }' /proc/meminfo)
  dd if=/dev/zero of=/mnt/zeros bs=64K count=$free status=none
  /usr/local/sbin/busybox umount /mnt; echo $reserve >/proc/sys/vm/min_free_kbytes`);

// Of the files, what the first cells need comes back: a page of 4 kB is read where it is needed, and
// not what lies around it.
const readAhead = (kilobytes) => control(`for place in /sys/class/bdi/9p-*/read_ahead_kb; do echo ${kilobytes} >$place; done`);
await readAhead(0);
for (const [language, source] of plan.first) await cells.run(language, source);
await control("clock $(date +%s); waits bash; read -r line </proc/cmdline; echo 65536 >/sys/kernel/debug/fault_around_bytes");
await readAhead(READ_AHEAD);
say((await control("free -m | head -2")).trim());
await type("clear");
press("\x0c"); // the prompt stands at the top of an empty screen
await new Promise((resolve) => setTimeout(resolve, 500));
await machine.stop();
say(`${forgetKernel(await fs.readFile(path.join(plan.folder, "kernel")))} pages of the packed kernel forgotten`);
const state = Buffer.from(await machine.save_state());
say(`saved: ${(state.length / 1e6).toFixed(1)} MB`);
const { ZSTD_c_compressionLevel: level, ZSTD_c_windowLog: window } = zlib.constants;
const packed = zlib.zstdCompressSync(state, {
  params: { [level]: plan.level, [window]: plan.windowLog },
  pledgedSrcSize: state.length,
});
await fs.writeFile(path.join(plan.folder, "state.bin.zst"), packed);
say(`packed: ${(packed.length / 1e6).toFixed(1)} MB`);

/**
 * Fill with zeros what is left of the kernel as it was loaded, before it unpacked itself: half a
 * megabyte that nothing packs. What still is as it was loaded, nobody has used since.
 * Source: https://docs.kernel.org/arch/x86/boot.html, "Loading The Rest of The Kernel".
 */
function forgetKernel(image) {
  const page = 4096;
  const loaded = 0x100000;
  const rest = image.subarray((image[0x1f1] + 1) * 512);
  let found = 0;
  for (let at = 0; at + page <= rest.length; at += page) {
    if (rest.compare(machine.read_memory(loaded + at, page), 0, page, at, at + page) !== 0) continue;
    machine.write_memory(new Uint8Array(page), loaded + at);
    found += 1;
  }
  return found;
}
process.exit(0);
