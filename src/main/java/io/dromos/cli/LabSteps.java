package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lab's seven steps; each throws with the reason as soon as an answer isn't what it should be.
 */
final class LabSteps {
  static final String APP = "/sise";
  static final String NAME = "sise.marathon.l4lb.thisdcos.directory";
  static final String VHOST = "ec2-52-42-2-149.us-west-2.compute.amazonaws.com";

  private static final String REPOSITORY = "mhausenblas/simpleservice";
  private static final String TAG = "0.3.0";
  private static final Duration RUNNING = Duration.ofSeconds(90);
  private static final Duration PUBLISHED = Duration.ofSeconds(20);

  /** Taken unchanged from the lab. */
  private static final String CONTAINER =
      "{\"id\":\"/sise\",\"instances\":1,\"cpus\":0.1,\"mem\":32,\"container\":{\"type\":\"DOCKER\","
          + "\"docker\":{\"image\":\"mhausenblas/simpleservice:0.3.0\",\"network\":\"HOST\","
          + "\"forcePullImage\":true}},\"portDefinitions\":[{\"labels\":{\"VIP_0\":\"/sise:80\"}}]}";

  private final LabJar jar;
  private final LabPorts ports;
  private final LabNode node;
  private final LabScreen screen;
  private final CommandContext context;
  private final Path home;
  private final Path definition;
  private final LabTraffic traffic;
  private String vipAddress = "";

  LabSteps(
      LabJar jar,
      LabPorts ports,
      LabNode node,
      LabScreen screen,
      CommandContext context,
      Path home) {
    this.jar = jar;
    this.ports = ports;
    this.node = node;
    this.screen = screen;
    this.context = context;
    this.home = home;
    this.definition = home.resolve("example-service.json");
    this.traffic = new LabTraffic(node.server(), screen);
  }

  void run() throws CommandFailedException {
    start();
    add();
    find();
    log();
    scale();
    publish();
    list();
  }

  private void start() throws CommandFailedException {
    screen.title("Dromos: the service-discovery lab, on this machine");
    screen.say("dromos is: alias dromos='" + String.join(" ", jar.command(List.of())) + "'");
    screen.say("dig and curl lines are asked by the lab itself; they work in your shell as well.");
    ports.notes().forEach(note -> screen.say("Note: " + note + "."));
    if (!ports.vipProblem().isEmpty()) {
      screen.say(
          "Note: port 80 of a virtual address is refused here ("
              + ports.vipProblem()
              + "), as to an ordinary user: VIP and DNS are shown as far as they go, and the same"
              + " steps through the proxy.");
    }
    screen.step(1, "start a node");
    screen.command("dromos " + String.join(" ", node.flags()));
    screen.answer(node.start());
    screen.say("Its database, Payara and logs are in " + home + ".");
    if (!node.url().equals(CommandContext.DEFAULT_URL)) {
      screen.command("export DROMOS_URL=" + node.url());
    }
    if (node.server().get("/v2/apps" + APP).ok()) {
      if (context.env().containsKey("DROMOS_DB_URL")) {
        throw new CommandFailedException(
            "the database of DROMOS_DB_URL has an app /sise already: remove it, or unset"
                + " DROMOS_DB_URL");
      }
      screen.say("An earlier lab left its app here: removed.");
      node.removeApp();
    }
    screen.passed();
  }

  private void add() throws CommandFailedException {
    screen.step(2, "add an app");
    String host =
        context.env().getOrDefault("DROMOS_RUNTIME_DOCKER_HOST", "unix:///var/run/docker.sock");
    LabEngine engine = LabEngine.find(host, REPOSITORY, TAG);
    screen.say(
        engine.usable()
            ? "It runs as a container: " + engine.words() + "."
            : "It runs as a plain process (cmd), the same service out of the jar: "
                + engine.words()
                + ".");
    String text = engine.usable() ? CONTAINER : process();
    try {
      Files.writeString(definition, text + "\n");
    } catch (IOException e) {
      throw new CommandFailedException("cannot write " + definition + ": " + e.getMessage());
    }
    screen.command("cat " + definition);
    screen.answer(text);
    cli("marathon", "app", "add", definition.toString());
    awaitRunning(1);
    cli("task");
    screen.passed();
  }

