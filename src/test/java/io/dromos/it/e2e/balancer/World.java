package io.dromos.it.e2e.balancer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.it.e2e.Await;
import io.dromos.it.e2e.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * The apps that all checks look at, started once. Each answers with its name, the number of its
 * port, and the request's head. {@code /sick} is 500, and so is {@code /turning} once somebody
 * asked for {@code /turn}; {@code /wait} takes two seconds; {@code /die} is the end of the task.
 */
final class World {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Perl is part of every Debian, and a process of it costs a few milliseconds. */
  private static final String ECHO =
      """
      exec perl -MIO::Socket::INET -e '$SIG{CHLD}="IGNORE"; sub serve { my ($n,$p)=@_;
       my $s=IO::Socket::INET->new(LocalAddr=>"127.0.0.1",LocalPort=>$p,Listen=>64,ReuseAddr=>1) or die;
       while(1){ my $c=$s->accept or next; if(fork){close $c;next} my $h="";
       while(defined(my $l=<$c>)){ $h.=$l; last if $l=~/^\\r?\\n$/ }
       if($h=~m(^\\S+ /die)){ kill 9,getppid } if($h=~m(^\\S+ /turn )){ open F,">turned"; close F }
       if($h=~m(^\\S+ /wait)){ sleep 2 }
       my $b="$ENV{NAME}\\nport $n\\n$h"; my $st=($h=~m(^\\S+ /sick)||($h=~m(^\\S+ /turning)&&-e "turned"))?"500 Sick":"200 OK";
       print $c "HTTP/1.1 $st\\r\\nContent-Length: ".length($b)."\\r\\nConnection: close\\r\\n\\r\\n$b";
       close $c; exit } }
       if(defined $ENV{PORT1}){ if(!fork){ serve(1,$ENV{PORT1}) } } serve(0,$ENV{PORT0});'
      """
          .replace("\n ", " ")
          .strip();

  private final Node node;

  World(Node node) {
    this.node = node;
  }

  /** One app: labels of port 0 without their {@code HAPROXY_0_}, others whole. */
  ObjectNode app(String id, int instances, int ports, Map<String, String> labels) {
    ObjectNode app =
        JSON.createObjectNode()
            .put("id", id)
            .put("instances", instances)
            .put("cpus", 0.01)
            .put("mem", 8)
            .put("cmd", ECHO);
    app.putObject("env").put("NAME", id);
    ArrayNode definitions = app.putArray("portDefinitions");
    for (int i = 0; i < ports; i++) {
      definitions.addObject().put("port", 0);
    }
    ObjectNode all = app.putObject("labels");
    labels.forEach(
        (name, value) ->
            all.put(
                name.startsWith("HAPROXY_") || name.startsWith("haproxy_")
                    ? name
                    : "HAPROXY_0_" + name,
                value));
    return app;
  }

  /** An app of group {@code external} with one port. */
  ObjectNode shown(String id, Map<String, String> labels) {
    ObjectNode app = app(id, 1, 1, labels);
    ((ObjectNode) app.path("labels")).put("HAPROXY_GROUP", "external");
    return app;
  }

  static ObjectNode checked(ObjectNode app, String protocol, String path) {
    app.putArray("healthChecks")
        .addObject()
        .put("protocol", protocol)
        .put("path", path)
        .put("portIndex", 0)
        .put("intervalSeconds", 1)
        .put("gracePeriodSeconds", 1)
        .put("maxConsecutiveFailures", 0);
    return app;
  }

  /** A second check, which never passes. */
  private static ObjectNode second(ObjectNode app) {
    ArrayNode checks = (ArrayNode) app.path("healthChecks");
    checks.add(((ObjectNode) checks.path(0).deepCopy()).put("path", "/sick"));
    return app;
  }

  void create(ObjectNode app) throws IOException, InterruptedException {
    node.deploy(app.toString());
  }

