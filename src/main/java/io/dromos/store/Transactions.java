package io.dromos.store;

import java.util.function.Supplier;

/** One transaction over every store of this package. Nested calls join the outer one. */
public interface Transactions {
  /** Runs {@code work} and commits; an exception rolls everything back and is rethrown. */
  <T> T inTransaction(Supplier<T> work);

  default void run(Runnable work) {
    inTransaction(
        () -> {
          work.run();
          return true;
        });
  }
}
