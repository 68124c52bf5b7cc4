package io.dromos.dataplane.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.dataplane.dns.DnsClient.Reply;
import io.dromos.dataplane.dns.DnsClient.Rr;
import io.dromos.routing.DnsRecords;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Zones and kinds of records beyond plain addresses, over real sockets. */
class DnsZonesTest {
  private static final int A = 1;
  private static final int NS = 2;
  private static final int CNAME = 5;
  private static final int SOA = 6;
  private static final int AAAA = 28;
  private static final int SRV = 33;
  private static final int ANY = 255;
  private static final String REGISTRY = "registry.component.thisdcos.directory";

  private final DnsHost host =
      new DnsHost(
          new Upstreams(Map.of(), List::of),
          InetAddress::isLoopbackAddress,
          Map.of(REGISTRY, "master.mesos", "metrics.component.thisdcos.directory", "10.0.0.9"),
          "ybndrfg8");

  DnsZonesTest() {
    host.with("master.mesos", "10.0.0.1", "10.0.0.2")
        .with("zk-1.zk", "10.0.0.1")
        .with("dual.marathon.autoip.dcos.thisdcos.directory", "172.20.0.5", "fd01:b::5")
        .with("broken.marathon.mesos", "not an address")
        .with("half.marathon.mesos", "10.0.0.3", "999.1.2.3")
        .with(
            "_dual._tcp.marathon.mesos",
            List.of(new DnsRecords.Srv("dual-x-s0.marathon.mesos", 8080)))
        .with("dual-x-s0.marathon.mesos", "172.20.0.5", "fd01:b::5");
    host.served.put("sise.marathon.l4lb.thisdcos.directory", "127.128.4.4");
    host.serve();
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void aNameOfBothFamiliesAnswersEachTypeWithItsOwn() throws IOException {
    String name = "dual.marathon.autoip.dcos.thisdcos.directory";
    assertEquals(List.of("172.20.0.5"), host.client.udp(name, A).data());
    assertEquals(
        List.of(new Rr(name, AAAA, 5, "fd01:b:0:0:0:0:0:5")),
        host.client.udp(name, AAAA).answers());
    assertEquals(2, host.client.udp(name, ANY).answers().size());
    Reply service = host.client.udp("_dual._tcp.marathon.mesos", SRV);
    assertEquals(
        List.of("172.20.0.5", "fd01:b:0:0:0:0:0:5"),
        service.additional().stream().map(Rr::data).sorted().toList());
  }

  @Test
  void oneUnusableAddressSpoilsNothingElse() throws IOException {
    assertEquals(Dns.NO_SUCH_NAME, host.client.udp("broken.marathon.mesos", A).rcode());
    assertEquals(List.of("10.0.0.3"), host.client.udp("half.marathon.mesos", A).data());
  }

  @Test
  void aComponentIsAnAliasFollowedByWhatItStandsFor() throws IOException {
    Reply reply = host.client.udp(REGISTRY, A);
    assertEquals(new Rr(REGISTRY, CNAME, 5, "master.mesos"), reply.answers().get(0));
    assertEquals(
        List.of("10.0.0.1", "10.0.0.2"),
        reply.answers().stream()
            .filter(rr -> rr.type() == A && rr.owner().equals("master.mesos"))
            .map(Rr::data)
            .sorted()
            .toList());
    for (int i = 0; i < 3; i++) {
      assertEquals(CNAME, host.client.udp(REGISTRY, A).answers().get(0).type(), "always first");
    }
    assertEquals(1, host.client.udp(REGISTRY, CNAME).answers().size());
    assertEquals(
        List.of("10.0.0.9"), host.client.udp("metrics.component.thisdcos.directory", A).data());
    assertEquals(
        Dns.NO_SUCH_NAME, host.client.udp("other.component.thisdcos.directory", A).rcode());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "sise.marathon.l4lb.ybndrfg8.dcos.directory, 127.128.4.4",
    "Dual.marathon.autoip.dcos.YBNDRFG8.dcos.directory, 172.20.0.5",
    "master.mesos.ybndrfg8.dcos.directory, 10.0.0.1 10.0.0.2",
    "master.mesos.thisdcos.global, 10.0.0.1 10.0.0.2",
    "zk-1.zk, 10.0.0.1",
    "ns.spartan, 127.0.0.1",
    "ns1.mesos, 127.0.0.1",
  })
  void olderSuffixesAndSmallZones(String name, String addresses) throws IOException {
    Reply reply = host.client.udp(name, A);
    assertEquals(List.of(addresses.split(" ")), reply.data());
    assertTrue(reply.answers().stream().allMatch(rr -> rr.owner().equals(name)), name);
    assertTrue(reply.has(Dns.AUTHORITATIVE));
    assertFalse(reply.has(Dns.RECURSION_AVAILABLE), "no recursion in our own zones");
  }

