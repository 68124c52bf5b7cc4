package io.dromos.control;

/**
 * Who asked, for the audit events.
 *
 * @param clientIp address of the client
 * @param uri request path
 * @param force override running deployments
 * @param postEvent send {@code api_post_event} (single-app calls do, bulk and delete do not)
 */
public record CommandContext(String clientIp, String uri, boolean force, boolean postEvent) {
  /** The same request, overriding what is in its way. */
  CommandContext forced() {
    return new CommandContext(clientIp, uri, true, postEvent);
  }

  /** For people: {@code 10.0.0.9 (/v2/apps/sise)}. */
  String asker() {
    return clientIp + " (" + uri + ")";
  }
}
