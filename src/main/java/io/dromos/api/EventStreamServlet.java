package io.dromos.api;

import io.dromos.cluster.ChangeFeed;
import io.dromos.store.Stores;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v2/events}: Marathon's event stream (marathon-api reference, 6). Beyond Marathon, stored
 * events carry an {@code id:} and a client that comes back with {@code Last-Event-ID} gets what it
 * missed. Every node serves it; the events are in the database.
 */
@WebServlet(name = "events", urlPatterns = "/v2/events", asyncSupported = true, loadOnStartup = 5)
public class EventStreamServlet extends JsonServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient Stores stores;
  @Inject private transient ChangeFeed feed;
  @Inject private transient Clock clock;

  @Resource private transient ManagedThreadFactory threads;

  private transient @Nullable EventStream stream;

  @Override
  public void init() {
    stream = new EventStream(stores.events(), stores.transactions(), clock, threads).start(feed);
  }

  @Override
  public void destroy() {
    EventStream running = stream;
    if (running != null) {
      running.close();
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    EventStream running = stream;
    String accept = request.getHeader("Accept");
    if (accept == null || !accept.toLowerCase(Locale.ROOT).contains("text/event-stream")) {
      ServletJson.message(response, 405, "Ask for the stream with 'Accept: text/event-stream'");
      return;
    }
    if (running == null) {
      ServletJson.message(response, 503, "The event stream is not running");
      return;
    }
    response.setStatus(200);
    response.setContentType("text/event-stream;charset=utf-8");
    response.setHeader("Connection", "close");
    // Proxies in front must pass events on as they come.
    response.setHeader("X-Accel-Buffering", "no");
    String[] types = request.getParameterValues("event_type");
    AsyncSink sink = AsyncSink.open(request, running::signal, running::signal);
    running.attach(
        new EventStream.Client(
            sink,
            types == null ? Set.of() : new HashSet<>(Arrays.asList(types)),
            lastEventId(request.getHeader("Last-Event-ID")),
            request.getRemoteAddr()));
  }

  @Override
  protected void doOptions(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("Allow", "GET, HEAD, OPTIONS");
  }

  @Override
  protected void doHead(HttpServletRequest request, HttpServletResponse response) {
    response.setContentType("text/event-stream;charset=utf-8");
  }

  /** Anything but a number of ours means a fresh start. */
  static @Nullable Long lastEventId(@Nullable String header) {
    if (header == null || !header.strip().matches("\\d{1,18}")) {
      return null;
    }
    return Long.valueOf(header.strip());
  }
}