  private String process() {
    JsonObject labels = new JsonObject();
    labels.put("VIP_0", "/sise:80");
    JsonObject port = new JsonObject();
    port.put("labels", labels);
    JsonObject app = new JsonObject();
    app.put("id", APP);
    app.put("instances", 1);
    app.put("cpus", 0.1);
    app.put("mem", 32);
    app.put("cmd", jar.serviceCommand());
    app.put("portDefinitions", JsonArray.from(port));
    return JsonWriter.string(app);
  }

  private void find() throws CommandFailedException {
    screen.step(3, "find it by name");
    resolve();
    if (!vipAddress.isEmpty()) {
      screen.command(
          "curl --resolve " + NAME + ":80:" + vipAddress + " http://" + NAME + "/endpoint0");
      traffic.expectWell(new InetSocketAddress(vipAddress, 80), "/endpoint0", NAME);
    }
    screen.say("The same with no DNS set up, through the servlet proxy on the API's port:");
    screen.command("curl -H 'Host: " + NAME + "' " + node.url() + "/endpoint0");
    traffic.expectWell(proxy(), "/endpoint0", NAME);
    screen.command("http_proxy=" + node.url() + " curl http://" + NAME + "/endpoint0");
    traffic.expectWell(proxy(), "http://" + NAME + "/endpoint0", NAME);
    screen.passed();
  }

  /** Without port 80 there is no VIP listener, and then no name either: published last. */
  private void resolve() throws CommandFailedException {
    InetSocketAddress dns = loopback(ports.dns());
    screen.command("dig @127.0.0.1 -p " + ports.dns() + " " + NAME);
    DnsAnswer[] last = new DnsAnswer[1];
    LabWait.until(
        "the name server at 127.0.0.1:" + ports.dns() + " knows " + NAME,
        PUBLISHED,
        () -> {
          try {
            last[0] = DnsAnswer.ask(dns, NAME, Duration.ofSeconds(2));
            return !last[0].addresses().isEmpty() || !vipProblem().isEmpty();
          } catch (IOException e) {
            return false;
          }
        });
    screen.answer(String.join("\n", last[0].lines()));
    if (!last[0].addresses().isEmpty()) {
      vipAddress = last[0].addresses().get(0);
    } else {
      screen.say("The VIP isn't served (" + vipProblem() + "), so its name isn't published.");
    }
  }

