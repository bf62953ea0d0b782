// The scripted server that the clients of all languages are tested with. Says "READY <address>" and ends with its standard input.
//   node server.mjs                                 plays the server itself
//   node server.mjs <address> <token> <another token of the same person> <a second person's token>
//                                                   stands before a real one
// GET /runs begins every scenario anew and tells what to do; POST /runs/{id}/faults, /cut, /opened and /report belong to one of them.
import { readFileSync } from 'node:fs';
import { startServer } from '../javascript/test/support/server.mjs';
import { broken, differences } from './judge.mjs';
import { startProxy } from './proxy.mjs';
import { expand, Run } from './runs.mjs';

const [address, ...given] = process.argv.slice(2);
const scenarios = JSON.parse(readFileSync(new URL('scenarios.json', import.meta.url), 'utf8'));
const standIn = address ? null : await startServer();
if (standIn) standIn.conversations.model = counting;
const upstream = new URL(address ?? standIn.url);
const [first, renewed, second] = address ? given : ['user-ana', 'user-ana-again', 'user-bo'];
const runs = new Map();

const proxy = await startProxy({
  upstream,
  runOf: (session) => runs.get(session.replace(/\..*$/, '')) ?? new Run({ name: 'nobody' }, {}),
  runTold: (message) => [...runs.values()].find(({ messages }) => messages.has(message)),
  own,
});
console.log(`READY ${proxy.url}`);
process.stdin.on('end', () => process.exit(0)).resume();

function own(request, response, url) {
  const [, top, id, what] = url.pathname.split('/');
  if (top !== 'runs') return false;
  const json = (value) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
  if (!id) {
    const wanted = url.searchParams.get('only') ?? '';
    const begun = expand(scenarios, { origin: address ? 'parley' : 'script' }).filter(({ name }) => name.includes(wanted))
      .map((scenario) => new Run(scenario, { first, renewed, second, bad: 'nonsense', worse: 'worse nonsense' }));
    for (const run of begun) runs.set(run.id, run);
    json(begun.map(({ task }) => task));
    return true;
  }
  const run = runs.get(id);
  let body = '';
  request.setEncoding('utf8').on('data', (part) => { body += part; }).on('end', async () => {
    const said = JSON.parse(body);
    if (what === 'faults') run.faults.set(said.faults);
    if (what === 'cut') run.cut();
    if (what === 'opened') await run.begun(said.times);
    json(what === 'report' ? { differences: await judge(run, said) } : {});
  });
  return true;
}

async function judge(run, report) {
  const stored = new Map();
  for (const { message_id: id } of Object.values(report.replies ?? {})) {
    const answer = id && await fetch(new URL(`/api/chat/messages/${id}`, upstream), { headers: { Authorization: `Bearer ${first}` } });
    if (answer?.ok) stored.set(id, (await answer.json()).content);
  }
  const server = { opened: run.opened, transports: run.opened.map(({ transport }) => transport), heard: run.heard, cuts: run.faults.cuts, waits: run.waits };
  if (run.scenario.expect?.server?.left !== undefined) server.left = await run.left();
  return [...broken(report.replies, stored), ...differences({ ...report, server }, run.scenario.expect ?? {})];
}

/** The model of the stand-in: counts as far as it is asked to, patiently only while somebody is there. */
function counting(question) {
  const [, patient, words = 5, pace = 2] = /count (patiently )?to (\d+)(?: every (\d+) ms)?/i.exec(question) ?? [];
  const text = Array.from({ length: Number(words) }, (_, i) => `word${i + 1}${(i + 1) % 10 ? '' : ' 🙂'} `).join('');
  return { text, delay: Number(pace), patient: !!patient };
}
