/* global hljs */
// Runs beside the page: takes {id, text, language}, answers {id, pieces: [[classes, text], …]}. It gives no HTML away.

/** Languages beyond the common ones, each a file of its own; their aliases in front. */
const MORE = {
  clj: 'clojure', clojure: 'clojure', dart: 'dart', docker: 'dockerfile', dockerfile: 'dockerfile', ex: 'elixir', elixir: 'elixir', erl: 'erlang',
  erlang: 'erlang', gradle: 'groovy', groovy: 'groovy', haskell: 'haskell', hs: 'haskell', http: 'http', jl: 'julia', julia: 'julia', latex: 'latex',
  tex: 'latex', nginx: 'nginx', ocaml: 'ocaml', ml: 'ocaml', powershell: 'powershell', ps1: 'powershell', scala: 'scala',
};

importScripts('../vendor/highlight.js');

addEventListener('message', ({ data: { id, text, language } }) => {
  let pieces = [];
  try {
    if (MORE[language] && !hljs.getLanguage(language)) importScripts(`../vendor/languages/${MORE[language]}.js`);
    if (hljs.getLanguage(language)) {
      const { _emitter: emitter } = hljs.highlight(text, { language, ignoreIllegals: true });
      flatten(emitter.rootNode, '', pieces);
    }
  } catch {
    pieces = [];
  }
  postMessage({ id, pieces });
});

function flatten(node, classes, into) {
  for (const child of node.children) {
    if (typeof child === 'string') into.push([classes, child]);
    else flatten(child, child.scope ? named(child.scope) : classes, into);
  }
}

/** As the library's own renderer names them: `title.function` is `hljs-title function_`. */
function named(scope) {
  if (scope.startsWith('language:')) return '';
  const [first, ...rest] = scope.split('.');
  return [`hljs-${first}`, ...rest.map((each, at) => `${each}${'_'.repeat(at + 1)}`)].join(' ');
}
