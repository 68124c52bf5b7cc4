package io.dromos.it.e2e.balancer;

import io.dromos.it.e2e.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** All checks on one node of their own, whose apps are started once. */
class MarathonLbConformanceE2eIT {
  @TempDir static Path dir;
  private static @Nullable Balancer balancer;

  static Balancer balancer() {
    Balancer known = balancer;
    if (known == null) {
      throw new IllegalStateException("the node is not up");
    }
    return known;
  }

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Node node = Node.start(dir.resolve("data"), Map.of());
    Balancer started = new Balancer(node);
    balancer = started;
    started.listenForHeartbeats();
    new World(node).start(started);
  }

  @AfterAll
  static void stop() throws IOException {
    Balancer known = balancer;
    if (known != null) {
      known.node().close();
    }
  }

  @Nested
  class Api implements ApiChecks {}

  @Nested
  class Exposure implements ExposureChecks {}

  @Nested
  class Vhosts implements VhostChecks {}

  @Nested
  class Proxying implements ProxyChecks {}

  @Nested
  class Operations implements OperationChecks {}
}
