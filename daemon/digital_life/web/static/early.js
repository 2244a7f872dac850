/* Before anything is painted: the colours that were chosen last time. */
try {
  const scheme = localStorage.getItem("scheme");
  if (scheme === "light" || scheme === "dark") document.documentElement.dataset.scheme = scheme;
} catch {
  // Storage is forbidden: the system's scheme is right too.
}
