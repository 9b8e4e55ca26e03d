// Waiting for the guest, which gets as much of the computer as others leave it.

/** Milliseconds of one step. */
const STEP = 20;

/**
 * Wait, in steps of which a busy computer makes fewer: what the guest could not do because nothing
 * ran does not count against it.
 * @param {number} milliseconds
 */
export async function patience(milliseconds) {
  for (let waited = 0; waited < milliseconds; waited += STEP) {
    await new Promise((resolve) => setTimeout(resolve, STEP));
  }
}
