package io.dromos.dataplane.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.Protocol;
import io.dromos.dataplane.Transport;
import io.dromos.dataplane.dns.DnsClient.Reply;
import io.dromos.dataplane.dns.DnsClient.Rr;
import io.dromos.dataplane.dns.DnsStats.Outcome;
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
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checklist of the service-discovery reference, section 7, over real sockets. */
class DnsPlaneTest {
  private static final int A = 1;
  private static final int SOA = 6;
  private static final int AAAA = 28;
  private static final int SRV = 33;
  private static final String VIP = "sise.marathon.l4lb.thisdcos.directory";

  private final Map<String, String> served = new ConcurrentHashMap<>();
  private final List<DatagramSocket> servers = new ArrayList<>();
  private final int port = freePort();
  private final DnsClient client = new DnsClient(port);
  private DnsPlane plane = plane(List.of());

  @AfterEach
  void close() {
    plane.close();
    servers.forEach(DatagramSocket::close);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private DnsPlane plane(List<InetSocketAddress> upstreams) {
    return new DnsPlane(
        Transport.start("dns-test", 1),
        name -> Optional.ofNullable(served.get(name)),
        new DnsConfig(
            List.of(new InetSocketAddress("127.0.0.1", port)),
            new Upstreams(Map.of(), () -> upstreams),
            InetAddress::isLoopbackAddress,
            Map.of(),
            new Suffixes(""),
            300,
            1_000));
  }

  private void upstreams(InetSocketAddress... upstreams) {
    plane.close();
    plane = plane(List.of(upstreams));
    serve();
  }

  private PlaneReport serve() {
    return serve(Map.of());
  }

  private PlaneReport serve(Map<String, List<String>> more) {
    Map<String, List<String>> addresses = new TreeMap<>(more);
    addresses.put("sise.marathon.mesos", List.of("10.0.0.1", "10.0.0.2"));
    addresses.put("sise-abcde-s0.marathon.mesos", List.of("10.0.0.1"));
    addresses.put("c-b-a.marathon.autoip.dcos.thisdcos.directory", List.of("10.0.0.1"));
    Map<String, List<DnsRecords.Srv>> services = new HashMap<>();
    services.put(
        "_sise._tcp.marathon.mesos",
        List.of(new DnsRecords.Srv("sise-abcde-s0.marathon.mesos", 31005)));
    Backend backend =
        new Backend(
            new TaskId("sise.1"),
            new AppId("/sise"),
            "node",
            "10.0.0.1",
            31005,
            Backend.State.DRAINING);
    return plane.apply(
        new RoutingSnapshot(
            1,
            1,
            List.of(new Vip(VIP, "127.128.4.4", 80, Protocol.TCP, List.of(backend))),
            List.of(),
            List.of(),
            List.of(),
            new DnsRecords(addresses, services),
            Map.of(),
            Instant.EPOCH));
  }

  @Test
  void aVipNameIsAnsweredWhileItsPlaneServesItWithFiveSecondsToLive() throws IOException {
    served.put(VIP, "127.128.4.4");
    assertEquals(PlaneReport.ALL_SERVED, serve());
    Reply reply = client.udp(VIP, A);
    assertEquals(List.of(new Rr(VIP, A, 5, "127.128.4.4")), reply.answers());
    assertTrue(reply.has(Dns.AUTHORITATIVE) && reply.has(Dns.RECURSION_DESIRED));
    assertEquals(77, reply.id());
    served.clear();
    Reply gone = client.udp(VIP, A);
    assertEquals(Dns.NO_SUCH_NAME, gone.rcode());
    assertEquals(SOA, gone.authority().get(0).type());
    assertEquals(1, gone.authority().get(0).ttl());
    assertEquals("l4lb.thisdcos.directory", gone.authority().get(0).owner());
  }

  @ParameterizedTest(name = "{0} type {1} is rcode {2}")
  @CsvSource({
    VIP + ", 28, 0",
    VIP + ", 33, 0",
    "marathon.l4lb.thisdcos.directory, 1, 0",
    "l4lb.thisdcos.directory, 1, 0",
    "other.marathon.l4lb.thisdcos.directory, 1, 3",
    "other.marathon.l4lb.thisdcos.directory, 28, 3",
    "_other._tcp.marathon.mesos, 33, 3",
    "sise.marathon.mesos, 33, 0",
    "_tcp.marathon.mesos, 1, 0",
    "nothing.thisdcos.directory, 1, 5",
    "thisdcos.directory, 1, 5",
  })
  void withoutAnAnswerTheCodeTellsWhy(String name, int type, int rcode) throws IOException {
    served.put(VIP, "127.128.4.4");
    serve();
    Reply reply = client.udp(name, type);
    assertEquals(rcode, reply.rcode());
    assertEquals(List.of(), reply.answers());
    assertEquals(rcode == Dns.REFUSED ? 0 : 1, reply.authority().size());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "sise.marathon.dclb.thisdcos.directory, 127.128.4.4",
    "sise.marathon.l4lb.thisdcos.global, 127.128.4.4",
    "sise.marathon.dclb.thisdcos.global, 127.128.4.4",
    "SiSe.Marathon.L4LB.thisdcos.DIRECTORY, 127.128.4.4",
    "c-b-a.marathon.autoip.dcos.thisdcos.directory, 10.0.0.1",
    "c-b-a.marathon.autoip.dcos.thisdcos.global, 10.0.0.1",
    "sise-abcde-s0.marathon.mesos.thisdcos.directory, 10.0.0.1",
    "sise-abcde-s0.*.marathon.mesos, 10.0.0.1",
    "ready.spartan, 127.0.0.1",
    "localhost, 127.0.0.1",
  })
  void aliasesAndSpellingsAnswerUnderTheNameThatWasAsked(String name, String address)
      throws IOException {
    served.put(VIP, "127.128.4.4");
    serve();
    Reply reply = client.udp(name, A);
    assertEquals(name, reply.question());
    assertEquals(List.of(new Rr(name, A, 5, address)), reply.answers());
  }

