package io.dromos.dataplane.http;

import io.dromos.routing.BasicAuth;

/** What a name, path and port lead to. */
sealed interface RouteDecision {
  /** To backends; possibly none of them accepting. */
  record Found(Frontend frontend) implements RouteDecision {}

  /** To backends, for those who know the password. */
  record Guarded(BasicAuth auth, Frontend frontend) implements RouteDecision {}

  /** To an answer of our own on behalf of an app. */
  record Answered(OwnAnswer answer, Frontend frontend) implements RouteDecision {}

  /** To nothing, and no one else may answer for it. */
  record Nowhere(String sentence) implements RouteDecision {}

  /** Not a name of any app: somebody else's request. */
  record NotOurs() implements RouteDecision {}
}
