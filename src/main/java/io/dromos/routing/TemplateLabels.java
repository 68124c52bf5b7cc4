package io.dromos.routing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The uses of raw template labels that marathon-lb's documentation shows, understood without an
 * HAProxy (marathon-lb reference, 8.4). Whatever is not one of them is reported and has no effect.
 */
final class TemplateLabels {
  /** Name of the cookie marathon-lb sets. */
  private static final String COOKIE = "mesosphere_server_id";

  private static final Pattern ACL =
      Pattern.compile("acl (\\S+) (hdr|hdr_end|hdr_beg|hdr_reg)\\(host\\)((?: -i)?) (.+)");
  private static final Pattern USE = Pattern.compile("use_backend \\{backend\\} if (\\S+)");
  private static final Pattern STICKY =
      Pattern.compile("cookie ([!#$%&'*+.^_`|~0-9A-Za-z-]+)( (?:insert|indirect|nocache))*");
  private static final Pattern TIMEOUT =
      Pattern.compile("timeout (server|client|tunnel) ([0-9]{1,7})(us|ms|s|m|h|d)?");
  private static final Set<String> HEAD_LINES =
      Set.of("backend {backend}", "balance {balance}", "mode {mode}");
  private static final String SERVER_LINE = "server {serverName} {host_ipv4}:{port}";

  private final LabelReader reader;
  private final List<String> named;
  private final List<String> hosts;
  private final boolean hidesServicePort;
  private final String stickyCookie;
  private final int sendProxy;
  private final @Nullable Integer serverTimeoutSeconds;

  /** {@code narrowed}: the port has a path or a user, for which other templates are used. */
  TemplateLabels(LabelReader reader, List<String> named, boolean narrowed) {
    this.reader = reader;
    this.named = named;
    this.hidesServicePort = hides();
    this.hosts = narrowed ? plainHosts() : aclHosts();
    this.stickyCookie = cookie();
    this.sendProxy = serverOptions();
    this.serverTimeoutSeconds = head();
  }

