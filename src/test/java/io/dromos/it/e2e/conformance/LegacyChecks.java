package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * 76–95: the forms that Marathon stopped showing with 1.5 and accepts for ever. Nothing is started
 * (no instances) where only what reads back matters.
 */
interface LegacyChecks extends Section {
  private static String docker(int check, String docker, String more) {
    return """
        {"id":"c%d","instances":0,"cpus":0.1,"mem":32,
         "container":{"type":"DOCKER","docker":{"image":"busybox"%s}}%s}"""
        .formatted(check, docker, more);
  }

  private JsonNode readBack(int check, String json) {
    marathon().createAndSettle(json);
    return marathon().app("c" + check);
  }

  private static String process(int check, String more) {
    return Section.sleeper("c" + check, ",\"instances\":0," + more);
  }

  private static void isAssigned(JsonNode port) {
    assertTrue(port.asInt() >= 10000 && port.asInt() <= 20000, port::toString);
  }

  @Check(76)
  default void hostNetworkKeepsPortDefinitions() {
    JsonNode app =
        readBack(
            76,
            docker(
                76,
                ",\"network\":\"HOST\"",
                ",\"portDefinitions\":[{\"port\":0,\"protocol\":\"tcp\",\"name\":\"api\"}]"));
    Expect.json("[{\"mode\":\"host\"}]", app.path("networks"));
    assertEquals(1, app.path("portDefinitions").size());
    assertEquals("api", app.path("portDefinitions").path(0).path("name").asText());
    isAssigned(app.path("portDefinitions").path(0).path("port"));
    assertFalse(app.path("container").path("docker").has("network"));
    assertFalse(app.path("container").has("portMappings"));
  }

  @Check(77)
  default void hostNetworkHasADefaultPort() {
    JsonNode app = readBack(77, docker(77, ",\"network\":\"HOST\"", ""));
    assertEquals(1, app.path("portDefinitions").size());
    assertEquals("default", app.path("portDefinitions").path(0).path("name").asText());
  }

  @Check(78)
  default void hostNetworkDropsPortMappings() {
    JsonNode app =
        readBack(
            78, docker(78, ",\"network\":\"HOST\",\"portMappings\":[{\"containerPort\":80}]", ""));
    Expect.json("[{\"mode\":\"host\"}]", app.path("networks"));
    assertFalse(app.path("container").has("portMappings"));
    assertFalse(app.path("container").path("docker").has("portMappings"));
  }

  @Check(79)
  default void bridgeMappingsMoveToTheContainer() {
    JsonNode app =
        readBack(
            79,
            docker(79, ",\"network\":\"BRIDGE\",\"portMappings\":[{\"containerPort\":80}]", ""));
    Expect.json("[{\"mode\":\"container/bridge\"}]", app.path("networks"));
    JsonNode mapping = app.path("container").path("portMappings").path(0);
    assertEquals(80, mapping.path("containerPort").asInt());
    assertEquals(0, mapping.path("hostPort").asInt(-1));
    assertEquals("tcp", mapping.path("protocol").asText());
    Expect.json("{}", mapping.path("labels"));
    isAssigned(mapping.path("servicePort"));
    assertFalse(app.has("portDefinitions"));
    assertFalse(app.path("container").path("docker").has("portMappings"));
  }

  @Check(80)
  default void bridgeWithoutMappingsHasADefaultOne() {
    JsonNode app = readBack(80, docker(80, ",\"network\":\"BRIDGE\"", ""));
    assertEquals(1, app.path("container").path("portMappings").size());
    JsonNode mapping = app.path("container").path("portMappings").path(0);
    assertEquals("default", mapping.path("name").asText());
    assertEquals(0, mapping.path("containerPort").asInt(-1));
    assertEquals(0, mapping.path("hostPort").asInt(-1));
  }

  @Check(81)
  default void bridgeWithNoMappingsAtAllStaysSo() {
    String network = ",\"network\":\"BRIDGE\",\"portMappings\":[]";
    JsonNode app = readBack(81, docker(81, network, ""));
    Expect.json("[]", app.path("container").path("portMappings"));
    Map<String, String> env =
        new Container(marathon(), "c81-run").env("\"network\":\"BRIDGE\",\"portMappings\":[]");
    assertEquals("/c81-run", env.get("MARATHON_APP_ID"));
    assertEquals(List.of(), env.keySet().stream().filter(name -> name.startsWith("PORT")).toList());
  }

  @Check(82)
  default void userNetworkIsAContainerNetworkOfThatName() {
    JsonNode app =
        readBack(
            82,
            docker(
                82,
                ",\"network\":\"USER\",\"portMappings\":[{\"containerPort\":80}]",
                ",\"ipAddress\":{\"networkName\":\"n\"}"));
    Expect.json("[{\"mode\":\"container\",\"name\":\"n\"}]", app.path("networks"));
    JsonNode mapping = app.path("container").path("portMappings").path(0);
    assertEquals(80, mapping.path("containerPort").asInt());
    assertFalse(mapping.has("hostPort"), mapping::toString);
    assertFalse(app.has("ipAddress"));
  }

  @Check(83)
  default void userNetworkNeedsAName() {
    Answer answer = marathon().post("/v2/apps", docker(83, ",\"network\":\"USER\"", ""));
    Expect.words(422, "Network name must be specified when container network is selected.", answer);
  }

