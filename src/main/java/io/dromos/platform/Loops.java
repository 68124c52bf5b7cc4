package io.dromos.platform;

import java.time.Duration;

/**
 * Where the loops and timers of a node run: on threads in a server, on one simulated schedule in
 * the simulation test. Parts that act by themselves get one, and make no thread of their own.
 */
public interface Loops {
  /** A level-triggered loop; see {@link SignalLoop}, which is one on a thread. */
  interface Loop extends AutoCloseable {
    Loop start();

    /** Asks for a turn, soon. Signals coalesce. */
    void signal();

    /** No turn begins afterwards. */
    @Override
    void close();
  }

  /** Timers of one owner. */
  interface Timers extends AutoCloseable {
    /** Runs {@code work}, which must not block, once. */
    void after(Duration delay, Runnable work);

    /** As {@link #after}, for work that may block: it holds up no other timer. */
    void workAfter(Duration delay, Runnable work);

    /** Runs {@code work}, which must not block, again and again, with a pause in between. */
    void every(Duration first, Duration pause, Runnable work);

    /** What is still waiting is dropped; what comes afterwards is, too. */
    @Override
    void close();
  }

  /**
   * A loop, not started yet.
   *
   * @param retryMillis pause after a turn that threw
   */
  Loop loop(String name, SignalLoop.Turn turn, long retryMillis);

  Timers timers();
}
