package io.dromos.api;

import static io.dromos.api.WireFixtures.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.cluster.Lease;
import io.dromos.deployment.QueueEntry;
import io.dromos.placement.Refusal;
import io.dromos.placement.RefusalReason;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Settings;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tasks, deployments, queue and info as Marathon clients read them. */
class RenderingTest {
  private static final AppSpec HUGE =
      WireFixtures.app("{\"id\":\"/huge\",\"cmd\":\"x\",\"mem\":9000000}");

  @Test
  void aDeploymentShowsItsStepsAndWhatIsDoneNow() throws Exception {
    JsonNode shown =
        Json.MAPPER.valueToTree(
            DeploymentJson.of(MarathonEventEncoderTest.deployment(2), app -> List.of()));
    assertEquals(
        Json.MAPPER.readTree(
            """
            {"id":"97c136bf-5a28-4821-9d94-480d9fbb01c8","version":"2024-01-01T12:00:00.000Z",
             "affectedApps":["/sise"],"affectedPods":[],
             "steps":[{"actions":[{"action":"StartApplication","app":"/sise"}]},
                      {"actions":[{"action":"ScaleApplication","app":"/sise"}]}],
             "currentActions":[{"action":"ScaleApplication","app":"/sise",
                                "readinessCheckResults":[]}],
             "currentStep":2,"totalSteps":2}"""),
        shown);
  }

  @Test
  void aFreshDeploymentIsBeforeItsFirstStep() {
    DeploymentJson shown =
        DeploymentJson.of(MarathonEventEncoderTest.deployment(0), app -> List.of());
    assertEquals(0, shown.currentStep());
    assertEquals(List.of(), shown.currentActions());
    assertEquals(
        2,
        DeploymentJson.of(MarathonEventEncoderTest.deployment(3), app -> List.of()).currentStep());
  }

  @Test
  void anAppThatFitsNowhereIsOverdueAndSaysAtWhichStep() {
    QueueJson.ItemJson item =
        queue(
                new QueueEntry(
                    HUGE.id(),
                    2,
                    NOON,
                    null,
                    new Refusal(
                        NOON.plusSeconds(1),
                        List.of(
                            refused("n1", RefusalReason.InsufficientMemory),
                            refused("n2", RefusalReason.UnfulfilledConstraint),
                            refused("n3", RefusalReason.InsufficientMemory)),
                        "no agent has the memory"),
                    30,
                    30),
                false)
            .queue()
            .get(0);
    assertEquals(2, item.count());
    assertEquals("*", item.role());
    assertEquals(new QueueJson.DelayJson(0, true), item.delay());
    assertEquals(30, item.processedOffersSummary().processedOffersCount());
    assertEquals("2024-01-01T12:00:01.000Z", item.processedOffersSummary().lastUnusedOfferAt());
    List<QueueJson.RejectJson> funnel = item.processedOffersSummary().rejectSummaryLastOffers();
    assertEquals(
        Arrays.stream(RefusalReason.values()).map(Enum::name).toList(),
        funnel.stream().map(QueueJson.RejectJson::reason).toList());
    assertEquals(new QueueJson.RejectJson("UnfulfilledRole", 0, 3), funnel.get(0));
    assertEquals(new QueueJson.RejectJson("UnfulfilledConstraint", 1, 3), funnel.get(1));
    assertEquals(new QueueJson.RejectJson("InsufficientMemory", 2, 2), funnel.get(5));
    assertEquals(new QueueJson.RejectJson("InsufficientPorts", 0, 0), funnel.get(8));
    assertNull(item.lastUnusedOffers());
    assertEquals("/huge", item.app().id());
  }

  @Test
  void aDelayCountsDownInWholeSecondsRoundedUp() {
    QueueEntry entry = new QueueEntry(HUGE.id(), 1, NOON, NOON.plusMillis(4200), null, 0, 0);
    assertEquals(new QueueJson.DelayJson(5, false), queue(entry, false).queue().get(0).delay());
    assertEquals(
        new QueueJson.DelayJson(0, true),
        QueueJson.of(
                List.of(entry),
                Map.of(HUGE.id(), HUGE),
                List.of(),
                Map.of(),
                NOON.plusSeconds(5),
                false)
            .queue()
            .get(0)
            .delay());
  }

  @Test
  void unusedOffersNameTheAgentWhenAskedFor() {
    Refusal refusal =
        new Refusal(NOON, List.of(refused("n1", RefusalReason.InsufficientCpus)), "too few");
    QueueEntry entry = new QueueEntry(HUGE.id(), 1, NOON, null, refusal, 1, 1);
    List<JsonNode> offers = queue(entry, true).queue().get(0).lastUnusedOffers();
    assertEquals(1, offers == null ? 0 : offers.size());
    JsonNode first = Json.MAPPER.valueToTree(offers).path(0);
    assertEquals("b1f1c8e4-S0", first.path("offer").path("agentId").asText());
    assertEquals("InsufficientCpus", first.path("reason").path(0).asText());
    assertEquals("2024-01-01T12:00:00.000Z", first.path("timestamp").asText());
    Resources total = WireFixtures.agent("n1", "process").total();
    assertEquals(
        total.cpus() - 1.5,
        first.path("offer").path("resources").path(0).path("scalar").asDouble());
    assertEquals(
        total.memMiB() - 100,
        first.path("offer").path("resources").path(1).path("scalar").asDouble());
  }

