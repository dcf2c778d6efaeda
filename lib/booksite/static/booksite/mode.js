// The reader's choice of theme, before anything is painted. Storage may be denied.
{
  const root = document.documentElement;
  let stored = {};
  try {
    stored = localStorage;
  } catch {
    // The system's theme, then.
  }
  root.dataset.mode = stored.mode || "auto";
  root.dataset.theme = stored.theme || "auto";
}
