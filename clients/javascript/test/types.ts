import { ParleyClient, ParleyError } from '../src/index.js';

const client = new ParleyClient({ url: 'https://example.org', token: async () => 'token', transport: 'auto' });
client.on('reply', ({ reply, change, delta }) => console.log(reply.status, change, delta?.length));
client.on('closed', (error) => error instanceof ParleyError && console.log(error.code));

export async function example(): Promise<string> {
  const info = await client.connect();
  const sent = client.send(`Hello from ${info.user_id}`, { overlap: 'queue' });
  for await (const piece of sent.reply!) console.log(piece.length);
  const { messageId } = await sent.accepted;
  const file = await client.upload(new Uint8Array([1, 2]), { name: 'two.bin', type: 'application/octet-stream' });
  await client.send('', { attachments: [file.attachment_id] }).accepted;
  console.log((await client.search('hello')).messages.length, (await client.presence())[0]?.name, client.totals.reconnects);
  const again = await client.regenerate(messageId);
  // @ts-expect-error there is no such status
  if (again.status === 'gone') client.close();
  return (await again.finished).text;
}

/** What the types are to refuse. */
export function refused(): void {
  const other = new ParleyClient({ url: 'https://example.org', askDeadline: 5_000, storage: localStorage });
  other.on('outbox', ({ sent, change }) => console.log(sent.frame.type, change === 'refused' && sent.error?.code));
  other.open();
  // @ts-expect-error there is no such transport
  new ParleyClient({ url: 'https://example.org', transport: 'pigeon' });
  // @ts-expect-error there is no such event
  other.on('nothing', () => {});
  // @ts-expect-error an address is needed
  new ParleyClient({});
}