  @Test
  void aLaunchAttemptIsSummedUpOverAllItsOffers() {
    Refusal last =
        new Refusal(NOON, List.of(refused("n1", RefusalReason.InsufficientCpus)), "too few");
    QueueEntry entry =
        new QueueEntry(
            HUGE.id(),
            1,
            NOON,
            null,
            last,
            7,
            5,
            Map.of(RefusalReason.UnfulfilledRole, 2, RefusalReason.InsufficientCpus, 3));
    QueueJson.ProcessedOffersJson summary =
        queue(entry, false).queue().get(0).processedOffersSummary();
    List<QueueJson.RejectJson> attempt = summary.rejectSummaryLaunchAttempt();
    assertEquals(new QueueJson.RejectJson("UnfulfilledRole", 2, 7), attempt.get(0));
    assertEquals(new QueueJson.RejectJson("InsufficientCpus", 3, 5), attempt.get(4));
    assertEquals(new QueueJson.RejectJson("DeclinedScarceResources", 0, 2), attempt.get(9));
    assertEquals(
        new QueueJson.RejectJson("InsufficientCpus", 1, 1),
        summary.rejectSummaryLastOffers().get(4));
  }

  @Test
  void anAppThatIsGoneIsNotQueued() {
    QueueEntry entry = new QueueEntry(HUGE.id(), 1, NOON, null, null, 0, 0);
    assertEquals(
        List.of(),
        QueueJson.of(List.of(entry), Map.of(), List.of(), Map.of(), NOON, false).queue());
  }

  @Test
  void tasksAsTextOneLineForEveryAppAndPort() {
    AppSpec web =
        WireFixtures.app(
            "{\"id\":\"/prod/web\",\"cmd\":\"x\",\"portDefinitions\":[{\"port\":10000},{\"port\":10001}]}");
    AppSpec none = WireFixtures.app("{\"id\":\"/none\",\"cmd\":\"x\",\"portDefinitions\":[]}");
    List<Task> tasks =
        List.of(
            WireFixtures.task(web, 2, TaskState.RUNNING, 31002, 31003),
            WireFixtures.task(web, 1, TaskState.RUNNING, 31000, 31001),
            WireFixtures.task(web, 3, TaskState.STAGING, 31004, 31005),
            WireFixtures.task(none, 4, TaskState.RUNNING));
    assertEquals(
        """
        none\t \t10.0.0.5\t
        prod_web\t10000\t10.0.0.5:31000\t10.0.0.5:31002\t
        prod_web\t10001\t10.0.0.5:31001\t10.0.0.5:31003\t
        """,
        TasksResource.asText(List.of(web, none), tasks));
    assertEquals(
        "prod_web\t10000\t\nprod_web\t10001\t\n", TasksResource.asText(List.of(web), List.of()));
  }

  @Test
  void tasksAreFilteredByTheStatusesMarathonKnows() {
    List<Task> tasks =
        List.of(
            WireFixtures.task(HUGE, 1, TaskState.RUNNING),
            WireFixtures.task(HUGE, 2, TaskState.STAGING));
    assertEquals(1, TasksResource.select(tasks, List.of("running")).size());
    assertEquals(2, TasksResource.select(tasks, List.of("running", "Staging")).size());
    assertEquals(1, TasksResource.select(tasks, List.of("staging", "odd")).size());
    assertEquals(2, TasksResource.select(tasks, List.of("odd")).size());
  }

  @Test
  void onlyTrueIsTrue() {
    assertTrue(TasksResource.flag("True"));
    assertEquals(List.of(false, false, false), flags("", "yes", "1"));
  }

  private static List<Boolean> flags(String... texts) {
    return Arrays.stream(texts).map(TasksResource::flag).toList();
  }

  @Test
  void infoHasEveryKeyAndNullForWhatIsNotThere() {
    NodeInfo node =
        new NodeInfo("n1", "10.0.0.5", "10.0.0.5:8080", List.of("master"), Path.of("/"), "0.1.0");
    Lease.Holder holder = new Lease.Holder("n1", "10.0.0.5:8080", 1, NOON);
    JsonNode info = InfoResource.render(node, Settings.of(Map.of()), holder, "cluster");
    assertEquals("marathon", info.path("name").asText());
    assertTrue(info.path("version").asText().matches("\\d+\\.\\d+\\.\\d+"));
    assertTrue(info.path("elected").asBoolean());
    assertEquals("10.0.0.5:8080", info.path("leader").asText());
    assertEquals(10000, info.path("marathon_config").path("local_port_min").asInt());
    assertEquals(20000, info.path("marathon_config").path("local_port_max").asInt());
    assertTrue(info.path("marathon_config").path("webui_url").isNull());
    assertTrue(info.path("zookeeper_config").path("zk_max_versions").isNumber());
    assertEquals(8080, info.path("http_config").path("http_port").asInt());
    assertTrue(Json.write(info).contains("\"webui_url\":null"), "nulls are written, not left out");
  }

  @Test
  void pingAnswersInTheTypeThatIsWanted() {
    assertEquals("text/plain", PingServlet.contentType("*/*"));
    assertEquals("text/plain", PingServlet.contentType(null));
    assertEquals("text/html", PingServlet.contentType("text/html"));
    assertEquals("application/json", PingServlet.contentType("application/json"));
    assertNull(PingServlet.contentType("image/png"));
  }

  private static QueueJson queue(QueueEntry entry, boolean offers) {
    return QueueJson.of(
        List.of(entry),
        Map.of(HUGE.id(), HUGE),
        List.of(WireFixtures.agent("n1", "process")),
        Map.of("n1", new Resources(1.5, 100, 0, 0)),
        NOON,
        offers);
  }

  private static Refusal.AgentRefusal refused(String agent, RefusalReason reason) {
    return new Refusal.AgentRefusal(agent, reason, "wants more than there is");
  }
}
