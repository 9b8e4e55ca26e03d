/** The speaker's window: reveal's notes plugin, which comes with the first wish for it. */

let loading = null;

/** Load the plugin once; after a failure the next press tries again. */
export function speakerPlugin(deck) {
  loading ??= import("./notes.esm.js").then(async (module) => {
    const plugin = module.default();
    await plugin.init(deck);
    return plugin;
  });
  loading.catch(() => { loading = null; });
  return loading;
}

/** Open the speaker's window. */
export async function openSpeakerView(deck) {
  const plugin = await speakerPlugin(deck);
  plugin.open();
}
