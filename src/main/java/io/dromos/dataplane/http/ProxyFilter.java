package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Meter;
import io.dromos.routing.Resolver;
import jakarta.inject.Inject;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The servlet proxy on the API's own port: a request whose Host or absolute target is a VIP name or
 * a vhost of the current snapshot goes to a backend, everything else to the API and the console.
 * Declared in {@code web.xml}, first and with async support. Streams both ways without holding a
 * thread; only the answer to a protocol switch is waited for on the container's thread.
 *
 * <p>The container has parsed the request before: of a request with both Content-Length and
 * Transfer-Encoding it shows chunks alone, and chunks alone are what the backend gets.
 */
public class ProxyFilter implements Filter {
  @Inject private Resolver resolver;
  @Inject private ProxyClient client;

  /** For the container, which injects. */
  public ProxyFilter() {}

  /** For those who have no container. */
  @SuppressWarnings("UnnecessaryAssignment") // nobody injects there
  ProxyFilter(Resolver resolver, ProxyClient client) {
    this.resolver = resolver;
    this.client = client;
  }

  @Override
  public void doFilter(ServletRequest plain, ServletResponse answer, FilterChain chain)
      throws IOException, ServletException {
    if (plain instanceof HttpServletRequest request
        && answer instanceof HttpServletResponse response
        && request.getDispatcherType() == DispatcherType.REQUEST) {
      HttpRoutes routes = client.routes(resolver.current());
      if (isOurs(routes, request)) {
        proxy(routes, request, response);
        return;
      }
    }
    chain.doFilter(plain, answer);
  }

  private static boolean isOurs(HttpRoutes routes, HttpServletRequest request) {
    try {
      return routes.names(ServletHeads.host(request));
    } catch (MalformedMessageException e) {
      return false; // The door turns away a Host that is no name.
    }
  }

  private void proxy(HttpRoutes routes, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    RequestHead head;
    try {
      head = ServletHeads.of(request);
    } catch (MalformedMessageException e) {
      unserved(client.counters().nowhere(), ProxyOutcome.CLIENT_INVALID);
      response.setHeader("Connection", "close");
      refuse(response, OwnAnswer.of(ProxyOutcome.CLIENT_INVALID, e.sentence()), e.status());
      return;
    }
    RouteDecision decision = routes.named(head, ServletHeads.origin(request));
    if (decision instanceof RouteDecision.Nowhere nowhere) {
      unserved(client.counters().nowhere(), ProxyOutcome.NO_ROUTE);
      OwnAnswer answer = OwnAnswer.of(ProxyOutcome.NO_ROUTE, nowhere.sentence());
      refuse(response, answer, answer.outcome().status());
    } else if (decision instanceof RouteDecision.Answered answered) {
      OwnAnswer answer = answered.answer();
      unserved(answered.frontend().meter(), answer.outcome());
      refuse(response, answer, answer.outcome().status());
    } else {
      new ServletExchange(client, request, response, head, decision).run();
    }
  }

  private static void unserved(Meter route, ProxyOutcome outcome) {
    new Tally(Meter.ANY_THREAD, null, route, true).end(outcome);
  }

  private static void refuse(HttpServletResponse response, OwnAnswer answer, int status)
      throws IOException {
    byte[] text = (answer.sentence() + "\n").getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType("text/plain;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    answer.headers().forEach(response::setHeader);
    response.setContentLength(text.length);
    response.getOutputStream().write(text);
  }
}
