package io.dromos.routing;

/**
 * Who may enter a virtual host: HTTP Basic with one user (marathon-lb reference, 9.6).
 *
 * @param realm what the client is shown
 * @param hash of the password, in crypt(3) form
 */
public record BasicAuth(String realm, String user, String hash) {
  /** Without the hash, since it ends up in messages. */
  @Override
  public String toString() {
    return "user " + user + " of realm " + realm;
  }
}
