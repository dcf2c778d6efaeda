// The switch that opens all folded code. mode.js opens it again on the next page.
{
  const root = document.documentElement;
  const button = document.querySelector(".show-code");
  const show = (shown) => {
    for (const fold of document.querySelectorAll(".fold-code")) fold.open = shown;
    button.setAttribute("aria-pressed", String(shown));
    root.dataset.code = shown ? "shown" : "folded";
    try {
      localStorage.code = root.dataset.code;
    } catch {
      // Storage may be denied: then this page only.
    }
  };
  button.setAttribute("aria-pressed", String(root.dataset.code === "shown"));
  button.addEventListener("click", () => show(root.dataset.code !== "shown"));
}
