// Knowing when to read again: the event stream, or a timer while there is none.

const POLL_MS = 5000;

/** Calls `onChange` when anything may have changed, and `onState` with 'live' or 'polling'. */
export function live(onChange, onState) {
  let state = 'connecting';
  const hear = (message) => {
    if (message.data === 'changed') onChange();
    else onState((state = message.data));
  };
  const script = new URL('stream-worker.js', import.meta.url);
  if ('SharedWorker' in window) {
    const { port } = new SharedWorker(script, { name: 'dromos-events' });
    port.onmessage = hear;
    addEventListener('pagehide', () => port.postMessage('bye'));
    addEventListener('pageshow', (event) => event.persisted && location.reload());
  } else {
    new Worker(script).onmessage = hear;
  }
  setInterval(() => state !== 'live' && onChange(), POLL_MS);
  addEventListener('online', onChange);
}

/** At most one call every `gap` milliseconds, and always one after the last request. */
export function gently(work, gap) {
  let running = false;
  let again = false;
  return async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await work();
    } finally {
      await new Promise((done) => setTimeout(done, gap));
      running = false;
      if (again) {
        again = false;
        run();
      }
    }
  };
}

/** JSON of a resource; the error says what the server said. */
export async function read(path) {
  const response = await fetch(path, { headers: { Accept: 'application/json' } });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.message ?? `${path} answers ${response.status}`);
  return body;
}