  /** Why the VIP isn't served: known before the start, or as the node tells it. */
  private String vipProblem() throws CommandFailedException {
    if (!ports.vipProblem().isEmpty()) {
      return ports.vipProblem();
    }
    JsonObject planes =
        Json.object(node.server().get("/console/routes").body(), "routes").getObject("planes");
    String line = planes == null ? "" : planes.getString("l4", "");
    int degraded = line.indexOf("degraded: ");
    return degraded < 0 ? "" : line.substring(degraded + "degraded: ".length());
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private InetSocketAddress proxy() {
    return loopback(ports.api());
  }

  private InetSocketAddress byName() {
    return vipAddress.isEmpty() ? proxy() : new InetSocketAddress(vipAddress, 80);
  }

  private void log() throws CommandFailedException {
    screen.step(4, "follow its log");
    screen.command("dromos task log --follow sise stderr");
    try (LabFollow follow = LabFollow.start(jar, environment())) {
      follow.show(
          marker -> LabHttp.get(byName(), "/endpoint0?lab=" + marker, NAME), screen::answer);
    }
    screen.passed();
  }

  private void scale() throws CommandFailedException {
    screen.step(5, "scale it to three");
    cli("marathon", "app", "update", APP, "instances=3");
    awaitRunning(3);
    traffic.expectSpread(
        vipAddress.isEmpty() ? "through the proxy" : "through the VIP", byName(), NAME);
    headings(cli("task", "log", "--lines=2", "sise", "stderr"));
    screen.passed();
  }

  private void headings(String printed) throws CommandFailedException {
    long found =
        printed.lines().filter(l -> l.matches("===> task:sise\\.\\S+:stderr <===")).count();
    if (found != 3) {
      throw new CommandFailedException("expected three headings, and there are " + found);
    }
  }

  private void publish() throws CommandFailedException {
    screen.step(6, "publish it");
    cli(
        "marathon",
        "app",
        "update",
        APP,
        "labels={\"HAPROXY_GROUP\":\"external\",\"HAPROXY_0_VHOST\":\"http://" + VHOST + "\"}",
        "portDefinitions=[{\"port\":"
            + ports.servicePort()
            + ",\"labels\":{\"VIP_0\":\"/sise:80\"}}]");
    awaitRunning(3);
    InetSocketAddress service = loopback(ports.servicePort());
    String address = "127.0.0.1:" + ports.servicePort();
    traffic.awaitListening(service);
    screen.command("curl http://" + address + "/endpoint0");
    traffic.expectWell(service, "/endpoint0", address);
    traffic.expectSpread("through the service port", service, address);
    InetSocketAddress edge = loopback(ports.edge());
    String port = ports.edge() == 80 ? "" : ":" + ports.edge();
    screen.command("curl -H 'Host: " + VHOST + "' http://127.0.0.1" + port + "/endpoint0");
    traffic.expectWell(edge, "/endpoint0", VHOST);
    traffic.expectSpread("through the virtual host", edge, VHOST);
    screen.passed();
  }

  private void list() throws CommandFailedException {
    screen.step(7, "list what runs");
    String printed = cli("task");
    List<String> lines = printed.lines().toList();
    long running =
        lines.stream().filter(l -> l.matches("sise +\\S+ +\\S+ +R +sise\\.\\S+")).count();
    if (lines.isEmpty() || !lines.get(0).matches("NAME +HOST +USER +STATE +ID") || running != 3) {
      throw new CommandFailedException("expected NAME HOST USER STATE ID and three tasks");
    }
    screen.passed();
  }

  /** Runs a command as the user would, shows it with its answer, and returns what it printed. */
  private String cli(String... words) throws CommandFailedException {
    StringBuilder typed = new StringBuilder("dromos");
    for (String word : words) {
      typed.append(' ').append(word.matches("[A-Za-z0-9_./=,:-]+") ? word : "'" + word + "'");
    }
    screen.command(typed.toString());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int status =
        CommandLineMain.run(words, new ByteArrayInputStream(new byte[0]), out, out, environment());
    String printed = bytes.toString(StandardCharsets.UTF_8);
    screen.answer(printed);
    if (status != 0) {
      throw new CommandFailedException("the command ended with status " + status);
    }
    return printed;
  }

  private Map<String, String> environment() {
    Map<String, String> env = new HashMap<>(context.env());
    env.put("DROMOS_URL", node.url());
    String credentials = node.credentials();
    if (credentials != null) {
      env.put("DROMOS_CREDENTIALS", credentials);
    }
    return env;
  }

  private void awaitRunning(int count) throws CommandFailedException {
    Server server = node.server();
    try {
      LabWait.until(
          count + (count == 1 ? " task runs" : " tasks run") + " and nothing is being deployed",
          RUNNING,
          () ->
              server
                          .object("/v2/apps" + APP)
                          .getObject("app", new JsonObject())
                          .getInt("tasksRunning")
                      == count
                  && server.array("/v2/deployments").isEmpty());
    } catch (CommandFailedException e) {
      throw new CommandFailedException(
          e.words() + "\n  " + String.join("\n  ", Why.sentences(server, APP)));
    }
  }
}
