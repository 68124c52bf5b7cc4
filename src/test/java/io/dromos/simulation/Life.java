package io.dromos.simulation;

/**
 * One process of a node, or a machine: when it is over, nothing it had planned happens any more.
 */
final class Life {
  /** The process is killed at this point of its code. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
    private final transient Life life;

    Crash(Life life) {
      super("crash of " + life.name, null, false, false);
      this.life = life;
    }

    Life life() {
      return life;
    }
  }

  private final String name;
  private final Runnable onEnd;
  private boolean over;

  Life(String name, Runnable onEnd) {
    this.name = name;
    this.onEnd = onEnd;
  }

  String name() {
    return name;
  }

  boolean isOver() {
    return over;
  }

  void end() {
    if (!over) {
      over = true;
      onEnd.run();
    }
  }
}
