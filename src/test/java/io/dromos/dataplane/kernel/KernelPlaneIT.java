package io.dromos.dataplane.kernel;

import static io.dromos.dataplane.kernel.Snapshots.addressVip;
import static io.dromos.dataplane.kernel.Snapshots.backend;
import static io.dromos.dataplane.kernel.Snapshots.name;
import static io.dromos.dataplane.kernel.Snapshots.vip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.Protocol;
import io.dromos.it.e2e.Requirement;
import io.dromos.platform.Settings;
import io.dromos.routing.Backend;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.Vip;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The plane on a machine with two containers on a bridge and another machine beside it, all of them
 * network namespaces: the machine that runs the test is not touched. Numbers are those of the
 * service-discovery checklist.
 */
class KernelPlaneIT {
  private static final String HOST = "10.77.0.1";
  private static final String OTHER = "10.77.0.2";
  private static final String BRIDGE = "10.88.0.1";
  private static final String FIRST = "10.88.0.11";
  private static final String SECOND = "10.88.0.12";

  /** Connections of the test under load; {@code -Ddromos.kernel.load=100000} for a long run. */
  private static final int LOAD = Integer.getInteger("dromos.kernel.load", 3_000);

  private static Namespace host;
  private static Namespace other;
  private static Namespace first;
  private static Namespace second;

  private final List<KernelPlane> planes = new ArrayList<>();
  private final List<Runnable> cleanUp = new ArrayList<>();
  private long now;
  private long sequence;

  @BeforeAll
  static void build() throws IOException {
    Requirement.need(Namespace.possible(), "root, ip, nft and conntrack for network namespaces");
    host = Namespace.create();
    other = Namespace.create();
    first = Namespace.create();
    second = Namespace.create();
    host.cable("eth0", other, "eth0");
    host.ip("address add " + HOST + "/24 dev eth0");
    host.ip("route add default via " + OTHER);
    other.ip("address add " + OTHER + "/24 dev eth0");
    other.ip("route add default via " + HOST);
    // An address of its own, as Docker gives it; else it changes with the ports, and neighbours
    // miss it.
    host.ip("link add br0 address 02:42:0a:58:00:01 type bridge");
    host.ip("link set br0 up");
    host.ip("address add " + BRIDGE + "/24 dev br0");
    host.parameter("net/ipv4/ip_forward", "1");
    host.parameter("net/bridge/bridge-nf-call-iptables", "0");
    attach(first, "c1", FIRST);
    attach(second, "c2", SECOND);
  }

  private static void attach(Namespace container, String port, String address) throws IOException {
    host.cable(port, container, "eth0");
    host.ip("link set " + port + " master br0");
    container.ip("address add " + address + "/24 dev eth0");
    container.ip("route add default via " + BRIDGE);
  }

  @AfterAll
  static void tearDown() throws IOException {
    for (Namespace namespace : new Namespace[] {first, second, other, host}) {
      if (namespace != null) {
        namespace.close();
      }
    }
  }

  @AfterEach
  void close() throws IOException {
    planes.forEach(KernelPlane::close);
    cleanUp.forEach(Runnable::run);
    assertFalse(host.nft("list tables").contains("dromos"), "the table is left behind");
    assertEquals("", host.ip("route show table local proto 211"), "a route is left behind");
  }

  private KernelPlane plane(Namespace on, String... settings) {
    Map<String, String> values = new HashMap<>();
    values.put("dromos.node.address", on == host ? HOST : OTHER);
    values.put("dromos.data.dir", "/nonexistent/node");
    for (int i = 0; i < settings.length; i += 2) {
      values.put(settings[i], settings[i + 1]);
    }
    KernelOffer offer = KernelOffer.of(Settings.of(values), on.tools());
    assertEquals(Optional.empty(), offer.problem());
    KernelPlane plane = offer.open(() -> now);
    planes.add(plane);
    return plane;
  }

  private PlaneReport serve(KernelPlane plane, Vip... vips) throws IOException {
    return plane.apply(Snapshots.of(++sequence, List.of(vips)));
  }

  private void mend(KernelPlane plane, Vip... vips) throws IOException {
    now += KernelPlane.MEND_EVERY.toNanos();
    assertEquals(Map.of(), serve(plane, vips).degraded());
  }

