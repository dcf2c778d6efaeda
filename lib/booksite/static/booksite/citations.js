// A cited number shows its check while it is pointed at or has the focus: the style sheet does that.
// Here, Escape hides the check, it stays inside the window, and a first tap shows it before a second
// one follows the link.
{
  const citedAt = (target) => (target instanceof Element ? target.closest(".cited") : null);
  let touched = false; // whether the last press was of a finger
  let tapped = null; // the number whose check a finger has brought up

  const place = ({ target }) => {
    const note = citedAt(target)?.querySelector("[role=tooltip]");
    if (!note) return;
    note.style.translate = "";
    const over = note.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
    if (over > 0) note.style.translate = `${-over}px`;
  };
  const leave = ({ target, relatedTarget }) => {
    const cited = citedAt(target);
    if (cited && !cited.contains(relatedTarget)) cited.classList.remove("dismissed");
  };
  document.addEventListener("pointerover", place);
  document.addEventListener("focusin", place);
  document.addEventListener("pointerout", leave);
  document.addEventListener("focusout", leave);

  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    for (const cited of document.querySelectorAll(".cited:is(:hover, :focus-within)")) {
      cited.classList.add("dismissed");
    }
  });

  document.addEventListener("pointerdown", ({ pointerType }) => {
    touched = pointerType === "touch";
  });
  document.addEventListener("click", (event) => {
    const cited = touched ? citedAt(event.target) : null;
    if (cited && cited !== tapped) {
      event.preventDefault();
      cited.querySelector("a")?.focus({ preventScroll: true });
    }
    tapped = cited;
  });
}
