package io.dromos.dataplane.kernel;

import static io.dromos.dataplane.kernel.Snapshots.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.it.e2e.Requirement;
import io.dromos.platform.Settings;
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

/**
 * A machine with two containers on a bridge and another machine beside it, all of them network
 * namespaces: the machine that runs the tests is not touched. No test may leave anything in them.
 */
abstract class KernelMachine {
  static final String HOST = "10.77.0.1";
  static final String OTHER = "10.77.0.2";
  static final String BRIDGE = "10.88.0.1";
  static final String FIRST = "10.88.0.11";
  static final String SECOND = "10.88.0.12";

  static Namespace host;
  static Namespace other;
  static Namespace first;
  static Namespace second;

  private final List<KernelPlane> planes = new ArrayList<>();
  private final List<Runnable> cleanUp = new ArrayList<>();
  long now;
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

  static void attach(Namespace container, String port, String address) throws IOException {
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

  KernelPlane plane(Namespace on, String... settings) {
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

  PlaneReport serve(KernelPlane plane, Vip... vips) throws IOException {
    return plane.apply(Snapshots.of(++sequence, List.of(vips)));
  }

  void mend(KernelPlane plane, Vip... vips) throws IOException {
    now += KernelPlane.MEND_EVERY.toNanos();
    assertEquals(Map.of(), serve(plane, vips).degraded());
  }

  void server(Namespace on, String protocol, String address, int port, String name) {
    assertEquals("ok", on.peer("serve " + protocol + " " + address + " " + port + " " + name));
    cleanUp.add(() -> on.peer("stop " + name));
  }

  static String ask(Namespace from, String address, int port) {
    return from.peer("ask " + address + " " + port);
  }

  static void assertAnswers(String name, Namespace from, String address, int port) {
    String answer = ask(from, address, port);
    assertEquals(
        name, answer.split(" ")[0], () -> from + " to " + address + ": " + answer + "\n" + state());
  }

  /** What the kernel of the machine knows, for the message of a failure. */
  static String state() {
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

  static void assertRefusedAtOnce(Namespace from, String address, int port) {
    String[] answer = ask(from, address, port).split(" ");
    assertEquals("refused", answer[0]);
    assertTrue(Integer.parseInt(answer[1]) < 50, "refused after " + answer[1] + " ms");
  }

  static String kernelAddress(int index) {
    return Snapshots.KERNEL.address(index);
  }
}