  @Test
  void aServiceComesWithTheAddressOfItsTarget() throws IOException {
    serve();
    Reply reply = client.udp("_sise._tcp.marathon.mesos", SRV);
    assertEquals(List.of("0 1 31005 sise-abcde-s0.marathon.mesos"), reply.data());
    assertEquals(
        List.of(new Rr("sise-abcde-s0.marathon.mesos", A, 5, "10.0.0.1")), reply.additional());
    Reply alias = client.udp("_sise._tcp.marathon.mesos.thisdcos.directory", SRV);
    assertEquals(
        List.of("0 1 31005 sise-abcde-s0.marathon.mesos.thisdcos.directory"), alias.data());
  }

  @Test
  void theOrderOfSeveralAnswersVaries() throws IOException {
    serve();
    Set<String> first = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      first.add(client.udp("sise.marathon.mesos", A).answers().get(0).data());
    }
    assertEquals(Set.of("10.0.0.1", "10.0.0.2"), first);
  }

  @Test
  void whatDoesNotFitIsTruncatedOverUdpAndCompleteOverTcp() throws IOException {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      many.add("10.1.0." + i);
    }
    serve(Map.of("many.marathon.mesos", many));
    Reply plain = client.udp("many.marathon.mesos", A);
    assertTrue(plain.has(Dns.TRUNCATED) && plain.length() <= 512, plain.toString());
    Reply extended =
        client.udp(DnsClient.query(7, "many.marathon.mesos", A, DnsClient.opt(4096, 0)));
    assertTrue(extended.has(Dns.TRUNCATED), "capped at the server's own limit");
    assertTrue(extended.length() > 512 && extended.length() <= 1232, "" + extended.length());
    assertEquals("size 1232", extended.additional().get(0).data());
    Reply tcp = client.tcp(DnsClient.query(8, "many.marathon.mesos", A, new byte[0])).get(0);
    assertEquals(128, tcp.answers().size());
    assertTrue(!tcp.has(Dns.TRUNCATED));
  }

  @Test
  void pipelinedQueriesOfOneConnectionAreAllAnswered() throws IOException {
    serve();
    List<Reply> replies =
        client.tcp(
            DnsClient.query(1, "sise.marathon.mesos", A, new byte[0]),
            DnsClient.query(2, "nothing.mesos", A, new byte[0]),
            DnsClient.query(3, "ready.spartan", A, new byte[0]));
    assertEquals(List.of(1, 2, 3), replies.stream().map(Reply::id).toList());
    assertEquals(List.of(0, 3, 0), replies.stream().map(Reply::rcode).toList());
  }

  @Test
  void optIsAnsweredWithOptAndAnUnknownVersionRefused() throws IOException {
    serve();
    assertEquals(List.of(), client.udp("ready.spartan", A).additional());
    Reply known = client.udp(DnsClient.query(5, "ready.spartan", A, DnsClient.opt(512, 0)));
    assertEquals(41, known.additional().get(0).type());
    Reply unknown = client.udp(DnsClient.query(5, "ready.spartan", A, DnsClient.opt(512, 1)));
    assertEquals(1, unknown.additional().get(0).ttl() >>> 24, "BADVERS is 16: 1 and 0");
    assertEquals(0, unknown.rcode());
    assertEquals(List.of(), unknown.answers());
  }

  @Test
  void brokenPacketsGetFormerrOrNothingAndTheServerStaysUp() throws IOException {
    serve();
    byte[] good = DnsClient.query(9, "ready.spartan", A, new byte[0]);
    byte[] cut = Arrays.copyOf(good, 20);
    assertEquals(Dns.FORMAT_ERROR, client.udp(cut).rcode());
    byte[] none = good.clone();
    none[5] = 0;
    assertEquals(Dns.FORMAT_ERROR, client.udp(none).rcode());
    byte[] update = good.clone();
    update[2] = 5 << 3;
    assertEquals(Dns.NOT_IMPLEMENTED, client.udp(update).rcode());
    byte[] chaos = good.clone();
    chaos[chaos.length - 1] = 3;
    assertEquals(Dns.REFUSED, client.udp(chaos).rcode());
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(100);
      byte[] reply = good.clone();
      reply[2] = (byte) 0x80;
      InetAddress local = InetAddress.getByName("127.0.0.1");
      socket.send(new DatagramPacket(reply, reply.length, local, port));
      socket.send(new DatagramPacket(new byte[3], 3, local, port));
      assertThrows(
          SocketTimeoutException.class,
          () -> socket.receive(new DatagramPacket(new byte[512], 512)));
    }
    assertEquals(List.of("127.0.0.1"), client.udp(good).data());
    assertEquals(2, plane.stats().of(Outcome.DROPPED));
  }

  /** An upstream server that answers everything with one address. */
  private InetSocketAddress upstream(String address, int rcode) throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    servers.add(socket);
    Thread thread =
        new Thread(
            () -> {
              while (!socket.isClosed()) {
                try {
                  DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                  socket.receive(packet);
                  byte[] reply = Arrays.copyOf(packet.getData(), packet.getLength() + 16);
                  reply[2] |= (byte) 0x80;
                  reply[3] = (byte) (0x80 | rcode);
                  reply[7] = 1;
                  byte[] record = {(byte) 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};
                  System.arraycopy(record, 0, reply, packet.getLength(), 12);
                  byte[] quad = InetAddress.getByName(address).getAddress();
                  System.arraycopy(quad, 0, reply, packet.getLength() + 12, 4);
                  socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                } catch (IOException e) {
                  return;
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), socket.getLocalPort());
  }

  private InetSocketAddress silent() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    servers.add(socket);
    return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), socket.getLocalPort());
  }

  @Test
  void otherNamesComeFromTheUpstreamThatAnswers() throws IOException {
    upstreams(silent(), upstream("192.0.2.7", Dns.NO_ERROR));
    long start = System.nanoTime();
    Reply reply = client.udp("www.example.com", A);
    assertEquals(List.of(new Rr("www.example.com", A, 60, "192.0.2.7")), reply.answers());
    assertEquals(77, reply.id());
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 1_000);
    assertEquals(1, plane.stats().of(Outcome.FORWARDED));
  }

  @Test
  void aServerInTroubleIsNotTheLastWordWhileAnotherAnswers() throws IOException {
    upstreams(
        upstream("192.0.2.1", Dns.SERVER_FAILURE),
        upstream("192.0.2.2", Dns.REFUSED),
        upstream("192.0.2.3", Dns.NO_ERROR));
    for (int i = 0; i < 5; i++) {
      assertEquals(List.of("192.0.2.3"), client.udp("www.example.com", A).data());
    }
  }

  @Test
  void withNoUpstreamAliveOrNoneAtAllTheServerSaysServfail() throws IOException {
    serve();
    assertEquals(Dns.SERVER_FAILURE, client.udp("www.example.com", A).rcode());
    InetSocketAddress closed = silent();
    servers.get(0).close();
    upstreams(silent(), closed);
    assertEquals(Dns.SERVER_FAILURE, client.udp("www.example.com", A).rcode());
    assertEquals(1, plane.stats().of(Outcome.FORWARD_FAILED));
    assertEquals(
        Dns.SERVER_FAILURE,
        client.tcp(DnsClient.query(1, "www.example.com", AAAA, new byte[0])).get(0).rcode());
  }

  @Test
  void ourNamesAreNeverAskedUpstream() throws IOException {
    upstreams(upstream("192.0.2.7", Dns.NO_ERROR));
    for (String name : List.of("x.mesos", "x.thisdcos.directory", "x.l4lb.thisdcos.global")) {
      assertEquals(List.of(), client.udp(name, A).answers());
    }
    assertEquals(0, plane.stats().of(Outcome.FORWARDED));
  }

  @Test
  void aTakenPortIsReportedAndTriedAgain() throws IOException {
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
      assertTrue(taken.isBound());
      PlaneReport report = serve();
      String why = report.degraded().get("127.0.0.1:" + port + "/tcp");
      assertTrue(why != null && why.contains("is taken"), report.toString());
    }
    assertEquals(PlaneReport.ALL_SERVED, serve());
    assertEquals(1, client.tcp(DnsClient.query(1, "ready.spartan", A, new byte[0])).size());
  }

  @Test
  void beforeTheFirstSnapshotNobodyAnswersAtAll() {
    assertThrows(IOException.class, () -> client.tcp(new byte[12]));
  }
}