  /** Starts everything and waits until all that should serve does. */
  void start(Balancer balancer) throws IOException, InterruptedException {
    create(app("hidden", 1, 1, Map.of("VHOST", "hidden.lb")));
    for (String[] group :
        new String[][] {
          {"internal", "internal"},
          {"both", "internal,external"},
          {"spaced", "internal, external"},
          {"upper", "External"},
          {"star", "*"}
        }) {
      create(app(group[0], 1, 1, Map.of("HAPROXY_GROUP", group[1], "VHOST", group[0] + ".lb")));
    }
    create(
        app(
            "override",
            1,
            2,
            Map.of(
                "HAPROXY_GROUP", "external",
                "GROUP", "internal",
                "VHOST", "override0.lb",
                "HAPROXY_1_VHOST", "override1.lb")));
    create(
        app(
            "only",
            1,
            2,
            Map.of("GROUP", "external", "VHOST", "only0.lb", "HAPROXY_1_VHOST", "only1.lb")));
    create(shown("off", Map.of("VHOST", "off.lb", "ENABLED", "false")));
    create(shown("digit", Map.of("VHOST", "digit.lb", "ENABLED", "1")));
    create(shown("yes", Map.of("VHOST", "yes.lb", "ENABLED", "Y")));
    create(
        shown(
            "odd",
            Map.of(
                "haproxy_0_vhost", "lower.lb",
                "HAPROXY_7_VHOST", "beyond.lb",
                "HAPROXY_VHOST", "noindex.lb")));
    create(shown("moved", Map.of("PORT", String.valueOf(Node.freePort()))));
    create(shown("tcp", Map.of()));
    create(checked(shown("httpcheck", Map.of()), "HTTP", "/"));
    create(checked(shown("mesoscheck", Map.of()), "MESOS_HTTP", "/"));
    create(shown("forced", Map.of("VHOST", "forced.lb", "MODE", "tcp")));
    create(shown("list", Map.of("VHOST", "list-a.lb, LIST-B.lb")));
    create(shown("scheme", Map.of("VHOST", "http://scheme.lb/")));
    create(shown("pathless", Map.of("VHOST", "path.lb")));
    create(shown("api", Map.of("VHOST", "path.lb", "PATH", "/api")));
    create(shown("tie-a", Map.of("VHOST", "tie.lb", "PATH", "/x")));
    create(shown("tie-b", Map.of("VHOST", "tie.lb", "PATH", "/x/y")));
    create(shown("heavy-a", Map.of("VHOST", "heavy.lb", "PATH", "/x")));
    create(shown("heavy-b", Map.of("VHOST", "heavy.lb", "PATH", "/x/y", "BACKEND_WEIGHT", "5")));
    create(shown("pathonly", Map.of("PATH", "/only")));
    create(checked(shown("sick", Map.of("VHOST", "sick.lb")), "HTTP", "/sick"));
    create(second(checked(shown("half", Map.of("VHOST", "half.lb")), "HTTP", "/")));
    create(checked(shown("turning", Map.of("VHOST", "turning.lb")), "HTTP", "/turning"));
    create(shown("mortal", Map.of("VHOST", "mortal.lb")).put("instances", 3));
    ObjectNode gone = shown("gone", Map.of("VHOST", "gone.lb"));
    create(gone.put("instances", 0));
    ObjectNode plain = shown("plain", Map.of("VHOST", "plain.lb"));
    create(plain.put("instances", 2));
    for (String host :
        new String[] {"plain.lb", "yes.lb", "heavy.lb", "only0.lb", "half.lb", "turning.lb"}) {
      String path = host.equals("heavy.lb") ? "/x" : "/";
      balancer.await(host, lb -> lb.vhost(host, path), reply -> reply.status() == 200);
    }
    Await.until(
        "both instances of plain serve",
        Duration.ofSeconds(30),
        () -> balancer.servers(balancer.service("plain")).size() == 2);
  }
}
