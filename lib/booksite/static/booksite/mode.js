// The reader's choices, of a theme and of folded code, before anything is painted.
{
  const root = document.documentElement;
  let stored = {};
  try {
    stored = localStorage;
  } catch {
    // Storage may be denied: the system's theme, then.
  }
  root.dataset.mode = stored.mode || "auto";
  root.dataset.theme = stored.theme || "auto";
  root.dataset.code = stored.code || "folded";
  if (root.dataset.code === "shown") {
    // Each fold is opened as it is read, so that nothing moves later.
    const open = () => {
      for (const fold of document.querySelectorAll(".fold-code:not([open])")) fold.open = true;
    };
    const observer = new MutationObserver(open);
    observer.observe(root, { childList: true, subtree: true });
    addEventListener("DOMContentLoaded", () => observer.disconnect());
  }
}
