package io.dromos.it.e2e.conformance;

import io.dromos.it.e2e.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/**
 * All checks on one node of their own; {@code -Ddromos.conformance.url=http://host:port} runs them
 * against a server that is running already, and empties it.
 */
class MarathonConformanceE2eIT {
  @TempDir static Path dir;
  private static @Nullable Node node;
  private static @Nullable Marathon marathon;

  static Marathon marathon() {
    Marathon known = marathon;
    if (known == null) {
      throw new IllegalStateException("the server is not up");
    }
    return known;
  }

  @BeforeAll
  static void start() throws IOException {
    String running = System.getProperty("dromos.conformance.url");
    if (running == null) {
      Node own = Node.start(dir.resolve("data"), Map.of());
      node = own;
      marathon = new Marathon(own.url());
    } else {
      marathon = new Marathon(running);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    Node own = node;
    if (own != null) {
      own.close();
    }
  }

  @Nested
  class SystemAndHttp implements SystemChecks {}

  @Nested
  class Create implements CreateChecks {}

  @Nested
  class Read implements ReadChecks {}

  @Nested
  class Legacy implements LegacyChecks {}

  @Nested
  class Update implements UpdateChecks {}

  @Nested
  class Tasks implements TaskChecks {}

  @Nested
  class Groups implements GroupChecks {}

  @Nested
  class Deployments implements DeploymentChecks {}

  @Nested
  class PortsAndEvents implements PortAndEventChecks {}
}
