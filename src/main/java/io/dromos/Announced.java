package io.dromos;

import io.dromos.cluster.Topic;
import java.util.Set;

/** CDI event: a transaction announced these topics; observed after it has committed. */
record Announced(Set<Topic> topics) {
  Announced {
    topics = Set.copyOf(topics);
  }
}
