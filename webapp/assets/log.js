// A task's log as it comes. Log text is foreign text: text nodes only, control codes stripped.

import { h, update } from './dom.js';

const KEPT = 5000;
const CONTROL = /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Fills `target` and returns what stops it. */
export function followLog(target, taskId, file, overview) {
  const task = overview.tasks.find((t) => t.id === taskId);
  const path = `system/v1/agent/${encodeURIComponent(task?.agentId ?? 'local')}/logs/v2/task/${encodeURIComponent(taskId)}/file/${file}`;
  const lines = h('pre', { class: 'log', role: 'log', 'aria-live': 'off', tabindex: '0', 'aria-label': `${file} of ${taskId}` });
  const state = h('span', { role: 'status' }, 'connecting');
  const follow = h('input', { type: 'checkbox', checked: true });
  const other = overview.agents.find((a) => a.name === task?.agent && a.name !== overview.node);
  update(
    target,
    h(
      'p',
      { class: 'log-head' },
      h('span', { class: 'id' }, taskId),
      ['stdout', 'stderr'].map((f) =>
        h('a', { href: `#/log/${encodeURIComponent(taskId)}/${f}`, 'aria-current': f === file ? 'true' : null }, f),
      ),
      h('a', { href: `${path}?cursor=BEG`, download: `${taskId}.${file}.log` }, 'download'),
      h('label', null, follow, ' follow'),
      state,
    ),
  );
  if (other) {
    state.textContent = '';
    target.append(
      h('p', { class: 'notice' }, `This task runs on ${other.name}. `,
        h('a', { href: `http://${other.api}/#/log/${encodeURIComponent(taskId)}/${file}` }, `Open the log on ${other.name}`)),
    );
    return () => {};
  }
  target.append(lines);

  const source = new EventSource(`${path}?cursor=END&skip=-500`);
  source.onopen = () => (state.textContent = 'live');
  source.onmessage = (event) => {
    const text = JSON.parse(event.data).fields.MESSAGE.replace(CONTROL, '');
    lines.append(`${text}\n`);
    while (lines.childNodes.length > KEPT) lines.firstChild.remove();
    if (follow.checked) lines.scrollTop = lines.scrollHeight;
  };
  let ended = !task;
  source.onerror = () => {
    // The server ends the stream when the task has ended; otherwise the browser comes back by itself.
    if (ended || source.readyState === EventSource.CLOSED) {
      source.close();
      state.textContent = ended ? 'the task has ended' : 'no log yet';
    } else {
      state.textContent = 'reconnecting';
    }
  };
  return (next) => {
    if (next) ended = !next.tasks.some((t) => t.id === taskId && t.state !== 'TASK_FAILED' && t.state !== 'TASK_FINISHED' && t.state !== 'TASK_KILLED');
    else source.close();
  };
}