  @ParameterizedTest(name = "{0} type {1}")
  @CsvSource({
    "x.ybndrfg8.dcos.directory, 1",
    "mesos, 252",
    "mesos, 251",
    "l4lb.thisdcos.directory, 252",
    "dcos.thisdcos.directory, 251"
  })
  void zonesThatDoNotExistAndTransfersAreRefused(String name, int type) throws IOException {
    byte[] query = DnsClient.query(9, name, type, new byte[0]);
    for (Reply reply : List.of(host.client.udp(query), host.client.tcp(query).get(0))) {
      assertEquals(Dns.REFUSED, reply.rcode());
      assertEquals(name, reply.question());
      assertEquals(List.of(), reply.answers());
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"l4lb.thisdcos.directory", "dcos.thisdcos.directory", "mesos", "zk", "spartan"})
  void theApexOfAZoneHasSoaAndNameServer(String zone) throws IOException {
    Reply soa = host.client.udp(zone, SOA);
    assertEquals("ns.spartan hostmaster.spartan 1", soa.answers().get(0).data());
    host.serve();
    assertEquals(
        "ns.spartan hostmaster.spartan 2",
        host.client.udp(zone, SOA).answers().get(0).data(),
        "the serial number follows the snapshot");
    Reply ns = host.client.udp(zone, NS);
    assertEquals(List.of("ns.spartan"), ns.data());
    assertEquals(List.of("127.0.0.1"), ns.additional().stream().map(Rr::data).toList());
  }

  @Test
  void aThousandInstancesAreAllInTheServiceRecordOverTcp() throws IOException {
    List<DnsRecords.Srv> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String target = "shop-%05d-s%d.marathon.mesos".formatted(i, i % 7);
      host.with(target, "10.1." + i / 250 + "." + i % 250);
      all.add(new DnsRecords.Srv(target, 31_000 + i));
    }
    host.with("_shop._tcp.marathon.mesos", all).serve();
    byte[] query = DnsClient.query(1, "_shop._tcp.marathon.mesos", SRV, new byte[0]);
    Reply tcp = host.client.tcp(query).get(0);
    assertEquals(1_000, tcp.answers().size());
    assertFalse(tcp.has(Dns.TRUNCATED));
    Reply udp = host.client.udp(query);
    assertTrue(udp.has(Dns.TRUNCATED) && !udp.answers().isEmpty(), "cut, but never to nothing");
  }

  @Test
  void valuesOfAnyAndOfAnUnknownTypeForAKnownName() throws IOException {
    Reply unknown = host.client.udp("zk-1.zk", 16);
    assertEquals(Dns.NO_ERROR, unknown.rcode());
    assertEquals(SOA, unknown.authority().get(0).type());
    assertEquals(1, unknown.authority().get(0).ttl());
    assertEquals(Dns.NO_SUCH_NAME, host.client.udp("nothing.zk", 16).rcode());
  }
}
