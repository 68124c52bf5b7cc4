package io.dromos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code import}. */
class ImportCommandTest {
  private static final String CHECK = "POST /console/import-check";
  private static final String GOOD =
      """
      {"apps":[{"id":"/a","state":"new","findings":[{"path":"/role","what":"kept","words":"idle"}],
                "definition":{"id":"/a","cmd":"x y"}},
               {"id":"/b","state":"unchanged","findings":[],"definition":{"id":"/b"}}],
       "pods":[]}""";
  private static final String MIXED =
      """
      {"apps":[{"id":"/a","state":"new","findings":[],"definition":{"id":"/a","cmd":"x y"}},
               {"id":"/bad","state":"refused",
                "findings":[{"path":"/gpus","what":"refused","words":"none here"}]}],
       "pods":["/p"]}""";

  @TempDir Path dir;
  private StubServer server;

  @BeforeEach
  void start() throws IOException {
    server = new StubServer();
    server.on(
        "PUT /v2/apps?partialUpdate=false", 200, "{\"deploymentId\":\"D\",\"version\":\"V\"}");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aDryRunReportsAndCreatesNothing() throws IOException {
    server.on(CHECK, 200, GOOD);
    StubServer.Run run = server.run("import", file("[{\"id\":\"a\"}]"), "--dry-run");
    assertEquals(
        """
        ID  STATE      NOT HONOURED AS IT WAS
        /a  new        1
        /b  unchanged  ---

        /a
          kept     /role: idle
        """,
        run.out());
    assertEquals(0, run.status());
    assertEquals(java.util.List.of(CHECK + " [{\"id\":\"a\"}]"), server.requests());
  }

  @Test
  void whatIsNewIsCreatedInOneRequest() throws IOException {
    server.on(CHECK, 200, GOOD);
    StubServer.Run run = server.run("import", file("{}"));
    assertEquals("Created deployment D\n", run.err());
    assertEquals(
        "PUT /v2/apps?partialUpdate=false [{\"id\":\"/a\",\"cmd\":\"x y\"}]",
        server.requests().get(1));
    assertEquals(0, run.status());
  }

  @Test
  void aRepeatHasNothingToDo() throws IOException {
    server.on(CHECK, 200, GOOD.replace("\"new\"", "\"unchanged\""));
    StubServer.Run run = server.run("import", file("{}"));
    assertEquals("Nothing to do.\n", run.err());
    assertEquals(0, run.status());
    assertEquals(1, server.requests().size());
  }

  @Test
  void nothingIsCreatedWhileOneIsRefused() throws IOException {
    server.on(CHECK, 200, MIXED);
    StubServer.Run run = server.run("import", file("{}"));
    assertEquals(1, run.status());
    assertTrue(run.err().contains("nothing was created: 2 of them would be refused"), run.err());
    assertTrue(run.out().contains("  refused  /gpus: none here"), run.out());
    assertTrue(run.out().contains("/p    refused  a pod"), run.out());
    assertEquals(1, server.requests().size());
    assertEquals(1, server.run("import", file("{}"), "--dry-run").status());
    StubServer.Run others = server.run("import", file("{}"), "--skip-refused");
    assertEquals("Created deployment D\n", others.err());
    assertEquals(1, others.status(), "something is still missing");
  }

  @Test
  void aLiveMarathonIsReadWithTheCredentialsOfItsAddress() throws IOException {
    server.on(CHECK, 200, GOOD);
    try (StubServer marathon = new StubServer()) {
      marathon.on(
          "GET /v2/groups?embed=group.groups&embed=group.apps&embed=group.pods", 200, "{\"a\":1}");
      String address = marathon.url().replace("://", "://me:secret@");
      assertEquals(0, server.run("import", address, "--dry-run").status());
      assertTrue(
          marathon.requests().get(0).endsWith(" as Basic bWU6c2VjcmV0"),
          marathon.requests().toString());
      assertEquals(CHECK + " {\"a\":1}", server.requests().get(0));
      StubServer.Run missing = server.run("import", marathon.url() + "/v2/apps");
      assertEquals("Error: " + marathon.url() + "/v2/apps answers 404\n", missing.err());
      assertFalse(server.requests().size() > 1);
    }
  }

  @Test
  void anAddressOfAServerMeansItsWholeTree() {
    Map<String, String> expected =
        Map.of(
            "http://u:p@h:8080", "http://h:8080/v2/groups?embed=",
            "https://h/service/marathon/", "https://h/service/marathon/v2/groups?embed=",
            "http://h/v2", "http://h/v2/groups?embed=",
            "http://h/v2/apps", "http://h/v2/apps",
            "http://h/x.json?a=b", "http://h/x.json?a=b");
    expected.forEach(
        (given, start) -> {
          String read = LiveMarathon.resource(URI.create(given)).toString();
          assertTrue(read.startsWith(start), read);
        });
  }

  private String file(String text) throws IOException {
    return Files.writeString(dir.resolve("source.json"), text).toString();
  }
}
