package io.dromos.simulation;

import java.util.Locale;

/** What the command of a simulated task does. */
enum Program {
  /** Comes up and does its work. */
  SOUND,
  /** The same, but takes seconds to come up and to get healthy. */
  SLUGGISH,
  /** Ends by itself soon after it came up. */
  CRASHES,
  /** Cannot be started at all. */
  BROKEN,
  /** Comes up and never passes a health check. */
  SICK;

  /** The command line of a version. */
  String line(int version) {
    return name().toLowerCase(Locale.ROOT) + " " + version;
  }

  static Program of(String line) {
    return valueOf(line.substring(0, line.indexOf(' ')).toUpperCase(Locale.ROOT));
  }

  /** Whether an app of it can become what it is asked to be. */
  boolean isGood() {
    return this == SOUND || this == SLUGGISH;
  }
}