  private void server(Namespace on, String protocol, String address, int port, String name) {
    assertEquals("ok", on.peer("serve " + protocol + " " + address + " " + port + " " + name));
    cleanUp.add(() -> on.peer("stop " + name));
  }

  private static String ask(Namespace from, String address, int port) {
    return from.peer("ask " + address + " " + port);
  }

  private static void assertAnswers(String name, Namespace from, String address, int port) {
    String answer = ask(from, address, port);
    assertEquals(
        name, answer.split(" ")[0], () -> from + " to " + address + ": " + answer + "\n" + state());
  }

  /** What the kernel of the machine knows, for the message of a failure. */
  private static String state() {
    StringBuilder text = new StringBuilder();
    for (String command :
        List.of("ip route show table all", "nft list table ip dromos", "conntrack -L")) {
      try {
        text.append(host.tools().run(List.of(command.split(" ")), "")).append('\n');
      } catch (IOException e) {
        text.append(command).append(": ").append(e.getMessage()).append('\n');
      }
    }
    return text.toString();
  }

  private static void assertRefusedAtOnce(Namespace from, String address, int port) {
    String[] answer = ask(from, address, port).split(" ");
    assertEquals("refused", answer[0]);
    assertTrue(Integer.parseInt(answer[1]) < 50, "refused after " + answer[1] + " ms");
  }

  private static String kernelAddress(int index) {
    return Snapshots.KERNEL.address(index);
  }

  /** 36 to 39: host and container clients; backends on this host, in a container, elsewhere. */
  @Test
  void hostProcessesAndContainersReachEveryKindOfBackend() throws IOException {
    server(host, "tcp", HOST, 31000, "here");
    server(host, "tcp", "127.0.0.1", 31001, "loopback");
    server(other, "tcp", OTHER, 31000, "there");
    server(second, "tcp", SECOND, 8080, "inside");
    KernelPlane plane = plane(host);
    PlaneReport report =
        serve(
            plane,
            vip("here", 1000, Protocol.TCP, 80, backend(HOST, 31000)),
            vip("inside", 1001, Protocol.TCP, 80, backend(SECOND, 8080)),
            vip("loopback", 1002, Protocol.TCP, 80, backend("127.0.0.1", 31001)),
            vip("there", 1003, Protocol.TCP, 80, backend(OTHER, 31000)));
    assertEquals(Map.of(), report.degraded());
    assertEquals(Optional.of(kernelAddress(1000)), plane.addressOf(name("here")));
    for (Namespace client : List.of(host, first)) {
      assertAnswers("here", client, kernelAddress(1000), 80);
      assertAnswers("inside", client, kernelAddress(1001), 80);
      assertAnswers("there", client, kernelAddress(1003), 80);
    }
    assertAnswers("loopback", host, kernelAddress(1002), 80);
    assertEquals("there " + HOST, ask(host, kernelAddress(1003), 80));
    assertEquals("there " + HOST, ask(first, kernelAddress(1003), 80));
  }

  /** 40: a container reaches itself through its VIP. */
  @Test
  void aContainerReachesItselfThroughItsVip() throws IOException {
    server(first, "tcp", FIRST, 8080, "self");
    KernelPlane plane = plane(host);
    serve(plane, vip("self", 1000, Protocol.TCP, 80, backend(FIRST, 8080)));
    assertAnswers("self", first, kernelAddress(1000), 80);
  }

  /** Several hosts: each its own plane, backends by node address; VIPs don't cross. */
  @Test
  void aVipAddressMeansNothingToAnotherHost() throws IOException {
    server(host, "tcp", HOST, 31000, "here");
    Vip vip = vip("here", 1000, Protocol.TCP, 80, backend(HOST, 31000));
    KernelPlane plane = plane(host);
    serve(plane, vip);
    assertRefusedAtOnce(other, kernelAddress(1000), 80);
    KernelPlane otherPlane = plane(other);
    serve(otherPlane, vip);
    assertAnswers("here", other, kernelAddress(1000), 80);
    assertAnswers("here", first, kernelAddress(1000), 80);
  }

