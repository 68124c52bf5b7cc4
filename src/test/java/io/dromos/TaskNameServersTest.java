package io.dromos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dromos.platform.Settings;
import io.dromos.routing.PlaneReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which name servers tasks get. */
class TaskNameServersTest {
  @TempDir private Path dir;

  private TaskNameServers servers(String tasks, String machine, Map<String, String> degraded)
      throws Exception {
    Path file = dir.resolve("resolv.conf");
    Files.writeString(file, machine);
    Map<String, String> settings = Map.of("dromos.dns.tasks", tasks);
    return new TaskNameServers(
        new Settings(settings::get), () -> Map.of("dns", new PlaneReport(degraded)), file);
  }

  @Test
  void thisNodesComesFirstThenTheMachinesThreeInAll() throws Exception {
    String machine = "nameserver 10.0.0.1\nnameserver 127.0.0.53\nnameserver 10.0.0.3\n";
    TaskNameServers servers = servers("127.128.0.53,172.17.0.1", machine, Map.of());
    assertEquals(List.of("127.128.0.53", "10.0.0.1", "127.0.0.53"), servers.ofMachine());
    assertEquals(List.of("172.17.0.1", "10.0.0.1", "10.0.0.3"), servers.ofBridge());
  }

  @Test
  void oneThatIsNotOpenIsNotGiven() throws Exception {
    Map<String, String> degraded = Map.of("127.128.0.53:53/udp", "taken");
    assertEquals(
        List.of("172.17.0.1", "10.0.0.1"),
        servers("127.128.0.53,172.17.0.1", "nameserver 10.0.0.1", degraded).ofMachine());
    assertEquals(List.of(), servers("127.128.0.53", "nameserver 10.0.0.1", degraded).ofMachine());
    assertEquals(List.of(), servers("127.128.0.53", "", Map.of()).ofBridge());
  }

  @Test
  void noneAndWithoutANameServerMeanTheMachines() throws Exception {
    assertEquals(List.of(), servers("none", "nameserver 10.0.0.1", Map.of()).ofMachine());
    Map<String, String> settings = Map.of("dromos.dns.tasks", "127.128.0.53");
    assertEquals(
        List.of(),
        new TaskNameServers(new Settings(settings::get), Map::of, dir.resolve("x")).ofMachine());
  }

  @Test
  void autoIsTheReservedAddressOfThePool() throws Exception {
    assertEquals("127.128.0.53", servers("auto", "", Map.of()).ofMachine().get(0));
  }

  @Test
  void aNameIsRefusedWithTheFix() {
    Settings.InvalidSettingException refused =
        assertThrows(
            Settings.InvalidSettingException.class, () -> servers("ns.example", "", Map.of()));
    assertEquals(
        "dromos.dns.tasks=ns.example: give auto, none, or IPv4 addresses such as"
            + " 127.128.0.53,172.17.0.1; the port is always 53",
        refused.getMessage());
  }
}
