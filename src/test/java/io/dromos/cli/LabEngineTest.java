package io.dromos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Container or process: what the lab says and why. */
class LabEngineTest {
  @Test
  void anEngineThatPullsTheImageIsUsed() throws IOException {
    try (StubServer docker = new StubServer()) {
      docker.on("GET /version", 200, "{\"Version\":\"20.10.24\"}");
      docker.on("POST /images/create?fromImage=a%2Fb&tag=1", 200, "{\"status\":\"Pulled\"}\r\n");
      LabEngine engine = LabEngine.find(docker.url().replace("http", "tcp"), "a/b", "1");
      assertTrue(engine.usable(), engine.words());
      assertEquals(
          "Docker Engine 20.10.24 is here, and a registry serves it a/b:1", engine.words());
    }
  }

  @Test
  void anEngineThatCannotPullIsNotUsedAndTheReasonIsItsOwn() throws IOException {
    try (StubServer docker = new StubServer()) {
      docker.on("GET /version", 200, "{\"Version\":\"20.10.24\"}");
      docker.on(
          "POST /images/create?fromImage=a%2Fb&tag=1",
          200,
          "{\"status\":\"Pulling\"}\r\n{\"errorDetail\":{},\"error\":\"no route to host\"}\r\n");
      LabEngine engine = LabEngine.find(docker.url().replace("http", "tcp"), "a/b", "1");
      assertFalse(engine.usable());
      assertTrue(engine.words().endsWith("cannot pull a/b:1: no route to host"), engine.words());
      docker.on("POST /images/create?fromImage=a%2Fb&tag=1", 404, "{\"message\":\"not found\"}");
      LabEngine gone = LabEngine.find(docker.url().replace("http", "tcp"), "a/b", "1");
      assertTrue(gone.words().endsWith("cannot pull a/b:1: not found"), gone.words());
    }
  }

  @Test
  void noEngineIsSaid(@TempDir Path dir) {
    LabEngine none = LabEngine.find("unix://" + dir.resolve("docker.sock"), "a/b", "1");
    assertFalse(none.usable());
    assertTrue(none.words().startsWith("there is no Docker Engine here"), none.words());
    assertFalse(LabEngine.find("what is this", "a/b", "1").usable());
  }
}
