package io.dromos;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;

/**
 * Hands what a committed transaction announced to the loops of this node; never a rolled back one.
 */
@ApplicationScoped
class CommitSignals {
  @Inject private Running running;

  void committed(@Observes(during = TransactionPhase.AFTER_SUCCESS) Announced announced) {
    running.ifStarted().ifPresent(node -> node.committed(announced.topics()));
  }
}
