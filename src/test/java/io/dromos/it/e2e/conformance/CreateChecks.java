package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** 21–50: creating apps, and what is refused. */
interface CreateChecks extends Section {
  private Answer refused(int check, String more) {
    return marathon().post("/v2/apps", Section.sleeper("c" + check, "," + more));
  }

  private void notCreated(int check) {
    Expect.status(404, marathon().get("/v2/apps/c" + check));
  }

  @Check(21)
  default void createdAppIsLocatedAndNamesItsDeployment() {
    Answer created = Expect.status(201, marathon().post("/v2/apps", Section.sleeper("/c21")));
    assertEquals("/c21", created.location());
    assertTrue(created.header("Location").startsWith(marathon().url()), created::toString);
    assertTrue(created.header("Marathon-Deployment-Id").matches("[0-9a-f-]{36}"));
    assertEquals("application/json", created.header("Content-Type"));
  }

  @Check(22)
  default void bodyIsTheAppWithZeroCountsAndItsDeployment() {
    Answer created = marathon().create(Section.sleeper("/c22"));
    assertEquals("/c22", created.at("/id").asText());
    for (String count : new String[] {"Staged", "Running", "Healthy", "Unhealthy"}) {
      assertTrue(created.at("/tasks" + count).isInt(), created::text);
      assertEquals(0, created.at("/tasks" + count).asInt(-1), created::text);
    }
    assertEquals(1, created.at("/deployments").size());
    assertEquals(
        created.header("Marathon-Deployment-Id"), created.at("/deployments/0/id").asText());
    assertFalse(created.json().has("tasks"), created::text);
    assertFalse(created.json().has("versionInfo"), created::text);
  }

  @Check(23)
  default void versionIsUtcWithThreeDigits() {
    Answer created = marathon().create(Section.sleeper("/c23"));
    assertTrue(created.at("/version").asText().matches(Expect.VERSION), created::text);
  }

  @Check(24)
  default void anIdNeedsNoSlash() {
    assertEquals("/c24", marathon().create(Section.sleeper("c24")).at("/id").asText());
    assertEquals("/c24-x", marathon().create(Section.sleeper("//c24-x/")).at("/id").asText());
  }

  @Check(25)
  default void missingGroupsComeWithTheirFirstApp() {
    marathon().create(Section.sleeper("/c25/b/c"));
    Answer group = Expect.status(200, marathon().get("/v2/groups/c25/b"));
    assertEquals("/c25/b", group.at("/id").asText());
    assertEquals("/c25/b/c", group.at("/apps/0/id").asText());
    Answer parent = Expect.status(200, marathon().get("/v2/groups/c25"));
    assertEquals("/c25/b", parent.at("/groups/0/id").asText());
  }

  @Check(26)
  default void anExistingIdIsAConflict() {
    marathon().createAndSettle(Section.sleeper("/c26"));
    Answer again =
        Expect.message(
            409,
            "An app with id [/c26] already exists.",
            marathon().post("/v2/apps", Section.sleeper("/c26")));
    assertFalse(again.json().has("deployments"), again::text);
  }

  @Check(27)
  default void forceDoesNotReplaceAnExistingApp() {
    marathon().createAndSettle(Section.sleeper("/c27"));
    Expect.message(
        409,
        "An app with id [/c27] already exists.",
        marathon().post("/v2/apps?force=true", Section.sleeper("/c27")));
  }

  @Check(28)
  default void anAppNeedsSomethingToRun() {
    Expect.invalid(
        "/",
        "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.",
        marathon().post("/v2/apps", "{\"id\":\"/c28\"}"));
    notCreated(28);
  }

  @Check(29)
  default void cmdAndArgsExcludeEachOther() {
    Expect.invalid(
        "/",
        "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.",
        refused(29, "\"args\":[\"sleep\",\"1\"]"));
  }

  @Check(30)
  default void anIdHasLowerCaseLettersDigitsDashesAndDots() {
    Answer answer = marathon().post("/v2/apps", "{\"id\":\"/X_Y\",\"cmd\":\"sleep 1\"}");
    Expect.invalid("/id", "must fully match regular expression '^(([a-z0-9]|", answer);
  }

  @Check(31)
  default void anIdMayNotEndInTheNameOfASubresource() {
    for (String word : new String[] {"restart", "tasks", "versions"}) {
      Expect.invalid(
          "/id",
          "must not end with any of the following reserved keywords: restart, tasks, versions,"
              + " ., ..",
          marathon().post("/v2/apps", Section.sleeper("/c31/" + word)));
    }
  }

  @Check(32)
  default void theRootIsNoApp() {
    Expect.status(422, marathon().post("/v2/apps", Section.sleeper("/")));
  }

  @Check(33)
  default void anAppNeedsAnId() {
    Expect.schema(
        "/id", "error.path.missing", marathon().post("/v2/apps", "{\"cmd\":\"sleep 1\"}"));
  }

