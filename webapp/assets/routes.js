// Routes as this node serves them, and the nodes themselves.

import { ago, copyable, h } from './dom.js';

export function routesPage({ routes }) {
  const empty = !routes.vips.length && !routes.vhosts.length && !routes.servicePorts.length;
  return [
    h('p', { class: 'summary' }, `Snapshot ${routes.version}, as served by this node.`),
    warnings(routes),
    empty
      ? h(
          'section',
          { class: 'card first' },
          h('h2', null, 'No routes yet'),
          h('p', null, 'An app gets a name and a virtual IP inside the cluster from a port label:'),
          h('p', { class: 'command' }, copyable('"portDefinitions": [{"labels": {"VIP_0": "/sise:80"}}]')),
          h('p', null, 'and a public name at the edge from app labels:'),
          h('p', { class: 'command' }, copyable('"labels": {"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": "shop.example.com"}')),
        )
      : null,
    table(
      'Virtual IPs',
      ['Name', 'Protocol', 'Address on this node', 'Backends'],
      routes.vips.map((v) => [
        `${v.name}:${v.port}/${v.protocol}`,
        [copyable(`${v.name}:${v.port}`), v.protocol, h('code', null, `${v.address}:${v.port}`), backends(v.backends)],
      ]),
    ),
    table(
      'Virtual hosts',
      ['Host', 'App', 'Service port', 'Backends'],
      routes.vhosts.map((v) => [
        `${v.host}${v.path ?? ''}${v.app}`,
        [copyable(`${v.host}${v.path ?? ''}`), v.app, v.servicePort || '–', backends(v.backends)],
      ]),
    ),
    table(
      'Public service ports',
      ['Port', 'Mode', 'App', 'Backends'],
      routes.servicePorts.map((p) => [`${p.port}${p.app}`, [h('code', null, p.port), p.mode, p.app, backends(p.backends)]]),
    ),
    table('Data planes of this node', ['Plane', 'State'], Object.entries(routes.planes).map(([name, text]) => [name, [name, text]])),
  ];
}

function warnings(routes) {
  const all = Object.entries(routes.warnings).flatMap(([app, texts]) => texts.map((text) => [app, text]));
  if (!all.length) return null;
  return h('ul', { class: 'why', 'aria-label': 'Conflicts and unusable labels' }, all.map(([app, text]) => h('li', null, `${app}: ${text}`)));
}

function backends(all) {
  if (!all.length) return h('span', { class: 'bad' }, 'none');
  return h(
    'ul',
    { class: 'plain' },
    all.map((b) =>
      h(
        'li',
        { 'data-key': b.task + b.endpoint },
        h('code', null, b.endpoint),
        ' ',
        h('span', { class: b.state === 'active' ? 'good' : 'bad' }, b.state),
        ' ',
        h('span', { class: 'quiet id' }, b.task),
      ),
    ),
  );
}

function table(title, columns, rows) {
  if (!rows.length) return null;
  return h(
    'section',
    { 'data-key': title, 'aria-label': title },
    h('h2', null, title),
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${title}, table` },
      h(
        'table',
        null,
        h('thead', null, h('tr', null, columns.map((c) => h('th', { scope: 'col' }, c)))),
        h(
          'tbody',
          null,
          rows.map(([key, cells]) =>
            h('tr', { 'data-key': key }, cells.map((cell, i) => h(i ? 'td' : 'th', i ? null : { scope: 'row' }, cell))),
          ),
        ),
      ),
    ),
  );
}

export function nodesPage({ overview }) {
  return overview.agents.map((a) =>
    h(
      'article',
      { class: 'card', 'data-key': a.name },
      h(
        'div',
        { class: 'card-head' },
        h('h2', null, a.name),
        h('span', { class: `badge ${a.alive ? 'running' : 'unreachable'}` }, a.alive ? '✓ reporting' : '? silent'),
        a.name === overview.leader ? h('span', { class: 'badge deploying' }, 'leader') : null,
      ),
      h('p', { class: 'quiet facts' }, `${a.address} · ${a.roles.join(', ')} · API ${a.api} · last report `, ago(a.seenAt)),
      a.roles.includes('agent') ? [meter('CPU', a.usedCpus, a.cpus, 'cores'), meter('Memory', a.usedMem, a.mem, 'MiB')] : null,
      Object.keys(a.problems).length
        ? h('ul', { class: 'why' }, Object.entries(a.problems).map(([f, text]) => h('li', null, `${f}: ${text}`)))
        : null,
      Object.keys(a.planes).length
        ? h('ul', { class: 'plain quiet' }, Object.entries(a.planes).map(([p, text]) => h('li', null, `${p}: ${text}`)))
        : null,
    ),
  );
}

function meter(label, used, total, unit) {
  const round = (n) => Math.round(n * 10) / 10;
  return h(
    'label',
    { class: 'meter' },
    h('span', null, label),
    h('meter', { min: 0, max: total || 1, value: used }),
    h('span', { class: 'quiet' }, `${round(used)} of ${round(total)} ${unit}`),
  );
}
