package io.dromos.api;

import io.dromos.app.AppSpec;
import io.dromos.app.Violation;
import java.util.List;

/** What came of reading a definition. */
public sealed interface Normalized {
  /** Complete and canonical; its meaning is still to be validated. */
  record Complete(AppSpec spec) implements Normalized {}

  /** It cannot even be written in canonical form. */
  record Broken(List<Violation> violations) implements Normalized {
    public Broken {
      violations = List.copyOf(violations);
    }
  }
}
