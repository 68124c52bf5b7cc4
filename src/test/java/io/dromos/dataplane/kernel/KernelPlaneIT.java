package io.dromos.dataplane.kernel;

import static io.dromos.dataplane.kernel.Snapshots.addressVip;
import static io.dromos.dataplane.kernel.Snapshots.backend;
import static io.dromos.dataplane.kernel.Snapshots.name;
import static io.dromos.dataplane.kernel.Snapshots.vip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.Protocol;
import io.dromos.routing.Backend;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.Vip;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whom the plane connects with whom. Numbers are those of the service-discovery checklist. */
class KernelPlaneIT extends KernelMachine {
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
}