  /** 42: another table's port mapping of the same port does not take VIP connections. */
  @Test
  void aForeignPortMappingDoesNotTakeTheVipsConnections() throws IOException {
    server(host, "tcp", HOST, 31000, "here");
    server(host, "tcp", HOST, 31001, "thief");
    host.tools()
        .run(
            List.of("nft", "-f", "-"),
            """
            table ip mapping {
              chain pre { type nat hook prerouting priority -100;
                fib daddr type local tcp dport 80 dnat to 10.77.0.1:31001
              }
              chain out { type nat hook output priority -100;
                fib daddr type local tcp dport 80 dnat to 10.77.0.1:31001
              }
            }
            """);
    try {
      KernelPlane plane = plane(host);
      serve(plane, vip("here", 1000, Protocol.TCP, 80, backend(HOST, 31000)));
      assertAnswers("thief", first, HOST, 80);
      assertAnswers("here", first, kernelAddress(1000), 80);
      assertAnswers("here", host, kernelAddress(1000), 80);
    } finally {
      host.nft("delete table ip mapping");
    }
  }

  /** 31, 43, 44, 45: refused at once, by nobody else, whatever there is not. */
  @Test
  void whatNobodyServesIsRefusedAtOnceAndNeverReachesALocalProcess() throws IOException {
    server(host, "tcp", "0.0.0.0", 80, "wildcard");
    server(host, "udp", "0.0.0.0", 80, "wildcard-udp");
    KernelPlane plane = plane(host);
    serve(
        plane,
        vip("drained", 1000, Protocol.TCP, 80, backend(HOST, 31000, Backend.State.DRAINING)),
        vip("sick", 1001, Protocol.TCP, 80, backend(HOST, 31000, Backend.State.UNHEALTHY)),
        vip("there", 1002, Protocol.TCP, 8080, backend(HOST, 80)));
    assertEquals(Optional.of(kernelAddress(1000)), plane.addressOf(name("drained")));
    for (Namespace client : List.of(host, first)) {
      assertRefusedAtOnce(client, kernelAddress(1000), 80);
      assertRefusedAtOnce(client, kernelAddress(1001), 80);
      assertRefusedAtOnce(client, kernelAddress(1002), 80);
      assertRefusedAtOnce(client, kernelAddress(77_777), 80);
      assertAnswers("wildcard", client, kernelAddress(1002), 8080);
    }
    assertEquals("refused", host.peer("udp a " + kernelAddress(1000) + " 80"));
    assertEquals("refused", first.peer("udp a " + kernelAddress(1000) + " 80"));
    assertEquals("wildcard-udp", host.peer("udp b " + HOST + " 80"));
  }

