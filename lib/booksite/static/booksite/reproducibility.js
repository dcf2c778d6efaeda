// Filter by part and order by margin. Without this script every row is shown, by chapter.
const table = document.querySelector("#quantities");
const controls = document.querySelector(".reproducibility-controls");
if (table && controls) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const part = controls.querySelector("[data-filter]");
  const order = controls.querySelector("[data-order]");
  const status = controls.querySelector("[role=status]");
  // Number("inf") is no number: what does not differ comes last.
  const margin = (row) =>
    row.dataset.margin === "inf" ? Infinity : Number(row.dataset.margin);
  const byMargin = (a, b) => (margin(a) < margin(b) ? -1 : Number(margin(a) > margin(b)));
  const show = () => {
    for (const row of rows) {
      row.hidden = part.value !== "*" && row.dataset.part !== part.value;
    }
    body.append(...(order.value === "margin" ? [...rows].sort(byMargin) : rows));
    status.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} quantities`;
  };
  part.addEventListener("change", show);
  order.addEventListener("change", show);
  controls.hidden = false;
  show();
}
