package io.dromos.dataplane.stats;

import java.util.List;

/** A plane that can tell what went through it. Any thread may ask. */
public interface Measured {
  /** Adds what this plane knows to a scrape. */
  void measure(Measurements to);

  /** Lines in HAProxy's terms; none where HAProxy had no part. Cheap: asked every second. */
  default List<StatRow> rows() {
    return List.of();
  }
}
