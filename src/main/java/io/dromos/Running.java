package io.dromos;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The node once it has started. A bean of its own beside {@link Lifecycle}, because the server asks
 * health checks while that is still starting, and calling it then is an error.
 */
@ApplicationScoped
class Running {
  private volatile @Nullable NodeGraph node;

  void set(@Nullable NodeGraph started) {
    node = started;
  }

  Optional<NodeGraph> ifStarted() {
    return Optional.ofNullable(node);
  }

  /**
   * @throws IllegalStateException before the start and after the stop
   */
  NodeGraph node() {
    return ifStarted().orElseThrow(() -> new IllegalStateException("Dromos has not started"));
  }
}
