// Pictures drawn beforehand: one for each value of a slider, or for each pair of values of two.

import { explorable, make, put, slider } from "./figure.js";

function render({ model, el }) {
  const get = (name) => model.get(name);
  const labels = get("labels");
  const [width, height] = get("size");
  // As on an odometer, the last slider turns fastest.
  const index = () => get("places").reduce((sum, place, i) => sum * labels[i].length + place, 0);
  const describe = () => get("texts")[index()];
  const load = (picture) => picture && (new Image().src = picture);

  // On a page the pictures are files: a reader who moves a slider will soon need the next ones.
  function move(i, to) {
    put(model, { places: get("places").map((place, j) => (i === j ? to : place)) });
    for (const next of [index() - 1, index() + 1]) load(get("pictures")[next]);
  }

  const picture = make("img", { width, height });
  const text = make("p", { class: "result" });
  const sliders = get("names").map((name, i) => slider({
    label: name, range: [0, labels[i].length - 1], step: 1, input: (place) => move(i, place),
  }));

  function draw() {
    sliders.forEach((each, i) => each.show(get("places")[i], labels[i][get("places")[i]]));
    picture.src = get("pictures")[index()];
    picture.alt = text.textContent = describe();
  }

  const parts = [...sliders.map((each) => each.root), picture, text];
  return explorable({ model, el }, ["places"], parts, { plots: [], draw, describe });
}

export default { render };
