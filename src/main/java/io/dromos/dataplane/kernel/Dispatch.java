package io.dromos.dataplane.kernel;

import java.io.IOException;

/**
 * A mechanism of the kernel that gives each new connection to a service to one of its endpoints.
 * There is one, {@link NftDispatch}; a hook at {@code connect(2)} would be another: it learns
 * services and endpoints by the same call, answers the same promises, and needs no routes.
 *
 * <p>Promises: a change is seen whole or not at all; connections that are established stay where
 * they are; a connection to an address of the pool that no endpoint serves is refused, never
 * dropped and never given to a process that happens to listen on that port; the cost of a
 * connection does not grow with the number of services. What was made stays when this process dies,
 * and the next one takes it over.
 */
interface Dispatch {
  /**
   * Makes the kernel dispatch as {@code wanted} says. Called by one thread at a time.
   *
   * @param readBack compare with what is in the kernel and not with what was put there
   * @throws TakenException when another process has taken the kernel's state over
   * @throws IOException when the change could not be made; what was there before still dispatches
   */
  void converge(Services wanted, boolean readBack) throws IOException;

  /** Removes what this process made, if it is still its own; idempotent. */
  void remove() throws IOException;

  /** Another process owns what is in the kernel. The message names it and the way out. */
  final class TakenException extends IOException {
    private static final long serialVersionUID = 1L;

    TakenException(String message) {
      super(message);
    }
  }
}
