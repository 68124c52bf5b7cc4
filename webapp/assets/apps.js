// The first page: what runs, why the rest doesn't, and how a request gets there.

import { ago, copyable, h, span } from './dom.js';

export const STATUS = {
  running: ['✓', 'Running'],
  deploying: ['↻', 'Deploying'],
  waiting: ['…', 'Waiting for a place'],
  delayed: ['◷', 'Retry delayed'],
  unhealthy: ['✕', 'Unhealthy'],
  unreachable: ['?', 'Unreachable'],
  degraded: ['▲', 'Degraded'],
  stopped: ['■', 'Stopped'],
};
const SEVERITY = ['delayed', 'waiting', 'unhealthy', 'unreachable', 'degraded', 'deploying', 'running', 'stopped'];

export function badge(status, extra) {
  const [shape, text] = STATUS[status] ?? ['•', status];
  return h('span', { class: `badge ${status}` }, h('span', { 'aria-hidden': 'true' }, shape), ` ${text}${extra ?? ''}`);
}

export function appsPage({ overview, routes, why }) {
  if (!overview.apps.length) return firstSteps();
  const count = (n, word) => `${n} ${word}${n === 1 ? '' : 's'}`;
  const running = overview.tasks.filter((t) => t.state === 'TASK_RUNNING').length;
  const sorted = [...overview.apps].sort(
    (a, b) => SEVERITY.indexOf(a.status) - SEVERITY.indexOf(b.status) || a.id.localeCompare(b.id),
  );
  return [
    h(
      'p',
      { class: 'summary' },
      `${count(overview.apps.length, 'app')}, ${count(running, 'running task')} on ${count(
        overview.agents.filter((a) => a.alive).length,
        'node',
      )}.`,
    ),
    deployments(overview),
    sorted.map((app) => appCard(app, overview, routes, why[app.id])),
  ];
}

function deployments({ deployments: all }) {
  if (!all.length) return null;
  return h(
    'section',
    { class: 'deployments', 'aria-labelledby': 'deploying', 'data-key': 'deployments' },
    h('h2', { id: 'deploying' }, 'Deployments in progress'),
    h(
      'ul',
      null,
      all.map((d) =>
        h(
          'li',
          { 'data-key': d.id },
          h('strong', null, d.apps.join(', ')),
          ` step ${d.step} of ${d.steps}`,
          d.actions.length ? `: ${d.actions.join(', ')}` : '',
          ', since ',
          ago(d.stepSince),
          h('progress', { max: d.steps, value: Math.max(0, d.step - 1), 'aria-label': `Progress of ${d.id}` }),
          h('span', { class: 'quiet id' }, d.id),
        ),
      ),
    ),
  );
}

function appCard(app, overview, routes, why) {
  const tasks = overview.tasks.filter((t) => t.app === app.id);
  const extra = app.status === 'delayed' ? `, retry in ${span(app.retryInSeconds ?? 0)}` : '';
  const heading = `app-${app.id}`;
  return h(
    'article',
    { class: 'card', 'data-key': app.id, 'aria-labelledby': heading },
    h(
      'div',
      { class: 'card-head' },
      h('h2', { id: heading }, app.id),
      badge(app.status, extra),
      h('span', { class: 'instances' }, h('strong', null, `${app.running}/${app.instances}`), ' instances'),
      strip(app, tasks),
    ),
    h(
      'p',
      { class: 'quiet facts' },
      [
        app.image ?? 'plain process',
        `${app.cpus} CPU`,
        `${app.mem} MiB`,
        app.checks ? `${app.healthy} healthy` : 'no health check',
        app.staged ? `${app.staged} starting` : null,
      ]
        .filter(Boolean)
        .join(' · '),
      ' · version ',
      ago(app.version),
    ),
    why?.length && app.status !== 'running'
      ? h('ul', { class: 'why', 'aria-label': `Why ${app.id} is ${app.status}` }, why.map((s) => h('li', null, s)))
      : null,
    reach(app, routes),
    taskTable(app, tasks),
  );
}

/** One block an instance, wanted ones that aren't there included; said in words as well. */
function strip(app, tasks) {
  const blocks = tasks.slice(0, 40).map((t) => blockOf(t));
  for (let i = blocks.length; i < Math.min(app.instances, 40); i++) blocks.push('missing');
  const counts = Object.entries(
    blocks.reduce((sum, b) => ({ ...sum, [b]: (sum[b] ?? 0) + 1 }), {}),
  ).map(([name, n]) => `${n} ${name}`);
  return h(
    'span',
    { class: 'strip', role: 'img', 'aria-label': counts.join(', ') || 'no instances', title: counts.join(', ') },
    blocks.map((b) => h('span', { class: `block ${b}` })),
  );
}

