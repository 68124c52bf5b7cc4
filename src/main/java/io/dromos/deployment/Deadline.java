package io.dromos.deployment;

import io.dromos.app.AppSpec;
import io.dromos.app.DeadlineLabel;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a deployment may take. Its seconds are fixed when it begins; they are not over while a
 * leader that just began has had no time to go on with it.
 */
public final class Deadline {
  /** What a new leader gets, at most, to go on with a deployment whose deadline is over. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private Deadline() {}

  /**
   * The shortest that any of the touched apps asks for.
   *
   * @param server seconds for apps that ask for none themselves; 0 for none
   * @return null when there is none
   */
  public static @Nullable Integer seconds(Collection<AppSpec> touched, int server) {
    return touched.stream()
        .map(app -> DeadlineLabel.of(app).orElse(server))
        .filter(seconds -> seconds > 0)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /** When the deployment fails unless it is done; empty when it may take for ever. */
  public static Optional<Instant> of(Deployment deployment, Instant watchingSince) {
    Integer seconds = deployment.terms().deadlineSeconds();
    if (seconds == null) {
      return Optional.empty();
    }
    Instant agreed = deployment.startedAt().plusSeconds(seconds);
    Duration whole = Duration.ofSeconds(seconds);
    Instant fair = watchingSince.plus(whole.compareTo(GRACE) < 0 ? whole : GRACE);
    return Optional.of(agreed.isAfter(fair) ? agreed : fair);
  }
}
