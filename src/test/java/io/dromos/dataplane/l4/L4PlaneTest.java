package io.dromos.dataplane.l4;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.Protocol;
import io.dromos.dataplane.Transport;
import io.dromos.routing.Backend;
import io.dromos.routing.DnsRecords;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.Vip;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real sockets on loopback through the plane. */
class L4PlaneTest {
  private static final String NAME = "web.marathon.l4lb.thisdcos.directory";
  private static final String ADDRESS = "127.128.77.5";

  private final L4Plane plane = new L4Plane(Transport.start("l4-test", 2));
  private final int port = freePort();
  private long sequence;

  @AfterEach
  void close() {
    plane.close();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private PlaneReport serve(Vip... vips) {
    sequence++;
    return plane.apply(
        new RoutingSnapshot(
            sequence,
            sequence,
            List.of(vips),
            List.of(),
            List.of(),
            List.of(),
            DnsRecords.EMPTY,
            Map.of(),
            Instant.EPOCH));
  }

  private PlaneReport serve(Backend... backends) {
    return serve(vip(Protocol.TCP, backends));
  }

  private Vip vip(Protocol protocol, Backend... backends) {
    return new Vip(NAME, ADDRESS, port, protocol, List.of(backends));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(ADDRESS, port);
    socket.setSoTimeout(10_000);
    return socket;
  }

  /** One connection: send a word, end the output, read all. */
  private String ask(String word) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static void echoOnce(Socket socket, String word) throws IOException {
    socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
    assertEquals(
        word,
        new String(socket.getInputStream().readNBytes(word.length()), StandardCharsets.US_ASCII));
  }

  @Test
  void threeHundredRequestsInARowSpreadEvenlyOverThreeTasks() throws IOException {
    try (LoopbackBackend a = LoopbackBackend.echo();
        LoopbackBackend b = LoopbackBackend.echo();
        LoopbackBackend c = LoopbackBackend.echo()) {
      assertEquals(PlaneReport.ALL_SERVED, serve(a.active(), b.active(), c.active()));
      for (int i = 0; i < 300; i++) {
        assertEquals("hello", ask("hello"));
      }
      for (LoopbackBackend backend : List.of(a, b, c)) {
        int got = backend.accepted.get();
        assertTrue(got >= 80 && got <= 120, "one of three got " + got);
      }
    }
  }

  @Test
  void newConnectionsGoWhereTheFewestAre() throws IOException {
    try (LoopbackBackend busy = LoopbackBackend.echo();
        LoopbackBackend idle = LoopbackBackend.echo()) {
      serve(busy.active());
      try (Socket one = connect();
          Socket two = connect()) {
        echoOnce(one, "a");
        echoOnce(two, "b");
        serve(busy.active(), idle.active());
        try (Socket three = connect();
            Socket four = connect()) {
          echoOnce(three, "c");
          echoOnce(four, "d");
          assertEquals(2, idle.accepted.get());
        }
      }
    }
  }

  @Test
  void aBackendThatRefusesIsPassedOverBeforeTheClientNotices() throws IOException {
    try (LoopbackBackend dead = LoopbackBackend.echo();
        LoopbackBackend alive = LoopbackBackend.echo()) {
      serve(dead.active(), alive.active());
      dead.stopListening();
      for (int i = 0; i < 20; i++) {
        assertEquals("x" + i, ask("x" + i));
      }
      assertEquals(20, alive.accepted.get());
      assertEquals(
          Balancer.FAILURES_TO_EJECT, plane.stats().connectFailures(), "ejected after three");
    }
  }

  @Test
  void withoutAnAcceptingBackendTheClientIsResetAtOnce() throws IOException {
    try (LoopbackBackend draining = LoopbackBackend.echo()) {
      serve(draining.as(Backend.State.DRAINING));
      assertTimeoutPreemptively(
          Duration.ofSeconds(2), () -> assertThrows(SocketException.class, () -> ask("x")));
      assertEquals(1, plane.stats().refused());
      LoopbackBackend dead = LoopbackBackend.echo();
      dead.close();
      serve(dead.active());
      assertTimeoutPreemptively(
          Duration.ofSeconds(2), () -> assertThrows(SocketException.class, () -> ask("x")));
    }
  }

  @Test
  void drainingGetsNoNewConnectionAndKeepsTheOldOne() throws IOException {
    try (LoopbackBackend old = LoopbackBackend.echo();
        LoopbackBackend young = LoopbackBackend.echo()) {
      serve(old.active());
      try (Socket established = connect()) {
        echoOnce(established, "before");
        serve(old.as(Backend.State.DRAINING), young.active());
        for (int i = 0; i < 5; i++) {
          assertEquals("new", ask("new"));
        }
        assertEquals(1, old.accepted.get());
        assertEquals(5, young.accepted.get());
        echoOnce(established, "while draining");
        serve(young.active());
        echoOnce(established, "after it left the snapshot");
        serve(new Vip[0]);
        echoOnce(established, "after the VIP was deleted");
      }
    }
  }

  @Test
  void theEndOfInputGoesAcrossInBothDirections() throws IOException {
    try (LoopbackBackend talkerFirst =
        new LoopbackBackend(
            socket -> {
              socket.getOutputStream().write("greeting".getBytes(StandardCharsets.US_ASCII));
              socket.shutdownOutput();
              byte[] rest = socket.getInputStream().readAllBytes();
              assertEquals(4, rest.length);
            })) {
      serve(talkerFirst.active());
      try (Socket socket = connect()) {
        assertArrayEquals(
            "greeting".getBytes(StandardCharsets.US_ASCII),
            socket.getInputStream().readAllBytes(),
            "the backend ended first, the client may still talk");
        socket.getOutputStream().write("late".getBytes(StandardCharsets.US_ASCII));
        socket.shutdownOutput();
      }
      awaitOpen(0);
    }
    try (LoopbackBackend counter =
        new LoopbackBackend(
            socket -> {
              int count = socket.getInputStream().readAllBytes().length;
              socket.getOutputStream().write(("got " + count).getBytes(StandardCharsets.US_ASCII));
            })) {
      serve(counter.active());
      assertEquals("got 7", ask("request"));
    }
  }

  private void awaitOpen(long expected) {
    long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (plane.stats().open() != expected && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(expected, plane.stats().open());
  }

  @Test
  void muchMoreThanAnyBufferPassesUnharmedWhileTheReaderIsSlow() throws Exception {
    byte[] block = new byte[1 << 16];
    new Random(7).nextBytes(block);
    int blocks = 640;
    try (LoopbackBackend source =
        new LoopbackBackend(
            socket -> {
              for (int i = 0; i < blocks; i++) {
                block[0] = (byte) i;
                socket.getOutputStream().write(block);
              }
            })) {
      serve(source.active());
      MessageDigest expected = MessageDigest.getInstance("SHA-256");
      byte[] copy = block.clone();
      for (int i = 0; i < blocks; i++) {
        copy[0] = (byte) i;
        expected.update(copy);
      }
      MessageDigest got = MessageDigest.getInstance("SHA-256");
      try (Socket socket = connect()) {
        byte[] small = new byte[3000];
        for (int n = socket.getInputStream().read(small);
            n >= 0;
            n = socket.getInputStream().read(small)) {
          got.update(small, 0, n);
        }
      }
      assertArrayEquals(expected.digest(), got.digest());
    }
  }

  @Test
  void aResetOfTheBackendReachesTheClientAsAReset() throws IOException {
    try (LoopbackBackend rude =
        new LoopbackBackend(
            socket -> {
              assertEquals('x', socket.getInputStream().read());
              socket.setSoLinger(true, 0);
            })) {
      serve(rude.active());
      assertThrows(
          SocketException.class,
          () -> {
            try (Socket socket = connect()) {
              socket.getOutputStream().write('x');
              assertEquals(-1, socket.getInputStream().read());
            }
          });
    }
  }

  @Test
  void aPortHeldByAWildcardListenerIsReportedAndServedOnceItIsFree() throws IOException {
    try (LoopbackBackend backend = LoopbackBackend.echo()) {
      try (ServerSocket wildcard = new ServerSocket(port)) {
        assertTrue(wildcard.isBound());
        PlaneReport report = serve(backend.active());
        String why = report.degraded().get(NAME + ":" + port + "/tcp");
        assertTrue(why != null && why.contains("is taken"), String.valueOf(why));
        assertEquals(Optional.empty(), plane.addressOf(NAME));
      }
      assertEquals(PlaneReport.ALL_SERVED, serve(backend.active()));
      assertEquals(Optional.of(ADDRESS), plane.addressOf(NAME));
      assertEquals("now", ask("now"));
    }
  }

  @Test
  void anAddressVipIsReportedNotOpened() throws IOException {
    try (LoopbackBackend backend = LoopbackBackend.echo()) {
      Vip address =
          new Vip("127.0.0.1", "127.0.0.1", port, Protocol.TCP, List.of(backend.active()));
      PlaneReport report = serve(address);
      assertTrue(report.degraded().containsKey("127.0.0.1:" + port + "/tcp"), report.toString());
      assertThrows(IOException.class, () -> new Socket("127.0.0.1", port).close());
    }
  }

  @Test
  void aVipWithoutTasksLosesItsNameAndKeepsItsPlace() throws IOException {
    serve(vip(Protocol.TCP));
    assertThrows(IOException.class, this::connect, "not opened before there is a task");
    try (LoopbackBackend backend = LoopbackBackend.echo()) {
      serve(backend.active());
      assertEquals(Optional.of(ADDRESS), plane.addressOf(NAME));
      serve(vip(Protocol.TCP));
      assertEquals(Optional.empty(), plane.addressOf(NAME));
      assertThrows(IOException.class, () -> new ServerSocket(port, 1));
      assertThrows(IOException.class, () -> ask("anybody?"));
      serve(backend.active());
      assertEquals("back", ask("back"));
    }
  }

  @Test
  void nothingListensAfterTheVipIsGone() throws IOException {
    try (LoopbackBackend backend = LoopbackBackend.echo()) {
      serve(backend.active());
      assertEquals("x", ask("x"));
      serve(new Vip[0]);
      assertEquals(Optional.empty(), plane.addressOf(NAME));
      assertThrows(IOException.class, this::connect);
    }
  }

  @Test
  void datagramsOfAClientStayWithOneBackendUntilItLeaves() throws Exception {
    try (DatagramSocket one = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        DatagramSocket two = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        DatagramSocket client = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      client.setSoTimeout(5_000);
      answer(one, "one");
      answer(two, "two");
      Backend first = datagramBackend("web.a", one);
      Backend second = datagramBackend("web.b", two);
      serve(vip(Protocol.UDP, first, second));
      String chosen = exchange(client);
      assertEquals(chosen, exchange(client));
      serve(vip(Protocol.UDP, chosen.equals("one") ? second : first));
      assertFalse(exchange(client).equals(chosen));
    }
  }

  private static Backend datagramBackend(String task, DatagramSocket socket) {
    return new Backend(
        new TaskId(task),
        new AppId("/web"),
        "node",
        "127.0.0.1",
        socket.getLocalPort(),
        Backend.State.ACTIVE);
  }

  private static void answer(DatagramSocket socket, String word) {
    AtomicReference<DatagramSocket> server = new AtomicReference<>(socket);
    Thread thread =
        new Thread(
            () -> {
              byte[] buffer = new byte[512];
              while (!server.get().isClosed()) {
                try {
                  DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                  server.get().receive(packet);
                  byte[] reply = word.getBytes(StandardCharsets.US_ASCII);
                  server
                      .get()
                      .send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                } catch (IOException e) {
                  return;
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private String exchange(DatagramSocket client) throws IOException {
    byte[] ask = {'?'};
    client.send(new DatagramPacket(ask, 1, InetAddress.getByName(ADDRESS), port));
    DatagramPacket reply = new DatagramPacket(new byte[512], 512);
    client.receive(reply);
    return new String(reply.getData(), 0, reply.getLength(), StandardCharsets.US_ASCII);
  }
}
