/**
 * Calls back when a browser comes back to life: online again, page visible again, page restored from the cache.
 * @param {{window?: EventTarget, document?: EventTarget & {visibilityState?: string}}} page
 * @param {() => void} awake
 * @returns {() => void} stops listening
 */
export function onWake({ window, document }, awake) {
  const visible = () => document?.visibilityState !== 'hidden' && awake();
  const restored = (event) => event.persisted && awake();
  const listened = [
    [window, 'online', awake], [window, 'pageshow', restored], [document, 'visibilitychange', visible],
  ].filter(([target]) => typeof target?.addEventListener === 'function');
  for (const [target, type, listener] of listened) target.addEventListener(type, listener);
  return () => {
    for (const [target, type, listener] of listened) target.removeEventListener(type, listener);
  };
}
