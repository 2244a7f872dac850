/** What a screen reader says without the focus being moved. */

const AGAIN_MS = 60; // a live region that was emptied first is read also when it says the same twice

export function announce(text) {
  const region = document.getElementById("polite");
  region.textContent = "";
  setTimeout(() => (region.textContent = text), AGAIN_MS);
}
