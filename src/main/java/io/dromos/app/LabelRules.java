package io.dromos.app;

import java.util.List;
import java.util.Set;

/** Rules about labels whose meaning another package knows, such as those of the public edge. */
@FunctionalInterface
public interface LabelRules {
  /** No label means anything. */
  LabelRules NONE = (app, ownHosts) -> List.of();

  /**
   * What is wrong with the labels of a definition.
   *
   * @param ownHosts names and addresses of the API, lower case, which no app may claim
   */
  List<Violation> check(AppSpec app, Set<String> ownHosts);
}
