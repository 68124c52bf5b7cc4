package io.dromos.dataplane.http;

/** What a name, path and port lead to. */
sealed interface RouteDecision {
  /** What a client is told that gets no further. */
  default String refusal() {
    return this instanceof Nowhere nowhere ? nowhere.sentence() : "no app is published here";
  }

  /** To backends; possibly none of them accepting. */
  record Found(Frontend frontend) implements RouteDecision {}

  /** To nothing, and no one else may answer for it. */
  record Nowhere(String sentence) implements RouteDecision {}

  /** Not a name of any app: somebody else's request. */
  record NotOurs() implements RouteDecision {}
}
