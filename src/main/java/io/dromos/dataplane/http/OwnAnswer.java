package io.dromos.dataplane.http;

/**
 * An answer that a plane gives itself, without a backend.
 *
 * @param sentence for the body
 * @param headers beside those of every own answer
 */
record OwnAnswer(ProxyOutcome outcome, String sentence, Headers headers) {
  static OwnAnswer of(ProxyOutcome outcome, String sentence) {
    return new OwnAnswer(outcome, sentence, new Headers());
  }

  /** Permanently elsewhere, whatever the method. */
  static OwnAnswer redirect(String location) {
    return new OwnAnswer(
        ProxyOutcome.REDIRECTED, "moved to " + location, Headers.of("Location", location));
  }

  static OwnAnswer unauthorized(String realm) {
    String quoted = realm.replace("\\", "\\\\").replace("\"", "\\\"");
    return new OwnAnswer(
        ProxyOutcome.UNAUTHORIZED,
        "a name and a password are needed",
        Headers.of("WWW-Authenticate", "Basic realm=\"" + quoted + "\""));
  }
}
