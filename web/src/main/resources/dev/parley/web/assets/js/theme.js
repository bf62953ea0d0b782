const KEY = 'parley:theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** `auto`, `light` or `dark`. */
export function theme() {
  return localStorage.getItem(KEY) ?? 'auto';
}

export function chooseTheme(chosen) {
  localStorage.setItem(KEY, chosen);
  apply();
}

function apply() {
  const chosen = theme();
  const shown = chosen === 'auto' ? (dark.matches ? 'dark' : 'light') : chosen;
  document.documentElement.dataset.theme = shown;
  document.querySelector('meta[name=theme-color]').content = shown === 'dark' ? '#171614' : '#fbfaf8';
}

dark.addEventListener('change', apply);
apply();
