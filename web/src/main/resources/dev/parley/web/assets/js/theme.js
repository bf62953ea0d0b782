import { read, write } from './storage.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** `auto`, `light` or `dark`. */
export function theme() {
  return read('theme', 'auto');
}

export function chooseTheme(chosen) {
  write('theme', chosen);
  applyTheme();
}

export function applyTheme() {
  const chosen = theme();
  const shown = chosen === 'auto' ? (dark.matches ? 'dark' : 'light') : chosen;
  document.documentElement.dataset.theme = shown;
  document.querySelector('meta[name=theme-color]').content = shown === 'dark' ? '#171614' : '#fbfaf8';
}

dark.addEventListener('change', applyTheme);
applyTheme();
