package io.dromos.simulation;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the loops' log, millions of lines in a simulation, from being written while it is open. */
final class Quiet implements AutoCloseable {
  private final Logger logger = Logger.getLogger("io.dromos");
  private final Level before = logger.getLevel();

  Quiet() {
    logger.setLevel(Level.OFF);
  }

  @Override
  public void close() {
    logger.setLevel(before);
  }
}