  /** 33, 48: all backends get their share; tcp and udp of one name are two VIPs. */
  @Test
  void connectionsAreSharedAmongAllBackends() throws IOException {
    List<Backend> backends = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      server(host, "tcp", HOST, 31000 + i, "b" + i);
      backends.add(backend(HOST, 31000 + i));
    }
    server(host, "udp", HOST, 32000, "datagrams");
    KernelPlane plane = plane(host);
    serve(
        plane,
        vip("web", 1000, Protocol.TCP, 80, backends.toArray(Backend[]::new)),
        vip("web", 1000, Protocol.UDP, 80, backend(HOST, 32000)));
    String counts = host.peer("count " + kernelAddress(1000) + " 80 200");
    for (int i = 0; i < 5; i++) {
      assertTrue(counts.contains("b" + i + "="), counts);
    }
    assertFalse(counts.contains("refused") || counts.contains("silence"), counts);
    assertEquals("datagrams", host.peer("udp c " + kernelAddress(1000) + " 80"));
    serve(plane, vip("web", 1000, Protocol.UDP, 80, backend(HOST, 32000)));
    assertRefusedAtOnce(host, kernelAddress(1000), 80);
    assertEquals("datagrams", host.peer("udp c " + kernelAddress(1000) + " 80"));
  }

  /** 28, 29, 46: established connections stay where they are. */
  @Test
  void establishedConnectionsSurviveEveryChangeOfRoutes() throws IOException {
    server(host, "tcp", HOST, 31000, "old");
    server(host, "tcp", HOST, 31001, "new");
    KernelPlane plane = plane(host);
    serve(plane, vip("web", 1000, Protocol.TCP, 80, backend(HOST, 31000)));
    String open = " " + kernelAddress(1000) + " 80";
    assertTrue(host.peer("open h" + open).startsWith("old "));
    assertTrue(first.peer("open c" + open).startsWith("old "));
    Vip[] replaced = {
      vip(
          "web",
          1000,
          Protocol.TCP,
          80,
          backend(HOST, 31000, Backend.State.DRAINING),
          backend(HOST, 31001)),
      vip("else", 2000, Protocol.TCP, 443, backend(HOST, 31001))
    };
    serve(plane, replaced);
    assertAnswers("new", host, kernelAddress(1000), 80);
    mend(plane, replaced);
    assertEquals("again", host.peer("say h"));
    assertEquals("again", first.peer("say c"));
    // The table is removed and comes back: what the kernel knows of flows is not in it.
    host.nft("delete table ip dromos");
    mend(plane, replaced);
    assertEquals("again", host.peer("say h"));
    assertEquals("again", first.peer("say c"));
  }

  /** A vanished container answers nothing itself; its clients are reset and don't wait. */
  @Test
  void clientsOfAVanishedContainerAreReset() throws IOException {
    Namespace third = Namespace.create();
    try {
      attach(third, "c3", "10.88.0.13");
      server(second, "tcp", SECOND, 8080, "alive");
      assertEquals("ok", third.peer("serve tcp 10.88.0.13 8080 doomed"));
      KernelPlane plane = plane(host);
      Vip doomed = vip("web", 1000, Protocol.TCP, 80, backend("10.88.0.13", 8080));
      serve(plane, doomed);
      String open = " " + kernelAddress(1000) + " 80";
      assertTrue(host.peer("open h" + open).startsWith("doomed"));
      assertTrue(first.peer("open c" + open).startsWith("doomed"));
      host.ip("link del c3");
      Vip alive = vip("web", 1000, Protocol.TCP, 80, backend(SECOND, 8080));
      serve(plane, alive);
      assertAnswers("alive", host, kernelAddress(1000), 80);
      mend(plane, alive);
      assertEquals(1, plane.stats().forgotten());
      assertEquals("reset", host.peer("say h"), KernelPlaneIT::state);
      assertEquals("reset", first.peer("say c"));
    } finally {
      third.close();
    }
  }

  /** 47: the same socket moves to a living backend at once. */
  @Test
  void aUdpClientMovesToALivingBackend() throws IOException {
    server(host, "udp", HOST, 32000, "first");
    server(other, "udp", OTHER, 32000, "second");
    KernelPlane plane = plane(host);
    String vip = " " + kernelAddress(1000) + " 53";
    serve(plane, vip("dns", 1000, Protocol.UDP, 53, backend(HOST, 32000)));
    assertEquals("first", host.peer("udp m" + vip));
    assertEquals("first", first.peer("udp n" + vip));
    serve(plane, vip("dns", 1000, Protocol.UDP, 53, backend(OTHER, 32000)));
    assertEquals("second", host.peer("udp m" + vip));
    assertEquals("second", first.peer("udp n" + vip));
  }

  /** More backends than there are chains for at first. */
  @Test
  void aVipMayHaveHundredsOfBackends() throws IOException {
    server(host, "tcp", HOST, 31000, "here");
    KernelPlane plane = plane(host);
    for (int size : new int[] {1, 100, 300, 2}) {
      Backend[] backends = new Backend[size];
      for (int i = 0; i < size; i++) {
        backends[i] = backend("127.0.1." + i % 250, 31000 + i / 250);
      }
      serve(
          plane,
          vip("here", 1000, Protocol.TCP, 80, backend(HOST, 31000)),
          vip("wide", 1001, Protocol.TCP, 80, backends));
      Elements elements = Listing.parse(host.nft("list table ip dromos")).elements();
      assertEquals(size + 1, elements.slots().size());
      assertAnswers("here", host, kernelAddress(1000), 80);
    }
    assertEquals(0, plane.stats().mended());
  }

  /** What was refused while there was no backend is served by the first one, on the same socket. */
  @Test
  void clientsThatWereRefusedAreServedOnceThereIsABackend() throws IOException {
    server(host, "tcp", HOST, 31000, "here");
    server(host, "udp", HOST, 32000, "here-udp");
    KernelPlane plane = plane(host);
    Vip empty = vip("web", 1000, Protocol.TCP, 80);
    serve(plane, empty, vip("dns", 1001, Protocol.UDP, 53));
    String port = " 40000 " + kernelAddress(1000) + " 80";
    for (Namespace client : List.of(host, first)) {
      assertEquals("refused", client.peer("from" + port).split(" ")[0]);
      assertEquals("refused", client.peer("udp w " + kernelAddress(1001) + " 53"));
    }
    serve(
        plane,
        vip("dns", 1001, Protocol.UDP, 53, backend(HOST, 32000)),
        vip("web", 1000, Protocol.TCP, 80, backend(HOST, 31000)));
    for (Namespace client : List.of(host, first)) {
      assertEquals("here", client.peer("from" + port).split(" ")[0]);
      assertEquals("here-udp", client.peer("udp w " + kernelAddress(1001) + " 53"));
    }
  }

  /** 51: nothing is left of VIPs that are gone. */
  @Test
  void aThousandCyclesLeaveNothing() throws IOException {
    KernelPlane plane = plane(host);
    for (int i = 0; i < 500; i++) {
      serve(plane, vip("v" + i, 1000 + i, Protocol.TCP, 80, backend(HOST, 31000)));
      serve(plane);
    }
    assertEquals(Optional.empty(), plane.addressOf(name("v1")));
    Listing listing = Listing.parse(host.nft("list table ip dromos"));
    assertEquals(Map.of(), listing.elements().slots());
    assertEquals(Map.of(), listing.elements().services());
  }

  /** 52: whatever somebody else does to the table or the route is mended. */
  @Test
  void damageIsMended() throws IOException {
    server(host, "tcp", HOST, 31000, "here");
    KernelPlane plane = plane(host);
    Vip vip = vip("here", 1000, Protocol.TCP, 80, backend(HOST, 31000));
    serve(plane, vip);
    String key = kernelAddress(1000) + " . tcp . 80";
    for (String damage :
        List.of(
            "nft delete table ip dromos",
            "nft flush table ip dromos",
            "nft flush chain ip dromos dispatch",
            "nft flush chain ip dromos n1",
            "nft flush map ip dromos slots",
            "nft delete element ip dromos services { " + key + " }",
            "nft add element ip dromos slots { " + key + " . 1 : 10.9.9.9 . 9 }",
            "nft insert rule ip dromos output accept",
            "nft flush ruleset",
            "ip route del local 11.0.0.0/9 dev lo",
            "ip route replace local 11.0.0.0/9 dev lo src " + BRIDGE)) {
      host.tools().run(List.of(damage.split(" ")), "");
      mend(plane, vip);
      assertEquals("here " + HOST, ask(host, kernelAddress(1000), 80), "after " + damage);
      assertAnswers("here", first, kernelAddress(1000), 80);
    }
    long mended = plane.stats().mended();
    assertTrue(mended >= 11, "mended " + mended);
    long changes = plane.stats().changes();
    mend(plane, vip);
    assertEquals(mended, plane.stats().mended());
    assertEquals(changes, plane.stats().changes());
  }

  /** 53: the next process takes over what is there, and changes nothing. */
  @Test
  void aRestartTakesTheTableOverUnchanged() throws IOException {
    server(host, "tcp", HOST, 31000, "here");
    Vip vip = vip("here", 1000, Protocol.TCP, 80, backend(HOST, 31000));
    KernelPlane before = plane(host);
    serve(before, vip);
    Listing left = Listing.parse(host.nft("list table ip dromos"));
    before.drain();
    before.close();
    assertAnswers("here", host, kernelAddress(1000), 80);
    KernelPlane after = plane(host);
    serve(after, vip);
    assertEquals(0, after.stats().changes());
    assertEquals(left, Listing.parse(host.nft("list table ip dromos")));
    assertAnswers("here", host, kernelAddress(1000), 80);
  }

  @Test
  void vipsOutliveTheNodeOnlyWhenAsked() throws IOException {
    server(host, "tcp", HOST, 31000, "here");
    Vip vip = vip("here", 1000, Protocol.TCP, 80, backend(HOST, 31000));
    KernelPlane keeping = plane(host, "dromos.vip.kernel.keep", "true");
    serve(keeping, vip);
    keeping.close();
    assertAnswers("here", host, kernelAddress(1000), 80);
    KernelPlane plain = plane(host);
    serve(plain, vip);
    plain.close();
    assertFalse(host.nft("list tables").contains("dromos"));
  }

  @Test
  void anotherNodeOfTheMachineIsNotDisturbed() throws Exception {
    KernelPlane mine = plane(host);
    Vip vip = vip("here", 1000, Protocol.TCP, 80, backend(HOST, 31000));
    serve(mine, vip);
    Process alive = new ProcessBuilder("sleep", "60").start();
    try {
      Owner theirs = Owner.of(alive.pid(), "/nonexistent/other");
      host.tools().run(List.of("nft", "-f", "-"), Ruleset.newOwner(theirs.mark("new")));
      KernelOffer offer = KernelOffer.of(Settings.of(Map.of()), host.tools());
      assertTrue(offer.problem().orElseThrow().contains("process " + alive.pid()));
      now += KernelPlane.MEND_EVERY.toNanos();
      IOException taken = assertThrows(Dispatch.TakenException.class, () -> serve(mine, vip));
      assertTrue(String.valueOf(taken.getMessage()).contains("another node"));
      assertEquals(Optional.empty(), mine.addressOf(name("here")));
      mine.close();
      assertTrue(host.nft("list tables").contains("dromos"), "it is the other node's");
    } finally {
      alive.destroyForcibly().waitFor();
    }
    KernelPlane again = plane(host);
    serve(again, vip);
    assertEquals(Optional.of(kernelAddress(1000)), again.addressOf(name("here")));
  }

  /** 6: an address VIP leads here from host and containers, unless the address is in use. */
  @Test
  void addressVipsAreServedUnlessTheAddressIsTaken() throws IOException {
    server(host, "tcp", HOST, 31000, "here");
    KernelPlane plane = plane(host);
    PlaneReport report =
        serve(
            plane,
            addressVip("198.51.100.7", 5000, backend(HOST, 31000)),
            addressVip(HOST, 5000, backend(HOST, 31000)),
            addressVip(OTHER, 5000, backend(HOST, 31000)),
            addressVip("127.0.0.9", 5000, backend(HOST, 31000)),
            addressVip("11.0.9.9", 5000, backend(HOST, 31000)));
    assertAnswers("here", host, "198.51.100.7", 5000);
    assertAnswers("here", first, "198.51.100.7", 5000);
    assertRefusedAtOnce(host, "198.51.100.7", 5001);
    assertEquals(4, report.degraded().size(), report.toString());
    assertTrue(report.degraded().get(HOST + ":5000/tcp").contains("this machine"));
    assertTrue(report.degraded().get(OTHER + ":5000/tcp").contains("router"));
    serve(plane);
    assertFalse(host.ip("route show table local proto 211").contains("198.51.100.7"));
    serve(plane, addressVip("198.51.100.8", 5000, backend(HOST, 31000)));
    assertAnswers("here", host, "198.51.100.8", 5000);
  }

  @Test
  void routesOfTheMachineIntoThePoolKeepThePlaneAway() throws IOException {
    for (String net : List.of("11.1.2.0/24", "11.0.0.0/8")) {
      host.ip("route add " + net + " via " + OTHER);
      try {
        String problem =
            KernelOffer.of(Settings.of(Map.of()), host.tools()).problem().orElseThrow();
        assertTrue(problem.contains(net) && problem.contains("dromos.vip.kernel.pool"), problem);
      } finally {
        host.ip("route del " + net);
      }
    }
    assertFalse(host.nft("list tables").contains("dromos"), "asking leaves no trace");
  }

  /** Changes under load: no connection fails, none waits. */
  @Test
  void changesOfBackendsUnderLoadFailNoConnection() throws Exception {
    for (int i = 0; i < 4; i++) {
      server(host, "tcp", HOST, 31000 + i, "b" + i);
    }
    KernelPlane plane = plane(host);
    serve(plane, vip("web", 1000, Protocol.TCP, 80, backend(HOST, 31000)));
    String[] counts = new String[1];
    Thread load =
        new Thread(() -> counts[0] = host.peer("count " + kernelAddress(1000) + " 80 " + LOAD));
    load.start();
    int changes = 0;
    while (load.isAlive()) {
      List<Backend> some = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        if (i == changes % 4 || (changes * 7 + i) % 3 == 0) {
          some.add(backend(HOST, 31000 + i));
        }
      }
      serve(plane, vip("web", 1000, Protocol.TCP, 80, some.toArray(Backend[]::new)));
      changes++;
    }
    load.join();
    System.out.println(LOAD + " connections during " + changes + " changes: " + counts[0]);
    assertFalse(
        counts[0].contains("refused")
            || counts[0].contains("silence")
            || counts[0].contains("reset")
            || counts[0].contains("error"),
        counts[0]);
    assertEquals(0, plane.stats().failures());
  }
}