  @Check(84)
  default void oldAndNewNetworkFormsExcludeEachOther() {
    Expect.words(
        422,
        "must not specify both container.docker.network and networks",
        marathon()
            .post(
                "/v2/apps",
                docker(84, ",\"network\":\"HOST\"", ",\"networks\":[{\"mode\":\"host\"}]")));
  }

  @Check(85)
  default void bridgeTurnsPortDefinitionsIntoMappings() {
    JsonNode app =
        readBack(
            85,
            docker(
                85,
                "",
                ",\"networks\":[{\"mode\":\"container/bridge\"}],"
                    + "\"portDefinitions\":[{\"port\":0},{\"port\":0}]"));
    assertFalse(app.has("portDefinitions"));
    assertEquals(2, app.path("container").path("portMappings").size());
  }

  @Check(86)
  default void portsBecomeUnnamedDefinitions() {
    JsonNode app = readBack(86, process(86, "\"ports\":[0,0]"));
    JsonNode ports = app.path("portDefinitions");
    assertEquals(2, ports.size());
    ports.forEach(port -> assertFalse(port.has("name"), port::toString));
    ports.forEach(port -> isAssigned(port.path("port")));
    assertNotEquals(ports.path(0).path("port"), ports.path(1).path("port"));
    assertFalse(app.has("ports"));
  }

  @Check(87)
  default void noPortsAreNoDefinitions() {
    JsonNode app = readBack(87, process(87, "\"ports\":[]"));
    Expect.json("[]", app.path("portDefinitions"));
  }

  @Check(88)
  default void portsAndDefinitionsMustAgree() {
    Expect.words(
        422,
        "cannot specify both ports and port definitions",
        marathon()
            .post(
                "/v2/apps", process(88, "\"ports\":[8080],\"portDefinitions\":[{\"port\":9090}]")));
    marathon().create(process(88, "\"ports\":[9090],\"portDefinitions\":[{\"port\":9090}]"));
  }

  @Check(89)
  default void hostNetworkDropsTheContainersMappings() {
    JsonNode app =
        readBack(
            89,
            """
            {"id":"c89","instances":0,"networks":[{"mode":"host"}],"container":{"type":"DOCKER",
             "docker":{"image":"busybox"},"portMappings":[{"containerPort":80}]}}""");
    assertFalse(app.path("container").has("portMappings"));
    Expect.json("[{\"mode\":\"host\"}]", app.path("networks"));
  }

  @Check(90)
  default void urisAreFetched() {
    JsonNode app = readBack(90, process(90, "\"uris\":[\"http://x/a.tgz\",\"http://x/b.txt\"]"));
    Expect.json(
        """
        [{"uri":"http://x/a.tgz","extract":true,"executable":false,"cache":false},
         {"uri":"http://x/b.txt","extract":false,"executable":false,"cache":false}]""",
        app.path("fetch"));
    assertFalse(app.has("uris"));
  }

  @Check(91)
  default void portsCannotBeRequiredBehindABridge() {
    JsonNode app = readBack(91, docker(91, ",\"network\":\"BRIDGE\"", ",\"requirePorts\":true"));
    assertFalse(app.path("requirePorts").asBoolean(true));
  }

  @Check(92)
  default void anHttpCheckFindsItsPortAndDefaults() {
    JsonNode app =
        readBack(
            92,
            process(
                92,
                "\"portDefinitions\":[{\"port\":0}],"
                    + "\"healthChecks\":[{\"protocol\":\"HTTP\",\"path\":\"/h\"}]"));
    Expect.json(
        """
        [{"protocol":"HTTP","path":"/h","portIndex":0,"gracePeriodSeconds":300,
          "intervalSeconds":60,"timeoutSeconds":20,"maxConsecutiveFailures":3,"delaySeconds":15,
          "ipProtocol":"IPv4","ignoreHttp1xx":false}]""",
        app.path("healthChecks"));
  }

  @Check(93)
  default void aCommandCheckHasNoPort() {
    JsonNode app =
        readBack(
            93,
            process(
                93,
                "\"healthChecks\":[{\"protocol\":\"COMMAND\",\"command\":{\"value\":\"true\"}}]"));
    JsonNode check = app.path("healthChecks").path(0);
    assertEquals("true", check.path("command").path("value").asText());
    assertFalse(check.has("portIndex"), check::toString);
    assertFalse(check.has("ignoreHttp1xx"), check::toString);
  }

  @Check(94)
  default void aContainerIsDockersUnlessItSaysOtherwise() {
    JsonNode app =
        readBack(
            94,
            "{\"id\":\"c94\",\"instances\":0,\"container\":{\"docker\":{\"image\":\"busybox\"}}}");
    Expect.json(
        """
        {"type":"DOCKER","volumes":[],"docker":{"image":"busybox","forcePullImage":false,
         "privileged":false,"parameters":[]}}""",
        app.path("container"));
  }

  @Check(95)
  default void dependenciesAreResolvedAgainstTheGroupOfTheRequest() {
    marathon().create(Section.sleeper("c95-db", ",\"instances\":0"));
    String app = Section.sleeper("c95-app", ",\"instances\":0,\"dependencies\":[\"c95-db\"]");
    marathon().create(app);
    Expect.json("[\"/c95-db\"]", marathon().app("c95-app").path("dependencies"));
    Answer group =
        marathon()
            .put(
                "/v2/groups/c95/web",
                """
                {"apps":[{"id":"site","cmd":"sleep 1000","instances":0,"dependencies":["../db"]}],
                 "dependencies":[]}""");
    Expect.result(group);
    Expect.json("[\"/c95/db\"]", marathon().app("c95/web/site").path("dependencies"));
  }
}
