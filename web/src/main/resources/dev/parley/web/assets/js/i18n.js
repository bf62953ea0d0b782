import { read, write } from './storage.js';
import { words as english } from './words/en.js';
import { words as portuguese } from './words/pt-BR.js';

/** The page's words. A new language is one more file with the same keys. */
const WORDS = { en: english, 'pt-BR': portuguese };

export const LANGUAGES = { en: 'English', 'pt-BR': 'Português' };

const chosen = read('language') ?? (navigator.language.startsWith('pt') ? 'pt-BR' : 'en');
const language = WORDS[chosen] ? chosen : 'en';
document.documentElement.lang = language;

export function currentLanguage() {
  return language;
}

/** Takes effect at once, with everything that was being written. */
export function chooseLanguage(wanted) {
  write('language', wanted);
  location.reload();
}

/** @param {keyof typeof WORDS.en} key @param {Record<string, unknown>} [values] */
export function t(key, values = {}) {
  return (WORDS[language][key] ?? WORDS.en[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/** How much may still be written, once that is little. */
export function leftWords(left) {
  return left < 0 ? t('tooLong', { n: -left }) : left < 500 ? t('left', { n: left }) : '';
}

export function time(iso) {
  return new Date(iso).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
}

export function number(value, digits = 0) {
  return value.toLocaleString(language, { maximumFractionDigits: digits });
}

/** A size people can read: 1.5 MB. */
export function bytes(size) {
  const unit = size < 1000 ? 0 : size < 1_000_000 ? 1 : 2;
  return `${number(size / 1000 ** unit, unit && size < 10 * 1000 ** unit ? 1 : 0)} ${['B', 'kB', 'MB'][unit]}`;
}
