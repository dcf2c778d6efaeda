// A film that this browser cannot play says so, and offers its file.
for (const film of document.querySelectorAll("article video")) {
  const say = () => (film.dataset.unplayable = "");
  const last = [...film.querySelectorAll("source")].at(-1);
  last?.addEventListener("error", say);
  film.addEventListener("error", say);
  if (film.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) say(); // it has been found out already
}
