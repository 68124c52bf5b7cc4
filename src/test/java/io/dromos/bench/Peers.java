package io.dromos.bench;

import io.dromos.it.e2e.Node;
import io.dromos.routing.BenchRoutes;
import io.dromos.routing.VipNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The servers of others that Dromos is measured against, each as its documentation says it is fast,
 * and the backend behind all of them. Ports are fixed: the namespace is ours.
 */
final class Peers implements AutoCloseable {
  static final int BACKEND = 18410;
  static final int NAMES = 1_000;

  private final Path dir;
  private final List<Peer> started = new ArrayList<>();

  Peers(Path dir) throws IOException {
    this.dir = dir;
    Files.createDirectories(dir);
  }

  Path dir() {
    return dir;
  }

  private Peer start(String name, List<String> command) throws IOException {
    Peer peer = Peer.start(dir, name, command);
    started.add(peer);
    return peer;
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name), text);
  }

  /** One nginx worker: {@code /} is a small JSON answer, {@code /1m} one MiB. */
  Peer backend() throws IOException {
    Path root = Files.createDirectories(dir.resolve("www"));
    Files.write(root.resolve("1m"), new byte[1 << 20]);
    String text =
        nginx("backend", 1)
            + """
              server {
                listen 127.0.0.1:%d backlog=4096 reuseport;
                location / { default_type application/json; return 200 '{"service":"bench","ok":true}'; }
                location = /1m { root %s; }
              }
            }
            """
                .formatted(BACKEND, root);
    return start("backend", nginx(write("backend.conf", text))).awaitPort(BACKEND);
  }

  private static List<String> nginx(Path config) {
    return List.of("nginx", "-c", config.toString(), "-g", "daemon off;");
  }

  private String nginx(String name, int workers) throws IOException {
    Path temp = Files.createDirectories(dir.resolve(name + "-temp"));
    return """
        user root;
        worker_processes %1$d;
        worker_rlimit_nofile 20000;
        pid %2$s;
        error_log %3$s;
        events { worker_connections 18000; }
        http {
          access_log off;
          sendfile on;
          tcp_nopush on;
          keepalive_requests 1000000000;
          client_body_temp_path %4$s/body;
          proxy_temp_path %4$s/proxy;
          fastcgi_temp_path %4$s/fastcgi;
          uwsgi_temp_path %4$s/uwsgi;
          scgi_temp_path %4$s/scgi;
        """
        .formatted(workers, dir.resolve(name + ".pid"), dir.resolve(name + ".error"), temp);
  }

  /** nginx as a proxy that keeps connections to the backend. */
  Peer nginxProxy(int port) throws IOException {
    String text =
        nginx("nginx", 2)
            + """
              upstream backend { server 127.0.0.1:%d; keepalive 1000; keepalive_requests 1000000000; }
              server {
                listen 127.0.0.1:%d backlog=4096 reuseport;
                location / {
                  proxy_pass http://backend;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_set_header Host $host;
                  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                }
              }
            }
            """
                .formatted(BACKEND, port);
    return start("nginx", nginx(write("nginx.conf", text))).awaitPort(port);
  }

  /** HAProxy in HTTP mode, tuned: server connections are shared and kept. */
  Peer haproxyHttp(int threads, int port) throws IOException {
    return haproxy(
        "haproxy-http" + threads,
        threads,
        "tune.pool-high-fd-ratio 90",
        "mode http\n  http-reuse always\n  option forwardfor",
        port);
  }

  /** HAProxy in TCP mode with its own buffer size, or another. */
  Peer haproxyTcp(int threads, int buffer, int port) throws IOException {
    return haproxy(
        "haproxy-tcp" + threads + "-" + buffer,
        threads,
        buffer == 0 ? "" : "tune.bufsize " + buffer,
        "mode tcp",
        port);
  }

  private Peer haproxy(String name, int threads, String global, String mode, int port)
      throws IOException {
    String text =
        """
        global
          maxconn 9000
          nbthread %d
          %s
        defaults
          timeout connect 2s
          timeout client 60s
          timeout server 60s
          %s
        frontend in
          bind 127.0.0.1:%d backlog 4096
          default_backend out
        backend out
          server one 127.0.0.1:%d
        """
            .formatted(threads, global, mode, port, BACKEND);
    Path config = write(name + ".cfg", text);
    return start(name, List.of("haproxy", "-db", "-f", config.toString())).awaitPort(port);
  }

  /** Our planes in a process of their own; the answer to {@link Peer#awaitLine} is a VIP. */
  Peer planes(String name, int apps, int vipPort, int edgePort, int dnsPort) throws IOException {
    List<String> command = new ArrayList<>(List.of(Node.java(), "-Xmx256m"));
    for (String option : System.getProperty("dromos.bench.jvm", "").split(" ")) {
      if (!option.isBlank()) {
        command.add(option);
      }
    }
    command.addAll(
        List.of(
            "-cp", System.getProperty("java.class.path"), TrafficHost.class.getName(), "" + apps));
    command.addAll(List.of("" + vipPort, "" + edgePort, "" + dnsPort, "" + BACKEND));
    return start(name, command);
  }

  /** Knot with as many names as there are of ours, one worker of each kind. */
  Peer knot(int port) throws IOException {
    String domain = VipNames.ZONE;
    StringBuilder zone = new StringBuilder("$TTL 5\n@ SOA ns." + domain + ". root.");
    zone.append(domain).append(". 1 60 60 600 1\n@ NS ns.").append(domain);
    zone.append(".\nns A 127.0.0.1\n");
    for (int i = 0; i < NAMES; i++) {
      zone.append("app").append(i).append(".marathon A ").append(address(i)).append('\n');
    }
    Path records = write("zone", zone.toString());
    Path storage = Files.createDirectories(dir.resolve("knot"));
    String text =
        """
        server:
          rundir: %2$s
          listen: 127.0.0.1@%1$d
          udp-workers: 1
          tcp-workers: 1
          background-workers: 1
        database:
          storage: %2$s
        log:
          - target: stderr
            any: error
        zone:
          - domain: %4$s
            file: %3$s
            zonefile-sync: -1
            journal-content: none
        """
            .formatted(port, storage, records, domain);
    return start("knot", List.of("knotd", "-c", write("knot.conf", text).toString()))
        .awaitPort(port);
  }

  /** dnsmasq with the same names. */
  Peer dnsmasq(int port) throws IOException {
    StringBuilder hosts = new StringBuilder();
    for (int i = 0; i < NAMES; i++) {
      hosts.append(address(i)).append(' ').append(BenchRoutes.vip(i)).append('\n');
    }
    Path file = write("hosts", hosts.toString());
    return start(
            "dnsmasq",
            List.of(
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--port=" + port,
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--no-resolv",
                "--no-hosts",
                "--user=root",
                "--pid-file=" + dir.resolve("dnsmasq.pid"),
                "--local-ttl=5",
                "--dns-forward-max=1000",
                "--addn-hosts=" + file))
        .awaitPort(port);
  }

  private static String address(int i) {
    return "127.128." + (1 + i / 256) + "." + i % 256;
  }

  /** One question for each name, in the form of dnsperf. */
  String questions() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < NAMES; i++) {
      text.append(BenchRoutes.vip(i * 617 % NAMES)).append(" A\n");
    }
    return write("questions", text.toString()).toString();
  }

  @Override
  public void close() {
    started.forEach(Peer::close);
  }
}
