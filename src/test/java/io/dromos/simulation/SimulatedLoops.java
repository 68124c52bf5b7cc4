package io.dromos.simulation;

import io.dromos.platform.Loops;
import io.dromos.platform.SignalLoop;
import io.dromos.simulation.Gates.StoreFailure;
import java.time.Duration;
import java.util.function.ToLongFunction;

/** The loops and timers of one process of a node, as entries of the schedule. */
final class SimulatedLoops implements Loops {
  private final Schedule schedule;
  private final Life life;
  private final ToLongFunction<String> pace;

  /**
   * @param pace milliseconds from a signal to the turn, by the name of the loop
   */
  SimulatedLoops(Schedule schedule, Life life, ToLongFunction<String> pace) {
    this.schedule = schedule;
    this.life = life;
    this.pace = pace;
  }

  @Override
  public Loop loop(String name, SignalLoop.Turn turn, long retryMillis) {
    return new SimulatedLoop(name, turn, retryMillis);
  }

  @Override
  public Timers timers() {
    return new SimulatedTimers();
  }

  private final class SimulatedLoop implements Loop {
    private final String name;
    private final String where;
    private final SignalLoop.Turn turn;
    private final long retryMillis;
    private boolean started;
    private boolean closed;
    private boolean signalled;
    private boolean planned;
    private boolean running;

    SimulatedLoop(String name, SignalLoop.Turn turn, long retryMillis) {
      this.name = name;
      this.where = life.name() + " " + name;
      this.turn = turn;
      this.retryMillis = retryMillis;
    }

    @Override
    public Loop start() {
      started = true;
      plan(pace.applyAsLong(name));
      return this;
    }

    @Override
    public void signal() {
      signalled = true;
      plan(pace.applyAsLong(name));
    }

    @Override
    public void close() {
      closed = true;
    }

    private void plan(long delay) {
      if (started && signalled && !planned && !running && !closed) {
        planned = true;
        schedule.after(life, where, delay, this::take);
      }
    }

    private void take() {
      planned = false;
      if (closed) {
        return;
      }
      signalled = false;
      running = true;
      long pause = pace.applyAsLong(name);
      try {
        turn.run();
      } catch (StoreFailure | SimulatedPlane.PlaneFailure e) {
        schedule.note(where, e.getMessage());
        signalled = true;
        pause = retryMillis;
      } catch (Exception e) {
        throw new BrokenInvariant(where + " threw " + e, e);
      } finally {
        running = false;
      }
      plan(pause);
    }
  }

  private final class SimulatedTimers implements Timers {
    private boolean closed;

    @Override
    public void after(Duration delay, Runnable work) {
      schedule.after(life, "timer", delay.toMillis(), () -> run(work));
    }

    @Override
    public void workAfter(Duration delay, Runnable work) {
      after(delay, work);
    }

    @Override
    public void every(Duration first, Duration pause, Runnable work) {
      after(
          first,
          () -> {
            work.run();
            every(pause, pause, work);
          });
    }

    private void run(Runnable work) {
      if (!closed) {
        work.run();
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
