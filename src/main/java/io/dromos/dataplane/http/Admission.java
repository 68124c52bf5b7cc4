package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Meter;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * From a decision about a request to its exchange, or to an answer of our own: what every front
 * does the same way. Confined to the event loop of its pool.
 */
final class Admission {
  /** Judges a request, once. */
  @FunctionalInterface
  interface Router {
    RouteDecision route(RequestHead head, HeaderRewrite.Origin origin);
  }

  private final ProxyCore core;
  private final BackendPool pool;
  private final @Nullable Meter listener;
  private final Downstream front;
  private final Deadline deadline;

  /** {@code listener} is null where the container listens. */
  Admission(
      ProxyCore core,
      BackendPool pool,
      @Nullable Meter listener,
      Downstream front,
      Deadline deadline) {
    this.core = core;
    this.pool = pool;
    this.listener = listener;
    this.front = front;
    this.deadline = deadline;
  }

  /**
   * Follows a decision: gives an exchange, which is then started, or has {@code front} answer.
   *
   * @param passExpect the backend is asked for "100-continue" where the client asks
   * @param present whether the client still waits, after a password was checked
   */
  void follow(
      RouteDecision decision,
      RequestHead head,
      HeaderRewrite.Origin origin,
      boolean passExpect,
      BooleanSupplier present,
      Consumer<Exchange> given) {
    if (decision instanceof RouteDecision.Found found) {
      forward(found.frontend(), head, origin, passExpect, given);
    } else if (decision instanceof RouteDecision.Answered answered) {
      answer(answered.answer(), answered.frontend().meter());
    } else if (decision instanceof RouteDecision.Guarded guarded) {
      core.credentials()
          .check(
              head.headers().first("Authorization"),
              guarded.auth(),
              pool.loop(),
              verdict -> {
                if (present.getAsBoolean()) {
                  judged(verdict, guarded, head, origin, passExpect, given);
                }
              });
    } else {
      String sentence =
          decision instanceof RouteDecision.Nowhere nowhere
              ? nowhere.sentence()
              : "no app is published here";
      answer(OwnAnswer.of(ProxyOutcome.NO_ROUTE, sentence), core.counters().nowhere());
    }
  }

  private void judged(
      Credentials.Verdict verdict,
      RouteDecision.Guarded guarded,
      RequestHead head,
      HeaderRewrite.Origin origin,
      boolean passExpect,
      Consumer<Exchange> given) {
    Frontend frontend = guarded.frontend();
    switch (verdict) {
      case GRANTED -> {
        RouteDecision entered = HttpRoutes.enter(frontend, head, origin);
        follow(entered, head, origin, passExpect, () -> true, given);
      }
      case DENIED -> answer(OwnAnswer.unauthorized(guarded.auth().realm()), frontend.meter());
      case BUSY ->
          answer(
              OwnAnswer.of(ProxyOutcome.OVERLOADED, "too many passwords are being checked"),
              frontend.meter());
    }
  }

  private void forward(
      Frontend frontend,
      RequestHead head,
      HeaderRewrite.Origin origin,
      boolean passExpect,
      Consumer<Exchange> given) {
    Choice choice = frontend.rules().choice(head, origin);
    RequestHead changed = frontend.rules().toBackend(head);
    Headers headers = HeaderRewrite.toBackend(changed, origin, passExpect);
    Exchange exchange =
        new Exchange(core, pool, changed, headers, frontend, choice, front, deadline, listener);
    given.accept(exchange);
    exchange.start();
  }

  private void answer(OwnAnswer answer, Meter route) {
    new Tally(pool.writer(), listener, route, true).end(answer.outcome());
    front.answer(answer);
  }
}