function blockOf(task) {
  if (task.stopping) return 'stopping';
  if (task.state === 'TASK_RUNNING') return task.healthy === false ? 'unhealthy' : 'up';
  if (task.state === 'TASK_STAGING' || task.state === 'TASK_STARTING') return 'starting';
  return 'down';
}

function reach(app, routes) {
  const rows = [];
  const up = (backends) => backends.filter((b) => b.state === 'active').length;
  const row = (kind, text, backends) =>
    rows.push(
      h(
        'li',
        { 'data-key': `${kind}${text}` },
        h('span', { class: 'kind' }, kind),
        copyable(text),
        h(
          'span',
          { class: up(backends) ? 'quiet' : 'bad' },
          backends.length ? `${up(backends)} of ${backends.length} backends` : 'no backend',
        ),
      ),
    );
  const ours = (backends) => backends.some((b) => b.app === app.id);
  for (const vip of routes.vips) if (ours(vip.backends)) row('VIP', `${vip.name}:${vip.port}`, vip.backends);
  for (const v of routes.vhosts) if (v.app === app.id) row('vhost', `${v.host}${v.path ?? ''}`, v.backends);
  for (const p of routes.servicePorts) if (p.app === app.id) row('edge port', `${p.port}`, p.backends);
  for (const text of routes.warnings[app.id] ?? []) rows.push(h('li', { class: 'bad' }, text));
  if (!rows.length) return null;
  return h('ul', { class: 'reach', 'aria-label': `Where ${app.id} is reached` }, rows);
}

function taskTable(app, tasks) {
  if (!tasks.length) return null;
  return h(
    'details',
    { open: tasks.length <= 5 },
    h('summary', null, tasks.length === 1 ? '1 task' : `${tasks.length} tasks`),
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `Tasks of ${app.id}` },
      h(
        'table',
        null,
        h('thead', null, h('tr', null, ['Task', 'State', 'Node', 'Endpoint', 'Started', 'Log'].map((t) => h('th', { scope: 'col' }, t)))),
        h('tbody', null, tasks.map((t) => taskRow(t, app))),
      ),
    ),
  );
}

function taskRow(task, app) {
  const state = task.stopping && task.state === 'TASK_RUNNING' ? 'draining' : task.state.replace('TASK_', '').toLowerCase();
  const health = task.healthy === undefined ? '' : task.healthy ? ', healthy' : ', unhealthy';
  const older = task.version !== app.version ? ' older version' : '';
  return h(
    'tr',
    { 'data-key': task.id },
    h('th', { scope: 'row', class: 'id' }, task.id),
    h(
      'td',
      { class: task.healthy === false ? 'bad' : null },
      `${state}${health}`,
      older ? h('span', { class: 'quiet' }, older) : null,
      task.message && task.state !== 'TASK_RUNNING' ? h('div', { class: 'quiet' }, task.message) : null,
      task.healthy === false && task.healthCause ? h('div', { class: 'quiet' }, task.healthCause) : null,
    ),
    h('td', null, task.agent),
    h('td', null, task.ports.length ? task.ports.map((p) => h('div', null, h('code', null, `${task.host}:${p}`))) : '–'),
    h('td', null, ago(task.startedAt)),
    h(
      'td',
      { class: 'logs' },
      ['stdout', 'stderr'].map((file) =>
        h('a', { href: `#/log/${encodeURIComponent(task.id)}/${file}`, 'aria-label': `${file} of ${task.id}` }, file),
      ),
    ),
  );
}

function firstSteps() {
  const definition = '{"id":"/hello","cmd":"exec python3 -m http.server $PORT0","cpus":0.1,"mem":32,"portDefinitions":[{"labels":{"VIP_0":"/hello:80"}}]}';
  return h(
    'section',
    { class: 'card first' },
    h('h2', null, 'Nothing runs yet. Start something:'),
    h('p', null, 'The whole tour, every step shown, on this machine:'),
    command('java -jar dromos.jar lab'),
    h('p', null, 'Or an app of your own, from a Marathon definition:'),
    command('java -jar dromos.jar marathon app add example-service.json'),
    h('p', null, 'Or with nothing but curl:'),
    command(`curl -H 'Content-Type: application/json' ${location.origin}/v2/apps -d '${definition}'`),
    h('p', { class: 'quiet' }, 'It shows up here at once, with the name and port it is reached at.'),
  );
}

function command(text) {
  return h('p', { class: 'command' }, copyable(text, 'the command'));
}
