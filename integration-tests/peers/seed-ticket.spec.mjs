// The component that the ticket assistant was specified with, against a running server:
//   node seed-ticket.spec.mjs 'http://127.0.0.1:8080'
// The server must let in who has no token, answer a ticket that contains "endless" until it is
// stopped, and one that contains "held" in part, and further once another contains "go on". What the
// component does with its WebSocket is as published, but for the address; React's two hooks are stood in for below.
// Exits with 1 and says what was expected when something is not as it should be.
import assert from 'node:assert/strict';
import { WebSocket } from 'ws';

const DEADLINE = 90_000;
const given = new URL(process.argv[2] ?? '');
const address = `ws://${given.host}`;

/** What React does for one component: remembers states between renderings and runs the effect that it was given. */
let rendering;
const useState = (first) => {
  const { states, at } = rendering;
  const index = rendering.at = at + 1;
  const own = rendering;
  if (!states.has(index)) states.set(index, first);
  return [states.get(index), (next) => {
    states.set(index, typeof next === 'function' ? next(states.get(index)) : next);
    own.render();
  }];
};
const useEffect = (effect) => { rendering.effect ??= effect; };
const mount = (component, props) => {
  const own = { states: new Map(), at: 0, effect: undefined, screen: undefined };
  own.render = () => { rendering = own; own.at = 0; own.screen = component(props); };
  own.render();
  const cleanup = own.effect();
  return { get screen() { return own.screen; }, unmount: cleanup };
};
const logged = [];
const console = { log: (...what) => logged.push(what.join(' ')), error: (...what) => logged.push(`error: ${what.join(' ')}`) };

/* eslint-disable */
// >>> as published
function TicketAIChat({ ticketId, ticketBody }) {
  const [aiResponse, setAiResponse] = useState("");
  const [isLoading, setIsLoading] = useState(false);
  const [error, setError] = useState(null);
  const [ws, setWs] = useState(null);

  useEffect(() => {
    // Conectar ao WebSocket
    const wsUrl = `${address}/api/websocket/chat/${ticketId}`;
    const websocket = new WebSocket(wsUrl);

    websocket.onopen = () => {
      console.log("WebSocket conectado");
      setIsLoading(true);
      setError(null);

      // Enviar ticket body
      websocket.send(JSON.stringify({ ticketBody }));
    };

    websocket.onmessage = (event) => {
      try {
        const data = JSON.parse(event.data);

        switch (data.type) {
          case "stream":
            // Concatenar chunks de resposta
            setAiResponse((prev) => prev + (data.content || ""));
            break;

          case "cached":
            // Resposta em cache
            setAiResponse(data.response || "");
            console.log(data.message);
            break;

          case "done":
            // Finalizar
            setIsLoading(false);
            console.log("Processamento concluído");
            break;

          case "error":
            // Erro
            setError(data.message || "Erro desconhecido");
            setIsLoading(false);
            break;
        }
      } catch (err) {
        console.error("Erro ao parsear mensagem:", err);
      }
    };

    websocket.onerror = (error) => {
      console.error("Erro WebSocket:", error);
      setError("Erro ao conectar ao servidor WebSocket");
      setIsLoading(false);
    };

    websocket.onclose = () => {
      console.log("WebSocket desconectado");
    };

    setWs(websocket);

    return () => {
      if (websocket.readyState === WebSocket.OPEN) {
        websocket.close();
      }
    };
  }, [ticketId, ticketBody]);

  return { aiResponse, isLoading, error, ws };
}
// <<< as published
/* eslint-enable */

