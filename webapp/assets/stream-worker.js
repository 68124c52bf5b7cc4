// Owns the browser's one event stream, for every tab: six connections to a server are all a browser has, and a
// stream a tab would use them up. Events say that something changed, never what: pages read again.

const TYPES = [
  'api_post_event', 'app_terminated_event', 'group_change_success', 'group_change_failed', 'deployment_info',
  'deployment_step_success', 'deployment_success', 'deployment_failed', 'status_update_event', 'instance_changed_event',
  'instance_health_changed_event', 'health_status_changed_event', 'failed_health_check_event', 'add_health_check_event',
  'unhealthy_instance_kill_event', 'drain_timed_out_event',
];

const ports = new Set();
let state = 'connecting';
let wait = 1000;

function tell(message) {
  for (const port of ports) port.postMessage(message);
}

function open() {
  const source = new EventSource('../v2/events?plan-format=light');
  const changed = () => tell('changed');
  source.onopen = () => {
    wait = 1000;
    tell((state = 'live'));
    changed();
  };
  for (const type of TYPES) source.addEventListener(type, changed);
  source.onerror = () => {
    // After an error status the browser gives up for good; opening anew serves both cases.
    source.close();
    tell((state = 'polling'));
    setTimeout(open, wait + Math.random() * 500);
    wait = Math.min(wait * 2, 30000);
  };
}

function join(port) {
  ports.add(port);
  port.onmessage = (message) => {
    if (message.data === 'bye') ports.delete(port);
  };
  port.postMessage(state);
}

if ('SharedWorkerGlobalScope' in self) {
  self.onconnect = (event) => join(event.ports[0]);
} else {
  join(self);
}
open();
