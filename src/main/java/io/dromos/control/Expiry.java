package io.dromos.control;

import io.dromos.deployment.Deployment;

/** Ends deployments that did not keep their deadline. */
@FunctionalInterface
public interface Expiry {
  /**
   * Fails the deployment and stores the one that restores what worked last, in one transaction;
   * does nothing when it is not running any more.
   *
   * @param why a sentence for events and users
   * @param fence called inside the transaction, under the lock of the app tree; throws when the
   *     caller may not decide any more
   */
  void expire(Deployment deployment, String why, Runnable fence);
}
