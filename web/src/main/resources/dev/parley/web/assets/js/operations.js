import { BASE } from './api.js';

/** Whether the one who is in may run the server, as far as the server has said so. */
export function operates(store) {
  return store.get('conversation')?.client.info?.roles?.includes('admin') === true;
}

/** Goes to the page for administrators. */
export function operate() {
  location.assign(new URL('admin', BASE));
}