  private void notUnderstood(EdgeLabel label, String what) {
    reader.unsupported(label, "only " + what + " is understood here; the rest has no effect");
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.replace("\\n", "\n").split("\n")) {
      String bare = line.strip().replaceAll("\\s+", " ");
      if (!bare.isEmpty() && !bare.startsWith("#")) {
        lines.add(bare);
      }
    }
    return lines;
  }

  private boolean hides() {
    String head = reader.text(EdgeLabel.FRONTEND_HEAD);
    String glue = reader.text(EdgeLabel.FRONTEND_BACKEND_GLUE);
    if (head != null && glue != null && head.isBlank() && glue.isBlank()) {
      return true;
    }
    String what =
        "an empty FRONTEND_HEAD with an empty FRONTEND_BACKEND_GLUE, for no service port,";
    if (head != null) {
      notUnderstood(EdgeLabel.FRONTEND_HEAD, what);
    }
    if (glue != null) {
      notUnderstood(EdgeLabel.FRONTEND_BACKEND_GLUE, what);
    }
    return false;
  }

  private List<String> plainHosts() {
    if (reader.text(EdgeLabel.HTTP_FRONTEND_ACL) != null) {
      reader.unsupported(EdgeLabel.HTTP_FRONTEND_ACL, "with a PATH or AUTH label it has no effect");
    }
    return named;
  }

  /** {@code acl NAME hdr_end(host) -i .example.com}, {@code use_backend {backend} if NAME}. */
  private List<String> aclHosts() {
    String text = reader.text(EdgeLabel.HTTP_FRONTEND_ACL);
    if (text == null || named.isEmpty()) {
      return named;
    }
    Set<String> found = new LinkedHashSet<>();
    String name = null;
    boolean used = false;
    for (String line : lines(text)) {
      Matcher acl = ACL.matcher(line);
      Matcher use = USE.matcher(line);
      if (acl.matches() && (name == null || name.equals(acl.group(1)))) {
        name = acl.group(1);
        for (String pattern : acl.group(4).split(" ")) {
          if (!addHosts(acl.group(2), pattern, found)) {
            return named;
          }
        }
      } else if (use.matches() && use.group(1).equals(name)) {
        used = true;
      } else {
        notUnderstood(
            EdgeLabel.HTTP_FRONTEND_ACL,
            "an acl of hdr, hdr_end, hdr_beg or hdr_reg(host) with its use_backend {backend}");
        return named;
      }
    }
    return used ? List.copyOf(found) : named;
  }

  private boolean addHosts(String fetch, String pattern, Set<String> found) {
    List<String> expanded =
        pattern.contains("{hostname}")
            ? named.stream().map(host -> pattern.replace("{hostname}", host)).toList()
            : List.of(pattern);
    for (String each : expanded) {
      String lower = each.toLowerCase(Locale.ROOT);
      String host =
          switch (fetch) {
            case "hdr_end" -> "*" + lower;
            case "hdr_beg" -> "~^" + lower.replaceAll("([.\\\\\\[\\](){}*+?^$|])", "\\\\$1");
            case "hdr_reg" -> "~" + each.replace("{{", "{").replace("}}", "}");
            default -> lower;
          };
      if (host.startsWith("~")) {
        try {
          LinePattern.parse(host.substring(1));
        } catch (IllegalArgumentException e) {
          reader.malformed(EdgeLabel.HTTP_FRONTEND_ACL, String.valueOf(e.getMessage()));
          return false;
        }
      }
      found.add(host);
    }
    return true;
  }

  private String cookie() {
    String text = reader.text(EdgeLabel.BACKEND_STICKY_OPTIONS);
    if (text == null) {
      return COOKIE;
    }
    List<String> lines = lines(text);
    Matcher sticky = STICKY.matcher(lines.size() == 1 ? lines.get(0) : "");
    if (!sticky.matches()) {
      notUnderstood(
          EdgeLabel.BACKEND_STICKY_OPTIONS, "cookie NAME with insert, indirect and nocache");
      return COOKIE;
    }
    return sticky.group(1);
  }

  private int serverOptions() {
    String text = reader.text(EdgeLabel.BACKEND_SERVER_OPTIONS);
    if (text == null) {
      return 0;
    }
    String line = String.join(" ", lines(text));
    int version = 0;
    boolean understood = line.startsWith(SERVER_LINE);
    String rest = understood ? line.substring(SERVER_LINE.length()) : line;
    for (String word : rest.replaceAll("\\{\\w+\\}", " ").strip().split("\\s+")) {
      switch (word) {
        case "send-proxy" -> version = 1;
        case "send-proxy-v2" -> version = 2;
        case "", "check" -> {}
        default -> understood = false;
      }
    }
    if (version > 0) {
      reader.unsupported(
          EdgeLabel.BACKEND_SERVER_OPTIONS, "the PROXY protocol is not spoken to backends");
    } else if (!understood) {
      notUnderstood(EdgeLabel.BACKEND_SERVER_OPTIONS, "the usual server line");
    }
    return version;
  }

  private @Nullable Integer head() {
    String text = reader.text(EdgeLabel.BACKEND_HEAD);
    if (text == null) {
      return null;
    }
    Integer seconds = null;
    boolean understood = true;
    for (String line : lines(text)) {
      Matcher timeout = TIMEOUT.matcher(line);
      if (timeout.matches()) {
        if (timeout.group(1).equals("server")) {
          seconds = seconds(timeout.group(2), timeout.group(3));
        }
      } else if (!HEAD_LINES.contains(line)) {
        understood = false;
      }
    }
    if (!understood) {
      notUnderstood(EdgeLabel.BACKEND_HEAD, "the usual head with timeout server or client");
    }
    return seconds;
  }

  private static int seconds(String number, @Nullable String unit) {
    long count = Long.parseLong(number);
    long millis =
        switch (unit == null ? "ms" : unit) {
          case "us" -> count / 1000;
          case "s" -> count * 1000;
          case "m" -> count * 60_000;
          case "h" -> count * 3_600_000;
          case "d" -> count * 86_400_000;
          default -> count;
        };
    return (int) Math.min(86_400, Math.max(1, millis / 1000));
  }

  List<String> hosts() {
    return hosts;
  }

  boolean hidesServicePort() {
    return hidesServicePort;
  }

  String stickyCookie() {
    return stickyCookie;
  }

  int sendProxy() {
    return sendProxy;
  }

  @Nullable Integer serverTimeoutSeconds() {
    return serverTimeoutSeconds;
  }
}
