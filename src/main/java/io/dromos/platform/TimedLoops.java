package io.dromos.platform;

/** Loops whose turns are timed. */
public final class TimedLoops implements Loops {
  private final Loops loops;
  private final TurnTimes times;

  public TimedLoops(Loops loops, TurnTimes times) {
    this.loops = loops;
    this.times = times;
  }

  @Override
  public Loop loop(String name, SignalLoop.Turn turn, long retryMillis) {
    return loops.loop(
        name,
        () -> {
          long began = System.nanoTime();
          try {
            turn.run();
          } finally {
            times.add(name, System.nanoTime() - began);
          }
        },
        retryMillis);
  }

  @Override
  public Timers timers() {
    return loops.timers();
  }
}