const until = async (condition, what) => {
  const end = Date.now() + DEADLINE;
  while (!condition()) {
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
};
const state = async (ticketId) => (await fetch(new URL(`/api/websocket/chat/${ticketId}`, given))).json();
const finished = (view) => view.screen.isLoading === false && view.screen.aiResponse !== '';
const ticketId = Date.now();
let directions = 0;
/** Has the model go on where it is held. */
const goOn = async () => {
  const view = mount(TicketAIChat, { ticketId: ticketId + 100 + directions++, ticketBody: 'Now go on' });
  await until(() => finished(view), 'the model to go on');
  view.unmount();
};
let answer;

const steps = {
  async 'a new ticket has no answer'() {
    assert.deepEqual(await state(ticketId), { ticket_id: String(ticketId), cached: false, status: 'new' });
  },
  async 'two technicians open it at once and see one answer grow'() {
    const views = [1, 2].map(() => mount(TicketAIChat, { ticketId, ticketBody: 'A held story about a printer' }));
    await until(() => views.every(({ screen }) => screen.isLoading && screen.aiResponse.length > 10), 'both to see the beginning');
    assert.equal((await state(ticketId)).status, 'streaming');
    await goOn();
    await until(() => views.every(finished), 'both to see the end');
    assert.equal(views[0].screen.aiResponse, views[1].screen.aiResponse);
    assert.deepEqual(views.map(({ screen }) => screen.error), [null, null]);
    answer = views[0].screen.aiResponse;
    views.forEach(({ unmount }) => unmount());
  },
  async 'whoever opens it later is given that answer'() {
    logged.length = 0;
    const view = mount(TicketAIChat, { ticketId, ticketBody: 'A held story about a printer' });
    await until(() => finished(view), 'the answer');
    assert.equal(view.screen.aiResponse, answer);
    assert.deepEqual(logged.filter((line) => line !== 'WebSocket desconectado'), ['WebSocket conectado', 'Resposta em cache - ticket já foi processado anteriormente', 'Processamento concluído']);
    assert.deepEqual(await state(ticketId), { ticket_id: String(ticketId), cached: true, status: 'completed' });
    view.unmount();
  },
  async 'going away does not stop an answer, and whoever comes meanwhile sees all of it'() {
    const other = ticketId + 1;
    const first = mount(TicketAIChat, { ticketId: other, ticketBody: 'Another held story' });
    await until(() => first.screen.aiResponse.length > 10, 'the beginning');
    first.unmount();
    const second = mount(TicketAIChat, { ticketId: other, ticketBody: 'Another held story' });
    await until(() => second.screen.aiResponse.startsWith(first.screen.aiResponse), 'what was written before');
    await goOn();
    await until(() => finished(second), 'the end');
    assert.ok(second.screen.aiResponse.startsWith(first.screen.aiResponse));
    second.unmount();
    const third = mount(TicketAIChat, { ticketId: other, ticketBody: 'Another held story' });
    await until(() => finished(third), 'the answer');
    assert.equal(third.screen.aiResponse, second.screen.aiResponse);
    third.unmount();
  },
  async 'a stop ends it for everybody and it is not kept'() {
    const stopped = ticketId + 2;
    const views = [1, 2].map(() => mount(TicketAIChat, { ticketId: stopped, ticketBody: 'A third and endless story' }));
    await until(() => views.every(({ screen }) => screen.aiResponse.length > 10), 'both to see the beginning');
    views[1].screen.ws.send(JSON.stringify({ stop: true }));
    await until(() => views.every(finished), 'both to see the end');
    assert.deepEqual(await state(stopped), { ticket_id: String(stopped), cached: false, status: 'stopped' });
    views.forEach(({ unmount }) => unmount());
  },
  async 'what is no ticket is told'() {
    const view = mount(TicketAIChat, { ticketId: '..%2Fetc', ticketBody: 'A story' });
    await until(() => view.screen.error !== null, 'the error');
    assert.equal(view.screen.error, 'Não foi possível entender a solicitação');
    assert.equal(view.screen.isLoading, false);
  },
};

let failed = false;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    globalThis.console.log(`ok      ${name}`);
  } catch (error) {
    failed = true;
    globalThis.console.log(`NOT OK  ${name}\n${error.stack}`);
    break;
  }
}
process.exit(failed ? 1 : 0);
