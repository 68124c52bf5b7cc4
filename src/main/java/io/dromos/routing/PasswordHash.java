package io.dromos.routing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a crypt(3) hash looks like. Pure; whoever checks passwords computes it. */
final class PasswordHash {
  private static final Pattern SHA =
      Pattern.compile(
          "\\$([56])\\$(?:rounds=([0-9]{1,9})\\$)?[./0-9A-Za-z]{1,16}\\$([./0-9A-Za-z]+)");
  private static final Pattern MD5 =
      Pattern.compile("\\$(?:1|apr1)\\$[./0-9A-Za-z]{1,8}\\$[./0-9A-Za-z]{22}");
  private static final Pattern DES = Pattern.compile("[./0-9A-Za-z]{13}");

  /** Ten times the usual 5000; more would let one client keep a processor busy. */
  private static final int MOST_ROUNDS = 50_000;

  private PasswordHash() {}

  /** Why a hash cannot be used; null when it can. */
  static @Nullable String problem(String hash) {
    Matcher sha = SHA.matcher(hash);
    if (sha.matches()) {
      if (sha.group(2) != null && Integer.parseInt(sha.group(2)) > MOST_ROUNDS) {
        return "the hash asks for more than " + MOST_ROUNDS + " rounds";
      }
      int digits = sha.group(1).equals("5") ? 43 : 86;
      return sha.group(3).length() == digits ? null : "the hash is cut off or too long";
    }
    return MD5.matcher(hash).matches() || DES.matcher(hash).matches()
        ? null
        : "its third part is no crypt(3) hash ($6$, $5$, $1$ or $apr1$); mkpasswd -m sha-512"
            + " makes one";
  }
}
