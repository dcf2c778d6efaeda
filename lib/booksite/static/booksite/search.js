// Finds the sections that a reader asks for, while the words are typed. The build makes PAGES, with
// the text of all sections, and Stemmer and STOPWORDS, for the book's language.
{
  const SHOWN = 20; // results
  const LENGTH = 240; // letters of an excerpt
  const SPELLED =
    "α alpha β beta γ gamma δ delta ε epsilon ϵ epsilon ζ zeta η eta θ theta κ kappa λ lambda μ mu " +
    "ν nu ξ xi π pi ρ rho σ sigma τ tau φ phi ϕ phi χ chi ψ psi ω omega ∇ nabla";
  const spelled = new Map(SPELLED.match(/\S+ \S+/g).map((pair) => pair.split(" ")));
  const stemmer = new Stemmer();

  // In a formula, each Greek letter is a word of its own: ηλ is two.
  const WORD = /[∇\p{Script=Greek}]|(?:(?!\p{Script=Greek})[\p{L}\p{M}\p{N}])+/gu;
  const tokenize = (text) => text.match(WORD) ?? [];
  const plain = (word) => word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const stem = (word) => {
    const letters = plain(word);
    return STOPWORDS.has(letters) ? null : (spelled.get(letters) ?? stemmer.stemWord(letters));
  };
  // A word is found by its stem; as it is written, only by one with slips in it.
  const written = (word) => stem(word) && plain(word);
  const forms = (word) => [...new Set([stem(word), written(word)])].filter(Boolean);

  const sections = PAGES.flatMap(({ page, title, weight, sections }) =>
    sections.map(([anchor, heading, terms, text]) => {
      const address = page + (anchor && `#${anchor}`);
      return { address, title, heading: heading || title, terms, text, weight };
    }),
  );
  const engine = new MiniSearch({
    fields: ["heading", "terms", "title", "text"],
    tokenize,
    processTerm: forms,
    searchOptions: {
      processTerm: stem,
      combineWith: "AND",
      boost: { heading: 3, terms: 3, title: 2 },
      weights: { prefix: 0.4, fuzzy: 0.2 },
      prefix: (word) => word.length > 2,
      boostDocument: (id) => sections[id].weight,
    },
  });
  engine.addAll(sections.map((section, id) => ({ id, ...section })));

  // Sections with all the words; if there are none, with words like them; or else with some.
  const WAYS = [{}, { processTerm: written, fuzzy: 0.25 }, { combineWith: "OR" }];
  const find = (query) => {
    for (const way of WAYS) {
      const found = engine.search(query, way);
      if (found.length) return found;
    }
    return [];
  };

  // The text from the sentence on that has most of the words.
  const excerpt = (text, terms) => {
    const sentences = text.split(/(?<=[.?!]) (?=[\p{Lu}\d])/u);
    const found = (sentence) => tokenize(sentence).flatMap(forms).filter((form) => terms.has(form));
    const counts = sentences.map((sentence) => new Set(found(sentence)).size);
    const rest = sentences.slice(counts.indexOf(Math.max(...counts))).join(" ");
    return rest.length > LENGTH ? `${rest.slice(0, rest.lastIndexOf(" ", LENGTH))} …` : rest;
  };

  const element = (name, ...content) => {
    const made = document.createElement(name);
    made.append(...content);
    return made;
  };

  // A text with some of its words marked.
  const marked = (text, terms) =>
    text
      .split(new RegExp(`(${WORD.source})`, "u"))
      .map((part) => (forms(part).some((form) => terms.has(form)) ? element("mark", part) : part));

  const entry = ({ id, terms }) => {
    const { address, title, heading, text } = sections[id];
    const found = new Set(terms);
    const link = element("a", heading);
    link.href = address;
    const place = title === heading ? [] : [" ", element("span", title)];
    return element("li", link, ...place, element("p", ...marked(excerpt(text, found), found)));
  };

  const form = document.querySelector("main form.bd-search");
  const input = form.elements.q;
  const status = element("p");
  const list = element("ol");
  status.role = "status";
  document.querySelector("#search-results").append(status, list);

  const show = () => {
    const query = input.value.trim();
    const found = query ? find(query) : [];
    const more = found.length > SHOWN ? `, and these are the first ${SHOWN}` : "";
    const count = found.length === 1 ? "1 section was" : `${found.length || "No"} sections were`;
    status.textContent = query ? `${count} found${more}.` : "";
    list.replaceChildren(...found.slice(0, SHOWN).map(entry));
    const address = query ? `?${new URLSearchParams({ q: query })}` : location.pathname;
    history.replaceState(null, "", address);
  };

  input.value = new URLSearchParams(location.search).get("q") ?? "";
  input.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  input.focus();
  input.select();
  show();
}