  @Check(34)
  default void aNumberInQuotesIsNoNumber() {
    Expect.schema(
        "/cpus",
        "error.expected.jsnumber",
        marathon().post("/v2/apps", "{\"id\":\"c34\",\"cmd\":\"sleep 1\",\"cpus\":\"1\"}"));
    Expect.schema(
        "/cmd",
        "error.expected.jsstring",
        marathon().post("/v2/apps", "{\"id\":\"c34\",\"cmd\":1}"));
    Expect.schema("/labels", "error.expected.jsobject", refused(34, "\"labels\":[]"));
    Expect.schema(
        "/requirePorts", "error.expected.jsboolean", refused(34, "\"requirePorts\":\"true\""));
    notCreated(34);
  }

  @Check(35)
  default void instancesMayNotBeNegative() {
    Expect.schema("/instances", "error.min", refused(35, "\"instances\":-1"));
  }

  @Check(36)
  default void backoffFactorIsAtLeastOne() {
    Expect.schema("/backoffFactor", "error.min", refused(36, "\"backoffFactor\":0.5"));
  }

  @Check(37)
  default void nullIsAbsent() {
    marathon().create(Section.sleeper("c37", ",\"ports\":null,\"dependencies\":null,\"env\":null"));
    assertEquals(1, marathon().app("c37").path("portDefinitions").size());
  }

  @Check(38)
  default void unknownFieldsAreIgnored() {
    marathon().create(Section.sleeper("c38", ",\"foo\":1"));
    assertFalse(marathon().app("c38").has("foo"));
  }

  @Check(39)
  default void upgradeStrategyNeedsBothNumbers() {
    Expect.schema(
        "/upgradeStrategy/maximumOverCapacity",
        "error.path.missing",
        refused(39, "\"upgradeStrategy\":{\"minimumHealthCapacity\":0.5}"));
  }

  @Check(40)
  default void upgradeStrategyIsBetweenNoneAndAll() {
    Expect.schema(
        "/upgradeStrategy/minimumHealthCapacity",
        "error.max",
        refused(
            40, "\"upgradeStrategy\":{\"minimumHealthCapacity\":1.5,\"maximumOverCapacity\":0}"));
  }

  @Check(41)
  default void unreachableTasksAreInactiveBeforeTheyAreExpunged() {
    Expect.words(
        422,
        "inactiveAfterSeconds (5) must be less or equal to expungeAfterSeconds, which is 3",
        refused(
            41, "\"unreachableStrategy\":{\"inactiveAfterSeconds\":5,\"expungeAfterSeconds\":3}"));
  }

  @Check(42)
  default void unreachableStrategyMayBeDisabled() {
    marathon().create(Section.sleeper("c42", ",\"unreachableStrategy\":\"disabled\""));
    assertEquals("disabled", marathon().app("c42").path("unreachableStrategy").asText());
  }

  @Check(43)
  default void uniqueTakesNoValue() {
    Expect.words(
        422,
        "UNIQUE does not accept a value",
        refused(43, "\"constraints\":[[\"hostname\",\"UNIQUE\",\"x\"]]"));
  }

  @Check(44)
  default void aConstraintHasTwoOrThreeWords() {
    Expect.words(
        422,
        "Each constraint must have either 2 or 3 fields",
        refused(44, "\"constraints\":[[\"hostname\"]]"));
  }

  @Check(45)
  default void anUnknownOperatorIsAnsweredWithTheKnownOnes() {
    Expect.words(
        422,
        "operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or"
            + " IS",
        refused(45, "\"constraints\":[[\"hostname\",\"FOO\"]]"));
  }

  @Check(46)
  default void aHealthCheckNeedsAPortThatExists() {
    Expect.words(
        422,
        "Health check port indices must address an element of the ports array or container port"
            + " mappings.",
        refused(46, "\"healthChecks\":[{\"protocol\":\"HTTP\",\"portIndex\":3}]"));
  }

  @Check(47)
  default void portNumbersAreUnique() {
    Expect.invalid(
        "/portDefinitions",
        "Ports must be unique.",
        refused(47, "\"portDefinitions\":[{\"port\":10500},{\"port\":10500}]"));
  }

  @Check(48)
  default void portNamesAreUnique() {
    Expect.invalid(
        "/portDefinitions",
        "Port names must be unique.",
        refused(
            48, "\"portDefinitions\":[{\"port\":0,\"name\":\"a\"},{\"port\":0,\"name\":\"a\"}]"));
  }

  @Check(49)
  default void urisAndFetchExcludeEachOther() {
    Expect.words(
        422,
        "may not be set in conjunction with fetch",
        refused(49, "\"uris\":[\"http://x/a\"],\"fetch\":[{\"uri\":\"http://x/b\"}]"));
  }

  @Check(50)
  default void aSingleInstanceAppHasOneInstance() {
    Expect.words(
        422,
        "Single instance app may only have one instance",
        refused(50, "\"instances\":2,\"labels\":{\"MARATHON_SINGLE_INSTANCE_APP\":\"true\"}"));
  }
}
