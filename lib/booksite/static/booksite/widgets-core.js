// The core widgets of ipywidgets, by their own manager. It compiles schemas with `new Function`:
// a page with such widgets needs 'unsafe-eval' in its policy.
window.openCoreWidgets = async ({ load, vendor, state }) => {
  const require = (name) =>
    new Promise((resolve, reject) => window.requirejs([name], resolve, reject));

  await load(`${vendor}require.js`);
  window.requirejs.config({
    baseUrl: vendor.replace(/\/$/, ""),
    waitSeconds: 0, // a slow line is no error
  });
  await load(`${vendor}libembed-amd.js`);
  const { HTMLManager } = await require("@jupyter-widgets/html-manager");
  const manager = new HTMLManager({ loader: require });
  await manager.set_state(JSON.parse(document.querySelector(state).textContent));

  // Some controls have no name of their own, and pictures no text.
  function name(place) {
    const controls = "input, select, textarea, button, progress, [role=slider]";
    for (const control of place.querySelectorAll(controls)) {
      if (control.labels?.length || control.getAttribute("aria-label")) continue;
      if (control.matches("button") && control.textContent.trim()) continue;
      const box = control.closest(".jupyter-widgets");
      const label = box?.querySelector(".widget-label")?.textContent || control.title;
      control.setAttribute("aria-label", label || "value");
    }
    for (const picture of place.querySelectorAll("img:not([alt])")) {
      picture.alt = picture.closest("[aria-label]")?.getAttribute("aria-label") ?? "";
    }
  }

  return async (id, place) => {
    const model = await manager.get_model(id);
    await manager.display_view(await manager.create_view(model), place);
    name(place);
    new MutationObserver(() => name(place)).observe(place, { childList: true, subtree: true });
  };
};
