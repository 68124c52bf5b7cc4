package io.dromos.dataplane.http;

/** What a name, path and port lead to. */
sealed interface RouteDecision {
  /** To backends; possibly none of them accepting. */
  record Found(Frontend frontend) implements RouteDecision {}

  /** To nothing, and no one else may answer for it. */
  record Nowhere(String sentence) implements RouteDecision {}

  /** Not a name of any app: somebody else's request. */
  record NotOurs() implements RouteDecision {}
}
