export { ParleyClient } from './client.js';
export { ParleyError } from './errors.js';
export { newId } from './options.js';
export { Reply } from './reply.js';
export { Sent } from './outbox.js';
