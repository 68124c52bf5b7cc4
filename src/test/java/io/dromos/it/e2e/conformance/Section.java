package io.dromos.it.e2e.conformance;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/**
 * One section of the list; it starts on an empty server. The apps that check 42 makes are called
 * {@code c42…} and go when it ends, so that each check can run alone and in any order.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
interface Section {
  /** An app that sleeps: the list's {@code S} under another name. */
  static String sleeper(String id) {
    return sleeper(id, "");
  }

  /** As {@link #sleeper(String)} with further fields, which begin with a comma. */
  static String sleeper(String id, String more) {
    return """
        {"id":"%s","cmd":"exec sleep 1000","cpus":0.1,"mem":32%s}"""
        .formatted(id, more);
  }

  default Marathon marathon() {
    return MarathonConformanceE2eIT.marathon();
  }

  @BeforeAll
  default void startEmpty() {
    marathon().clear();
    prepare();
  }

  /** What all checks of the section read. */
  default void prepare() {}

  @AfterEach
  default void removeOwnApps(TestInfo test) {
    Check check = test.getTestMethod().orElseThrow().getAnnotation(Check.class);
    if (check != null) {
      marathon().clear(check.value());
    }
  }
}
