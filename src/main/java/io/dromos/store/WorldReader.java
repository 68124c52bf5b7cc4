package io.dromos.store;

import io.dromos.deployment.World;

/** Reads a consistent world in one transaction. */
public interface WorldReader {
  World load();
}
