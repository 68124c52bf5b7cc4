package io.dromos.api;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who may pass the door of the API and console: a pure decision on what a request says about
 * itself. In order: a target without tricks, a connection to this machine's loopback unless there
 * are credentials or the word for doing without, our own name in {@code Host} (which ends DNS
 * rebinding), no change on behalf of a foreign page, and the credentials if there are any.
 */
public final class DoorRules {
  /**
   * What a request says.
   *
   * @param uri raw request path
   * @param hosts every {@code Host} header
   * @param arrivedAt the address of ours that the client connected to, as a literal; null if
   *     unknown
   */
  public record Request(
      String method,
      String uri,
      Collection<String> hosts,
      @Nullable String origin,
      @Nullable String fetchSite,
      @Nullable String authorization,
      @Nullable String arrivedAt) {}

  /**
   * Why a request is turned away.
   *
   * @param challenge ask for credentials
   */
  public record Refusal(int status, String message, boolean challenge) {}

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> OPEN =
      Set.of("/ping", "/health", "/health/live", "/health/ready", "/health/started");

  private final Set<String> names;
  private final byte @Nullable [] credentials;
  private final boolean insecure;

  /**
   * @param names host names and addresses the API answers to, without ports
   * @param credentials {@code user:password}; null or empty for none
   * @param insecure somebody said that everyone may command this node
   */
  public DoorRules(Collection<String> names, @Nullable String credentials, boolean insecure) {
    this.insecure = insecure;
    this.names = new TreeSet<>();
    names.forEach(name -> this.names.add(bare(name)));
    this.names.remove("");
    this.credentials = credentials == null || credentials.isEmpty() ? null : digest(credentials);
  }

  /** Null lets the request pass. */
  public @Nullable Refusal decide(Request request) {
    if (hasDotSegments(request.uri())) {
      return new Refusal(400, "The path must not contain '.' or '..' segments", false);
    }
    if (credentials == null && !insecure && !isOpen(request) && !isLoopback(request.arrivedAt())) {
      return new Refusal(
          403,
          "This API runs commands: without a password it answers on the loopback address alone,"
              + " whatever its server listens on. Set dromos.api.credentials=user:password, or"
              + " dromos.api.insecure=true if everyone who reaches it may use it",
          false);
    }
    if (request.hosts().size() > 1) {
      return new Refusal(400, "More than one Host header", false);
    }
    String host = request.hosts().isEmpty() ? "" : request.hosts().iterator().next();
    if (!names.contains(bare(host))) {
      return new Refusal(
          421,
          "Nothing here is called '"
              + printable(host)
              + "'. This API answers to "
              + String.join(", ", names)
              + "; more names: dromos.api.hosts",
          false);
    }
    if (!READING.contains(request.method()) && isForeign(request, host)) {
      return new Refusal(403, "A page of another origin may not change anything here", false);
    }
    if (credentials != null && !isOpen(request) && !authenticated(request.authorization())) {
      return new Refusal(401, "Invalid username or password.", true);
    }
    return null;
  }

  /** An address that is unknown, or no literal, is not taken for loopback. */
  static boolean isLoopback(@Nullable String address) {
    if (address == null || !address.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.%a-zA-Z]*")) {
      return false;
    }
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Lower case, without port, brackets and the final dot. */
  static String bare(String host) {
    String name = host.strip().toLowerCase(Locale.ROOT);
    if (name.startsWith("[")) {
      int end = name.indexOf(']');
      return end < 0 ? "" : name.substring(1, end);
    }
    int colon = name.indexOf(':');
    if (colon >= 0 && colon == name.lastIndexOf(':')) {
      name = name.substring(0, colon);
    }
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** True for {@code .} and {@code ..} in any spelling, and for a path that cannot be decoded. */
  static boolean hasDotSegments(String uri) {
    String decoded;
    try {
      decoded = URLDecoder.decode(uri.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return true;
    }
    for (String segment : decoded.split("[/\\\\]", -1)) {
      int parameters = segment.indexOf(';');
      String name = parameters < 0 ? segment : segment.substring(0, parameters);
      if (name.equals(".") || name.equals("..")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isForeign(Request request, String host) {
    String site = request.fetchSite();
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      // Another port of this machine is the same site, and yet not us.
      return true;
    }
    String origin = request.origin();
    return origin != null && !sameAuthority(origin, host);
  }

  private static boolean sameAuthority(String origin, String host) {
    int scheme = origin.indexOf("://");
    if (scheme < 0) {
      return false;
    }
    String defaultPort = origin.startsWith("https:") ? ":443" : ":80";
    return withPort(origin.substring(scheme + 3), defaultPort).equals(withPort(host, defaultPort));
  }

  private static String withPort(String authority, String defaultPort) {
    String text = authority.strip().toLowerCase(Locale.ROOT);
    return text.lastIndexOf(':') > text.lastIndexOf(']') ? text : text + defaultPort;
  }

  private static boolean isOpen(Request request) {
    return READING.contains(request.method()) && OPEN.contains(request.uri());
  }

  private boolean authenticated(@Nullable String authorization) {
    byte[] expected = credentials;
    if (expected == null || authorization == null) {
      return false;
    }
    if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return false;
    }
    try {
      byte[] given = Base64.getDecoder().decode(authorization.substring(6).strip());
      // Digests have one length, so that time tells nothing about the secret's.
      return MessageDigest.isEqual(expected, digest(new String(given, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String printable(String text) {
    String clean = text.replaceAll("[^\\x21-\\x7e]", "?");
    return clean.length() > 100 ? clean.substring(0, 100) + "…" : clean;
  }
}
