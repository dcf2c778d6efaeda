// Makes each widget live when it comes near the window.
//
// A widget of anywidget brings its own module, and all that it asks for is a model: `Model` is one,
// so that such a widget needs no library.
(() => {
  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';
  const NEAR = "600px"; // a flick of the finger away
  const REFERENCE = "IPY_MODEL_";

  // The state of a widget, with the methods that anywidget promises to a module.
  class Model {
    #listeners = new Map();

    constructor(id, { state, buffers = [] }, models) {
      this.id = id;
      this.state = state;
      for (const { path, data } of buffers) put(state, path, decode(data));
      this.widget_manager = { get_model: async (other) => models.get(other) };
    }

    get(name) {
      return this.state[name];
    }

    set(name, value) {
      const changes = typeof name === "object" ? name : { [name]: value };
      const changed = Object.keys(changes).filter((key) => !same(this.state[key], changes[key]));
      Object.assign(this.state, changes);
      for (const key of changed) this.#tell(`change:${key}`, this, changes[key]);
      if (changed.length) this.#tell("change", this);
    }

    on(names, listener) {
      for (const name of names.split(" ")) {
        this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
      }
    }

    off(names, listener) {
      const every = !names;
      for (const name of every ? [...this.#listeners.keys()] : names.split(" ")) {
        const kept = listener ? this.#listeners.get(name)?.filter((l) => l !== listener) : [];
        this.#listeners.set(name, kept ?? []);
      }
    }

    save_changes() {} // there is no kernel to save them to
    send() {}

    #tell(name, ...details) {
      for (const listener of this.#listeners.get(name) ?? []) listener(...details);
    }
  }

  const same = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);
  const decode = (data) => new DataView(Uint8Array.from(atob(data), (c) => c.charCodeAt(0)).buffer);
  const put = (object, path, value) => {
    const last = path.at(-1);
    path.slice(0, -1).reduce((inner, key) => inner[key], object)[last] = value;
  };

  // What jslink and jsdlink made.
  function link(models, { state, model_name: kind }) {
    const [[source, from], [target, to]] = [state.source, state.target].map(([reference, name]) => [
      models.get(reference.replace(REFERENCE, "")),
      name,
    ]);
    const copy = (a, b, x, y) => a.on(`change:${x}`, () => b.set(y, a.get(x)));
    copy(source, target, from, to);
    if (kind === "LinkModel") copy(target, source, to, from);
    target.set(to, source.get(from));
  }

  function readModels() {
    const entries = JSON.parse(document.querySelector(STATE).textContent).state;
    const models = new Map();
    for (const [id, entry] of Object.entries(entries)) models.set(id, new Model(id, entry, models));
    for (const entry of Object.values(entries)) {
      if (entry.model_name.endsWith("LinkModel")) link(models, entry);
    }
    return models;
  }

  const modules = new Map(); // by their text: the widgets of a class share one
  function importText(text) {
    if (!modules.has(text)) {
      const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      modules.set(text, import(url).then((module) => module.default));
    }
    return modules.get(text);
  }

  const styles = new Set();
  function addStyle(text) {
    if (!text || styles.has(text)) return;
    styles.add(text);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets.push(sheet);
  }

  let models; // read once a page
  const started = new Map();
  async function show(id, place) {
    models ??= readModels();
    const model = models.get(id);
    addStyle(model.get("_css"));
    const text = await importText(model.get("_esm"));
    const widget = typeof text === "function" ? await text() : text;
    if (!started.has(id)) started.set(id, widget.initialize?.({ model }));
    await started.get(id);
    await widget.render?.({ model, el: place });
  }

  // What a widget draws when its place has a size is there after the second frame.
  const drawn = () =>
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

  async function enliven(frame) {
    const { model_id: id } = JSON.parse(frame.querySelector(VIEW).textContent);
    const place = document.createElement("div");
    place.className = "widget-live";
    frame.append(place);
    await show(id, place);
    await drawn();
    frame.dataset.live = "";
  }

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        enliven(target).catch((error) => {
          target.dataset.failed = ""; // the still picture stays
          console.error(error);
        });
      }
    },
    { rootMargin: NEAR },
  );
  for (const frame of document.querySelectorAll(".widget-frame")) observer.observe(frame);
})();
