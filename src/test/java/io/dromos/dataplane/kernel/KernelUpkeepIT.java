package io.dromos.dataplane.kernel;

import static io.dromos.dataplane.kernel.Snapshots.backend;
import static io.dromos.dataplane.kernel.Snapshots.name;
import static io.dromos.dataplane.kernel.Snapshots.vip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.Protocol;
import io.dromos.platform.Settings;
import io.dromos.routing.Backend;
import io.dromos.routing.Vip;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What the plane does to the state of the kernel: changes, mends, takes over, leaves. Numbers are
 * those of the service-discovery checklist.
 */
class KernelUpkeepIT extends KernelMachine {
  /** Connections of the test under load; {@code -Ddromos.kernel.load=100000} for a long run. */
  private static final int LOAD = Integer.getInteger("dromos.kernel.load", 3_000);

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

  /** 51: nothing is left of VIPs that are gone. */
  @Test
  void fiveHundredCyclesLeaveNothing() throws IOException {
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
