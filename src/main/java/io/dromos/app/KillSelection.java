package io.dromos.app;

/** Which instance goes first when an app is scaled down. */
public enum KillSelection {
  YOUNGEST_FIRST,
  OLDEST_FIRST
}
