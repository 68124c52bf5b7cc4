package io.dromos.dataplane.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsConfigTest {
  private static DnsConfig config(Map<String, String> settings) {
    return DnsConfig.from(Settings.of(settings));
  }

  private static InetSocketAddress at(String address, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(address), port);
  }

  @Test
  void severalAddressesMayHavePortsOfTheirOwn() throws IOException {
    DnsConfig config =
        config(Map.of(Setting.DNS_ADDRESS.key(), "127.0.0.1, 172.17.0.1:53,[::1]:5353,::1"));
    assertEquals(
        List.of(at("127.0.0.1", 8053), at("172.17.0.1", 53), at("::1", 5353), at("::1", 8053)),
        config.listeners());
  }

  @Test
  void theLongestForwardZoneWins() throws IOException {
    Upstreams upstreams =
        config(
                Map.of(
                    Setting.DNS_UPSTREAM.key(), "9.9.9.9",
                    Setting.DNS_FORWARD_ZONES.key(),
                        "contoso.com=10.0.0.1,A.contoso.com.=10.0.0.2:5353,a.contoso.com=10.0.0.3"))
            .upstreams();
    assertEquals(List.of(at("10.0.0.1", 53)), upstreams.of("contoso.com"));
    assertEquals(List.of(at("10.0.0.1", 53)), upstreams.of("www.b.contoso.com"));
    List<InetSocketAddress> ofA = List.of(at("10.0.0.2", 5353), at("10.0.0.3", 53));
    assertEquals(ofA, upstreams.of("a.contoso.com"));
    assertEquals(ofA, upstreams.of("x.y.a.contoso.com"));
    assertEquals(List.of(at("9.9.9.9", 53)), upstreams.of("acontoso.com"));
    assertEquals(List.of(at("9.9.9.9", 53)), upstreams.of("com"));
  }

  @Test
  void thisServerIsNeverItsOwnUpstream() throws IOException {
    assertEquals(
        List.of(at("127.0.0.1", 5300)),
        config(Map.of(Setting.DNS_UPSTREAM.key(), "127.0.0.1:8053,127.0.0.1:5300"))
            .upstreams()
            .of("example.com"));
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "dromos.dns.address        | localhost                | give addresses such as",
        "dromos.dns.address        | 127.0.0.1:70000          | give addresses such as",
        "dromos.dns.upstream       | dns.google               | give addresses such as",
        "dromos.dns.forward.zones  | contoso.com              | give ZONE=ADDRESS",
        "dromos.dns.forward.zones  | contoso.com=ns1          | give addresses such as",
        "dromos.dns.forward.zones  | mesos=10.0.0.1           | is a zone of this name server",
        "dromos.dns.forward.zones  | x.thisdcos.directory=::1 | is a zone of this name server",
        "dromos.dns.forward.clients| everybody                | give local or any",
        "dromos.dns.components     | registry                 | give NAME=ADDRESS",
        "dromos.dns.components     | registry=example.com     | a name of this name server",
        "dromos.dns.cluster.id     | a.b                      | give the id alone"
      })
  void whatCannotBeUsedIsRefusedWithItsKeyAndTheFix(String key, String value, String fix) {
    var refused =
        assertThrows(Settings.InvalidSettingException.class, () -> config(Map.of(key, value)));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith(key + "=") && message.contains(fix), message);
  }

  @Test
  void resolvConfIsReadAgainWhenTheMachineMovesAndKeptWhileItIsGone(@TempDir Path dir)
      throws IOException {
    Path file = dir.resolve("resolv.conf");
    Files.writeString(
        file,
        "# a comment\nnameserver 10.0.0.1\nnameserver fe80::1%eth0\nsearch x\nnameserver 127.0.0.1\n");
    AtomicLong nanos = new AtomicLong();
    ResolvConf conf =
        new ResolvConf(file, server -> !server.getAddress().isLoopbackAddress(), nanos::get);
    assertEquals(List.of(at("10.0.0.1", 53)), conf.servers());
    Files.writeString(file, "nameserver 10.0.0.2\n nameserver 10.0.0.2\n");
    assertEquals(List.of(at("10.0.0.1", 53)), conf.servers(), "not at every question");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertEquals(List.of(at("10.0.0.2", 53)), conf.servers());
    Files.delete(file);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertEquals(List.of(at("10.0.0.2", 53)), conf.servers());
  }

  @Test
  void theServersBehindSystemdResolvedAreAskedInItsPlace(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("resolv.conf"), "nameserver 127.0.0.53\n");
    Path behind = dir.resolve("behind");
    AtomicLong nanos = new AtomicLong();
    ResolvConf conf = new ResolvConf(file, behind, server -> true, nanos::get);
    assertEquals(List.of(at("127.0.0.53", 53)), conf.servers(), "nothing is known behind it");
    Files.writeString(behind, "nameserver 10.0.0.1\nnameserver 10.0.0.2\n");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertEquals(List.of(at("10.0.0.1", 53), at("10.0.0.2", 53)), conf.servers());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "127.0.0.1, true",
    "::1, true",
    "10.1.2.3, true",
    "172.17.0.2, true",
    "192.168.1.1, true",
    "100.64.0.1, true",
    "fd00::1, true",
    "100.128.0.1, false",
    "198.51.100.7, false",
    "2001:db8::1, false"
  })
  void otherNamesAreForwardedForNeighboursOnly(String client, boolean local) throws IOException {
    assertEquals(
        local, new ForwardClients(System::nanoTime).test(InetAddress.getByName(client)), client);
    assertTrue(
        ForwardClients.of(Settings.of(Map.of(Setting.DNS_FORWARD_CLIENTS.key(), "any")))
            .test(InetAddress.getByName(client)));
  }
}
