package io.dromos.app;

import java.util.OptionalInt;

/**
 * The label by which an app gives its deployments a deadline. Marathon knows none; there a
 * deployment that cannot end runs for ever.
 */
public final class DeadlineLabel {
  /** Whole seconds a deployment may take; 0 means that it may take for ever. */
  public static final String KEY = "DROMOS_DEPLOYMENT_DEADLINE_SECONDS";

  /** A week: whatever takes longer is not waited for by anybody. */
  public static final int MAXIMUM = 604_800;

  private DeadlineLabel() {}

  /** What the app says; empty when it says nothing, or nothing that can be read. */
  public static OptionalInt of(AppSpec app) {
    String text = app.labels().get(KEY);
    return text == null || !isValid(text)
        ? OptionalInt.empty()
        : OptionalInt.of(Integer.parseInt(text));
  }

  /** A whole number from 0 to {@link #MAXIMUM}, without a sign. */
  static boolean isValid(String text) {
    return text.matches("[0-9]{1,6}") && Integer.parseInt(text) <= MAXIMUM;
  }
}
