import DOMPurify from '../vendor/dompurify.js';

/** Languages beyond the common ones, each a file of its own; their aliases in front. */
const MORE = {
  clj: 'clojure', clojure: 'clojure', dart: 'dart', docker: 'dockerfile', dockerfile: 'dockerfile', ex: 'elixir', elixir: 'elixir', erl: 'erlang',
  erlang: 'erlang', gradle: 'groovy', groovy: 'groovy', haskell: 'haskell', hs: 'haskell', http: 'http', jl: 'julia', julia: 'julia', latex: 'latex',
  tex: 'latex', nginx: 'nginx', ocaml: 'ocaml', ml: 'ocaml', powershell: 'powershell', ps1: 'powershell', scala: 'scala',
};
const LARGEST = 60_000;
const scripts = new Map();

/** Colours code when the library is there; it is fetched with the first code that is shown. */
export async function highlight(element, language) {
  const text = element.textContent;
  if (!language || text.length > LARGEST) return;
  try {
    await script('highlight');
    if (MORE[language]) await script(`languages/${MORE[language]}`);
    const { hljs } = globalThis;
    if (!hljs.getLanguage(language)) return;
    const { value } = hljs.highlight(text, { language, ignoreIllegals: true });
    element.replaceChildren(DOMPurify.sanitize(value, { RETURN_DOM_FRAGMENT: true, ALLOWED_TAGS: ['span'], ALLOWED_ATTR: ['class'] }));
  } catch {
    // Plain code is code too.
  }
}

function script(name) {
  let loading = scripts.get(name);
  if (!loading) {
    loading = new Promise((resolve, reject) => {
      const element = document.createElement('script');
      element.src = new URL(`../vendor/${name}.js`, import.meta.url);
      element.onload = resolve;
      element.onerror = () => reject(new Error(`no ${name}`));
      document.head.append(element);
    });
    scripts.set(name, loading);
  }
  return loading;
}
