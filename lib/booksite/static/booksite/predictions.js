// The choices of a prediction become buttons. The first that is pressed is the reader's, and opens
// the answer. Without this script they are read, and the answer is opened by hand.
for (const asked of document.querySelectorAll(".prediction")) {
  const answer = asked.nextElementSibling;
  const verdict = asked.querySelector(".verdict");
  const choices = [...asked.querySelectorAll(".choice")].map((choice) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = choice.className;
    button.toggleAttribute("data-right", choice.hasAttribute("data-right"));
    button.append(...choice.childNodes);
    choice.replaceWith(button);
    return button;
  });
  const choose = (chosen) => {
    if (asked.hasAttribute("data-chosen")) return;
    asked.setAttribute("data-chosen", "");
    for (const button of choices) {
      const right = button.hasAttribute("data-right");
      button.setAttribute("aria-disabled", "true"); // it keeps the focus, unlike a disabled one
      button.setAttribute("aria-pressed", String(button === chosen));
      if (right || button === chosen) button.dataset.mark = right ? "✓" : "✗";
    }
    verdict.textContent = chosen.hasAttribute("data-right")
      ? "Right. Read on to see why."
      : "Not quite: the one marked ✓ is right. Read on to see why.";
    answer.open = true;
  };
  for (const button of choices) button.addEventListener("click", () => choose(button));
}
