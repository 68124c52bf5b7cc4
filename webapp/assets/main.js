// Frame: which page, when to read, and what the header says. Only the public API is used.

import { appsPage } from './apps.js';
import { ago, h, update } from './dom.js';
import { gently, live, read } from './live.js';
import { followLog } from './log.js';
import { nodesPage, routesPage } from './routes.js';

const page = document.getElementById('page');
const title = document.getElementById('title');
const badge = document.getElementById('live');
const model = { overview: null, routes: null, why: {} };
let log = null;
let lastRead = null;
let failure = null;

const PAGES = { '': ['Apps', appsPage], routes: ['Routes', routesPage], nodes: ['Nodes', nodesPage] };

function route() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, '').split('/');
  return { name, rest: rest.map(decodeURIComponent) };
}

function render() {
  const { name, rest } = route();
  for (const link of document.querySelectorAll('#pages a')) {
    const current = link.getAttribute('href') === `#/${name}`;
    if (current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (!model.overview || !model.routes) {
    if (failure) update(page, h('p', { class: 'notice' }, `${failure} Trying again.`));
    return;
  }
  if (name === 'log') {
    showLog(rest[0], rest[1] === 'stdout' ? 'stdout' : 'stderr');
    return;
  }
  closeLog();
  const [heading, view] = PAGES[name] ?? [null, null];
  title.textContent = heading ?? 'Not found';
  document.title = heading && heading !== 'Apps' ? `Dromos: ${heading}` : 'Dromos';
  update(page, view ? view(model) : h('p', null, 'There is no such page. ', h('a', { href: '#/' }, 'To the apps')));
}

function showLog(task, file) {
  const key = `${task}/${file}`;
  if (log?.key === key) {
    log.stop(model.overview);
    return;
  }
  closeLog();
  title.textContent = `Log: ${file}`;
  document.title = `Dromos: ${file} of ${task}`;
  page.replaceChildren();
  log = { key, stop: followLog(page, task, file, model.overview) };
}

function closeLog() {
  if (!log) return;
  log.stop(null);
  log = null;
  page.replaceChildren();
}

async function reasons(apps) {
  const asked = apps.filter((a) => a.status !== 'running' && a.status !== 'stopped').slice(0, 12);
  const answers = await Promise.all(
    asked.map((a) => read(`console/why${a.id}`).then((w) => [a.id, w.sentences]).catch(() => [a.id, []])),
  );
  return Object.fromEntries(answers);
}

const refresh = gently(async () => {
  try {
    const [overview, routes] = await Promise.all([read('console/overview'), read('console/routes')]);
    Object.assign(model, { overview, routes, why: await reasons(overview.apps) });
    lastRead = new Date().toISOString();
    failure = null;
    update(
      document.getElementById('about'),
      `Dromos ${overview.version}, node ${overview.node}, leader ${overview.leader ?? 'none'}, revision ${overview.revision}.`,
    );
  } catch (error) {
    failure = `The server does not answer: ${error.message}.`;
  }
  render();
  header();
}, 400);

let stream = 'connecting';
function header() {
  const stale = failure ? [' · data from ', lastRead ? ago(lastRead) : 'never'] : [];
  badge.className = `stream ${failure ? 'offline' : stream}`;
  update(badge, failure ? 'no answer' : stream, stale);
}

addEventListener('hashchange', () => {
  render();
  document.getElementById('content').focus({ preventScroll: true });
  scrollTo(0, 0);
});
refresh();
live(refresh, (state) => {
  stream = state;
  header();
});
// Ages, countdowns and numbers that no event announces.
setInterval(() => document.hidden || refresh(), 10000);
