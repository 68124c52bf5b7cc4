package io.dromos.dcos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.api.Json;
import io.dromos.api.WireFixtures;
import io.dromos.app.AppSpec;
import io.dromos.app.Protocol;
import io.dromos.routing.Backend;
import io.dromos.routing.DnsRecords;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.TaskNames;
import io.dromos.routing.Vip;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The HTTP forms of the names, in the shapes of Mesos-DNS and of dcos-net. */
class NamesReadsTest {
  private static final AppSpec SISE =
      WireFixtures.app(
          """
          {"id":"/sise","cmd":"x"}""");
  private static final Task TASK = WireFixtures.task(SISE, 1, TaskState.RUNNING, 31000);
  private static final String CANONICAL =
      "sise-" + TaskNames.hash(TASK.id()) + "-s0.marathon.mesos";
  private static final String VIP = "sise.marathon.l4lb.thisdcos.directory";

  private static RoutingSnapshot snapshot(Backend.State state) {
    String host = TASK.goal().host();
    return new RoutingSnapshot(
        7,
        1,
        List.of(
            new Vip(
                VIP,
                "127.128.1.0",
                80,
                Protocol.TCP,
                List.of(new Backend(TASK.id(), SISE.id(), "n1", host, 31000, state)))),
        List.of(),
        List.of(),
        List.of(),
        new DnsRecords(
            Map.of(
                "sise.marathon.mesos",
                List.of(host),
                CANONICAL,
                List.of(host),
                "sise.marathon.autoip.dcos.thisdcos.directory",
                List.of(host)),
            Map.of("_sise._tcp.marathon.mesos", List.of(new DnsRecords.Srv(CANONICAL, 31000)))),
        Map.of(),
        Instant.EPOCH);
  }

  private static final MesosDnsReads MESOS = new MesosDnsReads(snapshot(Backend.State.ACTIVE));
  private static final DirectoryReads DIRECTORY =
      new DirectoryReads(snapshot(Backend.State.ACTIVE));

  private static String json(Object body) {
    return Json.write(body);
  }

  @Test
  void mesosDnsEndsNamesInDotsSpellsPortsAsTextAndFindsInAnyCase() {
    String host = TASK.goal().host();
    assertEquals(
        "[{\"host\":\"sise.marathon.mesos.\",\"ip\":\"" + host + "\"}]",
        json(MESOS.hosts("SISE.marathon.mesos.")));
    assertEquals(
        "[{\"service\":\"_sise._tcp.marathon.mesos\",\"host\":\""
            + CANONICAL
            + ".\",\"ip\":\""
            + host
            + "\",\"port\":\"31000\"}]",
        json(MESOS.services("_sise._tcp.marathon.mesos")));
  }

  @Test
  void mesosDnsSaysNotFoundByOneRecordOfEmptyTexts() {
    assertEquals("[{\"host\":\"\",\"ip\":\"\"}]", json(MESOS.hosts("nope.marathon.mesos")));
    assertEquals(
        "[{\"host\":\"\",\"ip\":\"\"}]",
        json(MESOS.hosts("sise.marathon.autoip.dcos.thisdcos.directory")));
    assertEquals(
        "[{\"service\":\"\",\"host\":\"\",\"ip\":\"\",\"port\":\"\"}]",
        json(MESOS.services("_nope._tcp.marathon.mesos")));
  }

  @Test
  void everyTaskIsListedWithTheRecordsThatLeadToIt() {
    JsonNode task =
        Json.MAPPER
            .valueToTree(MESOS.enumeration("marathon", List.of(TASK)))
            .path("frameworks")
            .path(0)
            .path("tasks")
            .path(0);
    assertEquals("sise", task.path("name").asText());
    assertEquals(TASK.id().value(), task.path("id").asText());
    assertEquals(
        List.of(
            "sise.marathon.mesos. A",
            CANONICAL + ". A",
            "_sise._tcp.marathon.mesos. SRV " + CANONICAL + ".:31000"),
        task.path("records").findParents("rtype").stream()
            .map(
                record ->
                    record.path("name").asText()
                        + " "
                        + record.path("rtype").asText()
                        + (record.path("rtype").asText().equals("SRV")
                            ? " " + record.path("host").asText()
                            : ""))
            .toList());
  }

  @Test
  void theWholeZoneIsReadInOneAnswerAndHoldsNoOtherZone() {
    JsonNode transfer = Json.MAPPER.valueToTree(MESOS.transfer());
    assertEquals("mesos", transfer.path("Domain").asText());
    assertEquals(
        List.of(CANONICAL + ".", "sise.marathon.mesos."),
        sorted(transfer.path("Records").path("As")));
    assertEquals(
        CANONICAL + ".:31000",
        transfer.path("Records").path("SRVs").path("_sise._tcp.marathon.mesos.").path(0).asText());
    assertTrue(transfer.path("Records").path("AAAAs").isObject());
  }

  @Test
  void dcosNetKnowsEveryZoneFindsNothingAsAnEmptyListAndKeepsNumbersNumbers() {
    assertEquals("[{\"host\":\"" + VIP + "\",\"ip\":\"127.128.1.0\"}]", json(DIRECTORY.hosts(VIP)));
    assertEquals("[]", json(DIRECTORY.hosts("nope" + VIP)));
    assertEquals(31000, DIRECTORY.services("_sise._tcp.marathon.mesos").get(0).port());
    assertEquals(5, DIRECTORY.records().size());
  }

  @Test
  void vipsListEveryBackendAndTheirTagChangesOnlyWithThem() {
    assertEquals(
        "[{\"vip\":\""
            + VIP
            + ":80\",\"protocol\":\"tcp\",\"backend\":[{\"ip\":\""
            + TASK.goal().host()
            + "\",\"port\":31000}]}]",
        json(DIRECTORY.vips()));
    DirectoryReads draining = new DirectoryReads(snapshot(Backend.State.DRAINING));
    assertEquals(DIRECTORY.vipsTag(), draining.vipsTag());
    assertNotEquals(DIRECTORY.vipsTag(), new DirectoryReads(RoutingSnapshot.EMPTY).vipsTag());
  }

  private static List<String> sorted(JsonNode object) {
    List<String> names = new java.util.ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
