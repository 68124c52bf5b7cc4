package io.dromos.api;

import io.dromos.cluster.Lease;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The door in front of API and console: asks {@link DoorRules}, and adds the headers that every
 * answer of ours carries. Everything is decided on {@code getRequestURI}: the other forms of the
 * path are normalised and tell less. Mapped in {@code web.xml}, behind the servlet proxy.
 */
public class DoorFilter implements Filter {
  private static final Logger LOG = System.getLogger(DoorFilter.class.getName());
  private static final String CONTENT_POLICY =
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'";
  private static final long LEADER_NANOS = TimeUnit.SECONDS.toNanos(1);

  @Inject private Settings settings;
  @Inject private NodeInfo node;
  @Inject private Lease lease;

  private @Nullable DoorRules rules;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile @Nullable String leader;
  private volatile long leaderAskedNanos = System.nanoTime() - LEADER_NANOS;

  @Override
  public void init(FilterConfig config) {
    rules =
        new DoorRules(
            ownNames(settings, node),
            settings.explicit(Setting.API_CREDENTIALS).orElse(null),
            settings.flag(Setting.API_INSECURE));
  }

  @Override
  public void doFilter(ServletRequest req, ServletResponse res, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) req;
    HttpServletResponse response = (HttpServletResponse) res;
    DoorRules door = rules;
    if (door == null) {
      ServletJson.message(response, 503, "Not started yet");
      return;
    }
    String uri = request.getRequestURI();
    harden(response, uri);
    DoorRules.Refusal refusal =
        door.decide(
            new DoorRules.Request(
                request.getMethod(),
                uri,
                Collections.list(request.getHeaders("Host")),
                request.getHeader("Origin"),
                request.getHeader("Sec-Fetch-Site"),
                request.getHeader("Authorization"),
                request.getLocalAddr()));
    if (refusal != null) {
      LOG.log(
          Level.INFO,
          "door: {0} {1} {2} from {3}",
          refusal.status(),
          request.getMethod(),
          uri,
          request.getRemoteAddr());
      if (refusal.challenge()) {
        response.setHeader("WWW-Authenticate", "Basic realm=\"Dromos\", charset=\"UTF-8\"");
      }
      ServletJson.message(response, refusal.status(), refusal.message());
      return;
    }
    nameLeader(response, uri);
    try {
      chain.doFilter(request, response);
    } catch (RuntimeException | ServletException e) {
      if (response.isCommitted()) {
        throw e;
      }
      fail(response, uri, e);
    }
  }

  /** What {@link ThrowableMapper} says for the resources, said for the servlets. */
  private static void fail(HttpServletResponse response, String uri, Exception failure)
      throws IOException {
    int depth = 0;
    for (Throwable at = failure; at != null && depth < 50; at = at.getCause()) {
      depth++;
      if (at instanceof SQLException database && ThrowableMapper.isUnavailable(database)) {
        LOG.log(
            Level.WARNING, "{0}: the database is not available: {1}", uri, database.getMessage());
        ServletJson.message(response, 503, "The database is not available at the moment");
        return;
      }
    }
    LOG.log(Level.ERROR, uri + " failed", failure);
    ServletJson.message(response, 500, "Internal error; the server's log tells more.");
  }

  private static void harden(HttpServletResponse response, String uri) {
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("X-XSS-Protection", "1; mode=block");
    response.setHeader("Referrer-Policy", "same-origin");
    response.setHeader("Content-Security-Policy", CONTENT_POLICY);
    if (isPage(uri)) {
      response.setHeader("Cache-Control", "no-cache");
    } else {
      response.setHeader("Cache-Control", "no-cache, no-store, must-revalidate");
      response.setHeader("Pragma", "no-cache");
      response.setHeader("Expires", "0");
    }
  }

  /** Files of the console, which browsers may keep and ask again for. */
  private static boolean isPage(String uri) {
    return uri.equals("/") || uri.equals("/index.html") || uri.startsWith("/assets/");
  }

  private void nameLeader(HttpServletResponse response, String uri) {
    // What must answer without the database never asks it.
    if (!isPage(uri) && !uri.equals("/ping") && !uri.startsWith("/health")) {
      refreshLeader();
    }
    String known = leader;
    if (known != null) {
      response.setHeader("X-Marathon-Leader", "http://" + known);
    }
  }

  private void refreshLeader() {
    if (System.nanoTime() - leaderAskedNanos < LEADER_NANOS || !asking.compareAndSet(false, true)) {
      return;
    }
    try {
      leader = lease.holder().map(Lease.Holder::api).orElse(null);
    } catch (RuntimeException e) {
      // The request itself will report the database; the header keeps the last known leader.
      LOG.log(Level.DEBUG, "leader unknown: {0}", String.valueOf(e));
    } finally {
      leaderAskedNanos = System.nanoTime();
      asking.set(false);
    }
  }

  static List<String> ownNames(Settings settings, NodeInfo node) {
    List<String> names =
        new ArrayList<>(List.of("127.0.0.1", "localhost", "::1", node.name(), node.address()));
    String address = settings.text(Setting.API_ADDRESS).toLowerCase(Locale.ROOT);
    names.add(node.api());
    if (address.equals("0.0.0.0") || address.equals("::") || address.equals("[::]")) {
      names.addAll(machineAddresses());
    } else {
      names.add(address);
    }
    names.addAll(settings.list(Setting.API_HOSTS));
    return names;
  }

  private static List<String> machineAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(InetAddress::getHostAddress)
          .filter(a -> !a.contains("%"))
          .toList();
    } catch (SocketException e) {
      LOG.log(Level.WARNING, "own addresses unknown, name them in dromos.api.hosts: {0}", e);
      return List.of();
    }
  }
}
