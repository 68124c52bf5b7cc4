package io.dromos.dataplane.http;

import io.dromos.routing.ClientNetworks;
import io.dromos.routing.EdgePolicy;
import io.dromos.routing.LinePattern;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the labels of a port do to the requests and answers of one frontend (marathon-lb reference,
 * 10), ready to be applied. Immutable; one set of decisions for the edge and the servlet proxy.
 */
final class FrontRules {
  static final FrontRules PLAIN = new FrontRules(EdgePolicy.PLAIN, List.of());

  private static final String HSTS = "Strict-Transport-Security";

  private final EdgePolicy policy;
  private final @Nullable ClientNetworks allowed;
  private final @Nullable LinePattern prefix;
  private final @Nullable Stickiness sticky;
  private final boolean changesRequests;
  private final boolean changesAnswers;

  private FrontRules(EdgePolicy policy, List<Target> targets) {
    this.policy = policy;
    this.allowed =
        policy.allowedNetworks().isEmpty() ? null : ClientNetworks.parse(policy.allowedNetworks());
    String pattern = policy.proxyPass();
    this.prefix = pattern == null ? null : LinePattern.parse(pattern);
    String cookie = policy.stickyCookie();
    this.sticky = cookie == null ? null : new Stickiness(cookie, targets);
    this.changesRequests = prefix != null || sticky != null;
    this.changesAnswers = policy.hsts() || policy.locationPath() != null || sticky != null;
  }

  static FrontRules of(EdgePolicy policy, List<Target> targets) {
    return policy.equals(EdgePolicy.PLAIN) ? PLAIN : new FrontRules(policy, targets);
  }

  /** Whether a client at this address may come in at all. */
  boolean admits(String peer) {
    return allowed == null || allowed.contains(peer);
  }

  /** Our own answer to a request that must not, or need not, reach a backend; else null. */
  @Nullable OwnAnswer answer(RequestHead head, HeaderRewrite.Origin origin) {
    if (!admits(origin.peer())) {
      return OwnAnswer.of(ProxyOutcome.FORBIDDEN, "this client's network may not use the app");
    }
    String redirect = policy.rootRedirect();
    if (redirect != null
        && head.path().equals("/")
        && policy.hosts().contains(head.host().host())) {
      return OwnAnswer.redirect(redirect);
    }
    return null;
  }

  Choice choice(RequestHead head, HeaderRewrite.Origin origin) {
    Target bound = sticky == null ? null : sticky.bound(head.headers());
    return Choice.of(policy.balance(), origin.peer(), head, bound);
  }

  Choice choice(String peer) {
    return Choice.of(policy.balance(), peer);
  }

  /** How long an answer may take to begin, and to go on. */
  Duration limit(Duration usual) {
    Integer seconds = policy.serverTimeoutSeconds();
    return seconds == null ? usual : Duration.ofSeconds(seconds);
  }

  /** The request as the backend gets it, but for the lines of {@link HeaderRewrite}. */
  RequestHead toBackend(RequestHead head) {
    if (!changesRequests) {
      return head;
    }
    Headers headers = sticky == null ? head.headers() : sticky.without(head.headers());
    return new RequestHead(
        head.method(),
        prefix == null ? head.target() : cut(prefix, head),
        prefix == null ? head.authority() : hostOf(head),
        head.host(),
        head.minor(),
        headers,
        head.framing());
  }

  /** {@code /app/x?q} as {@code /x?q}. */
  private static String cut(LinePattern prefix, RequestHead head) {
    String path = head.path();
    int end = prefix.longestPrefix(path);
    if (end <= 0) {
      return head.target();
    }
    int rest = end < path.length() && path.charAt(end) == '/' ? end + 1 : end;
    return "/" + head.target().substring(rest);
  }

  /** The one name of the label; of several the one that was asked for. */
  private String hostOf(RequestHead head) {
    List<String> hosts = policy.hosts();
    String asked = head.host().host();
    String host = hosts.isEmpty() || hosts.contains(asked) ? asked : hosts.get(0);
    boolean kept = hosts.isEmpty() || host.startsWith("*") || host.startsWith("~");
    return kept ? head.authority() : host;
  }

  /** The answer as the client gets it, but for the lines of {@link HeaderRewrite}. */
  ResponseHead toClient(ResponseHead answer, RequestHead request, Choice choice, Target served) {
    if (!changesAnswers) {
      return answer;
    }
    Headers in = answer.headers();
    Headers out = new Headers();
    for (int i = 0; i < in.size(); i++) {
      boolean location = in.name(i).equalsIgnoreCase("Location");
      out.add(in.name(i), location ? location(in.value(i), request) : in.value(i));
    }
    if (policy.hsts() && !in.has(HSTS)) {
      out.add(HSTS, "max-age=15768000");
    }
    if (sticky != null && !served.equals(choice.bound())) {
      sticky.bind(out, served);
    }
    return new ResponseHead(
        answer.status(), answer.reason(), answer.minor(), out, answer.framing());
  }

  /** A path, or an URL of the app itself, becomes exactly what the label says. */
  private String location(String value, RequestHead request) {
    String path = policy.locationPath();
    if (path == null) {
      return value;
    }
    int scheme = value.indexOf("://");
    String before = scheme < 0 ? "" : value.substring(0, scheme).toLowerCase(Locale.ROOT);
    if (scheme < 0) {
      return value.startsWith("/") && !value.startsWith("//") ? path : value;
    }
    int start = scheme + 3;
    int end = start;
    while (end < value.length() && "/?#".indexOf(value.charAt(end)) < 0) {
      end++;
    }
    String authority = value.substring(start, end).toLowerCase(Locale.ROOT);
    int colon = authority.lastIndexOf(':');
    String host = colon < 0 ? authority : authority.substring(0, colon);
    boolean own = policy.hosts().contains(host) || host.equals(request.host().host());
    return own && (before.equals("http") || before.equals("https")) ? path : value;
  }
}
