// Loaded before the page is drawn, so that a chosen theme never flashes in late.
(() => {
  const KEY = "terrachange-theme";
  const root = document.documentElement;
  const chosen = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is switched off: the system's scheme stays
    }
  };
  const isDark = () =>
    (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const theme = chosen();
  if (theme === "light" || theme === "dark") {
    root.dataset.theme = theme;
  }
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-switch]");
    const show = () => {
      button.setAttribute("aria-pressed", String(isDark()));
      button.querySelector("[data-theme-name]").textContent = isDark() ? "Dark" : "Light";
    };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem(KEY, root.dataset.theme);
      } catch {
        // for this page only, then
      }
      show();
      document.dispatchEvent(new CustomEvent("themechange"));
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    show();
  });
})();
