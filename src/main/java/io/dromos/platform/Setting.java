package io.dromos.platform;

/**
 * Every {@code dromos.*} key with its default and meaning; the table in the documentation is
 * compared with this by a test.
 */
public enum Setting {
  DATA_DIR("dromos.data.dir", ".dromos", "sandboxes, embedded database, keys"),
  DB_URL("dromos.db.url", "", "JDBC URL of a PostgreSQL server; unset: embedded PostgreSQL"),
  DB_USER("dromos.db.user", "", "database user"),
  DB_PASSWORD("dromos.db.password", "", "database password"),
  API_ADDRESS("dromos.api.address", "127.0.0.1", "address of the REST API and console"),
  API_PORT("dromos.api.port", "8080", "port of the REST API and console"),
  API_HOSTS("dromos.api.hosts", "", "further host names the API answers to, comma separated"),
  API_INSECURE(
      "dromos.api.insecure", "false", "true: serve a non-loopback address without authentication"),
  API_CREDENTIALS(
      "dromos.api.credentials", "", "user:password for HTTP basic authentication of the API"),
  NODE_NAME("dromos.node.name", "", "unique node name; unset: the host name"),
  NODE_ADDRESS(
      "dromos.node.address", "", "address tasks are reached at; unset: first usable address"),
  NODE_ROLES("dromos.node.roles", "master,agent,edge", "what this node does"),
  NODE_CPUS("dromos.node.cpus", "", "CPUs offered; unset: the machine's"),
  NODE_MEM("dromos.node.mem", "", "memory offered in MiB; unset: the machine's less 1024"),
  NODE_DISK("dromos.node.disk", "", "disk offered in MiB; unset: free space of the data directory"),
  NODE_PORTS("dromos.node.ports", "31000-32000", "host port ranges offered, comma separated"),
  NODE_ATTRIBUTES(
      "dromos.node.attributes", "", "attributes for constraints: name:value,name:value"),
  DOCKER_HOST(
      "dromos.runtime.docker.host",
      "unix:///var/run/docker.sock",
      "Docker Engine; absent: Docker apps wait and say why"),
  RUNTIME_SIMULATED(
      "dromos.runtime.simulated", "false", "true: this node only pretends to run its tasks"),
  SIMULATED_AGENTS(
      "dromos.simulated.agents", "0", "simulated agents that this node plays beside itself"),
  SIMULATED_PREFIX("dromos.simulated.prefix", "sim-", "what their names begin with"),
  SIMULATED_CPUS("dromos.simulated.cpus", "4", "CPUs each of them offers"),
  SIMULATED_MEM("dromos.simulated.mem", "8192", "memory each of them offers in MiB"),
  SIMULATED_DISK("dromos.simulated.disk", "65536", "disk each of them offers in MiB"),
  SIMULATED_ATTRIBUTES(
      "dromos.simulated.attributes", "", "their attributes; rack:r{10} deals out r0 to r9"),
  SIMULATED_SCRIPT(
      "dromos.simulated.script", "start=50ms", "how simulated tasks live that have no script"),
  LOG_MAX_BYTES(
      "dromos.log.max.bytes", "10485760", "size at which stdout and stderr of a task are rotated"),
  LOG_FILES("dromos.log.files", "2", "rotated files kept per stream"),
  SANDBOX_KEEP("dromos.sandbox.keep", "3600", "seconds the sandbox of an ended task is kept"),
  ARTIFACT_CACHE(
      "dromos.artifact.cache.mib", "2048", "MiB of cached artifacts kept on the node, 0 for none"),
  ARTIFACT_MAX(
      "dromos.artifact.max.mib", "10240", "MiB that the artifacts of one task may take, unpacked"),
  HEALTH_MASS_SHARE(
      "dromos.health.mass-failure-share",
      "0.5",
      "share of the healthy tasks, at least 5, that turn at once for health kills to stop; 0: never"),
  HEALTH_REPLACE_FIRST(
      "dromos.health.replace-first",
      "120",
      "seconds an unhealthy task waits for its replacement before it is killed; 0: kill at once"),
  VIP_MODE(
      "dromos.vip.mode",
      "auto",
      "userspace, kernel (by nftables, for containers too), off, or auto: userspace"),
  VIP_LOCAL_POOL("dromos.vip.local.pool", "127.128.0.0/9", "addresses of the userspace plane"),
  VIP_KERNEL_POOL("dromos.vip.kernel.pool", "11.0.0.0/9", "addresses of the kernel plane"),
  VIP_KERNEL_KEEP(
      "dromos.vip.kernel.keep", "false", "true: VIPs in the kernel outlive the node that ends"),
  TRAFFIC_PROCESS(
      "dromos.traffic.process",
      "auto",
      "own: edge, VIPs and names in a process of their own, which up starts; in: in the server"),
  TRAFFIC_KEEP(
      "dromos.traffic.keep",
      "false",
      "true: they are served on after up has ended, until the next"),
  TRAFFIC_DRAIN(
      "dromos.traffic.drain", "600", "seconds their connections may go on once a successor serves"),
  DNS_ADDRESS(
      "dromos.dns.address",
      "127.0.0.1",
      "addresses of the name server, comma separated, with a port where it differs: 172.17.0.1:53"),
  DNS_PORT("dromos.dns.port", "8053", "port of the name server, 0 for none"),
  DNS_TASKS(
      "dromos.dns.tasks",
      "auto",
      "where tasks find it, on port 53: addresses; none; auto: 127.128.0.53 and the Docker bridge"),
  DNS_UPSTREAM(
      "dromos.dns.upstream", "", "name servers for other names; unset: from /etc/resolv.conf"),
  DNS_FORWARD_ZONES(
      "dromos.dns.forward.zones",
      "",
      "zones with name servers of their own: corp.example=10.0.0.1,corp.example=10.0.0.2:5353"),
  DNS_FORWARD_CLIENTS(
      "dromos.dns.forward.clients",
      "local",
      "for whom other names are forwarded: local (this machine, private and attached networks), any"),
  DNS_COMPONENTS(
      "dromos.dns.components",
      "",
      "names in component.thisdcos.directory: registry=master.mesos,metrics=10.0.0.9"),
  DNS_CLUSTER_ID(
      "dromos.dns.cluster.id",
      "",
      "id of a DC/OS cluster whose names ZONE.ID.dcos.directory are answered as well"),
  EDGE_ADDRESS("dromos.edge.address", "127.0.0.1", "where public frontends listen"),
  EDGE_HTTP_PORT("dromos.edge.http.port", "80", "vhost port; 8000 where 80 may not be bound"),
  EDGE_HTTPS_PORT(
      "dromos.edge.https.port",
      "443",
      "vhost port under TLS, 0 for none; 8443 where 443 may not be bound"),
  EDGE_CERTIFICATES(
      "dromos.edge.certificates",
      "",
      "PEM files with certificate and key, and directories of them; unset: one signed by itself"),
  EDGE_MAX_CONNECTIONS(
      "dromos.edge.max-connections", "50000", "clients of the edge at once; further ones wait"),
  EDGE_GROUPS("dromos.edge.groups", "external", "HAPROXY_GROUPs this edge serves"),
  EDGE_STRICT(
      "dromos.edge.strict",
      "false",
      "true: only ports with the label HAPROXY_n_ENABLED=true are published"),
  EDGE_APP_ID_PORT(
      "dromos.edge.appid.port", "9091", "port that serves by X-Marathon-App-Id, 0 for none"),
  STATS_ADDRESS("dromos.stats.address", "127.0.0.1", "address of the traffic statistics"),
  STATS_PORT("dromos.stats.port", "9090", "port of the traffic statistics, 0 for none"),
  EDGE_LABELS_STRICT(
      "dromos.edge.labels.strict",
      "false",
      "true: apps with HAPROXY labels that have no effect are refused"),
  SERVICE_PORTS("dromos.service.ports", "10000-20000", "range service ports are assigned from"),
  DRAIN_ACK_TIMEOUT(
      "dromos.drain.ack-timeout", "2", "seconds to wait for planes before a task is stopped"),
  DEPLOYMENT_DEADLINE(
      "dromos.deployment.deadline",
      "0",
      "seconds until an unfinished deployment fails and what worked is restored; 0: never"),
  SIGNALS("dromos.signals", "true", "false: no notifications, the EJB timer alone wakes the loops");

  private final String key;
  private final String defaultValue;
  private final String meaning;

  Setting(String key, String defaultValue, String meaning) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.meaning = meaning;
  }

  public String key() {
    return key;
  }

  public String defaultValue() {
    return defaultValue;
  }

  public String meaning() {
    return meaning;
  }

  /** {@code DROMOS_API_PORT} for {@code dromos.api.port}. */
  public String environmentName() {
    return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(java.util.Locale.ROOT);
  }
}
