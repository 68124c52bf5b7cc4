package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One proxied servlet request: the container's callbacks only wake the event loop, where reading,
 * writing and the exchange happen. A request to switch protocols is different: the container takes
 * the switch only from its own thread, which therefore waits for the backend's head.
 */
final class ServletExchange implements Downstream, ReadListener, ServletSink.Source {
  private static final int READ = 32 * 1024;

  private final ProxyClient client;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final RequestHead head;
  private final EventLoop loop;
  private final Admission admission;
  private final RouteDecision decision;
  private final ServletSink sink;
  private final ServletInputStream input;
  private final byte[] scratch;
  private final @Nullable CompletableFuture<Continuation> handshake;
  private @Nullable Exchange exchange;
  private @Nullable AsyncContext async;
  private @Nullable Headers trailers;
  private boolean readable;
  private boolean allArrived;
  private boolean bodyWanted;
  private boolean bodyBegun;
  private boolean bodyEnded;
  private boolean over;

  /** What the container's thread does once the backend's head is there. */
  private interface Continuation {
    void run() throws IOException, ServletException;
  }

  ServletExchange(
      ProxyClient client,
      HttpServletRequest request,
      HttpServletResponse response,
      RequestHead head,
      RouteDecision decision)
      throws IOException {
    this.client = client;
    this.request = request;
    this.response = response;
    this.head = head;
    this.loop = client.nextLoop();
    this.input = request.getInputStream();
    this.sink = new ServletSink(loop, response.getOutputStream(), this);
    this.scratch = head.framing().hasBody() ? new byte[READ] : new byte[0];
    this.handshake = head.upgrade() == null ? null : new CompletableFuture<>();
    this.decision = decision;
    this.admission =
        new Admission(client.core(), client.core().pool(loop), null, this, new Deadline(loop));
  }

  /** The container answers "100-continue" by itself, so the backend must not be asked for it. */
  private void begin() {
    admission.follow(
        decision,
        head,
        ServletHeads.origin(request),
        false,
        () -> !over,
        given -> exchange = given);
  }

  /** On the container's thread. */
  void run() throws IOException, ServletException {
    if (handshake == null) {
      beginAsync();
      loop.execute(this::begin);
    } else {
      loop.execute(this::begin);
      await(handshake).run();
    }
  }

  private Continuation await(CompletableFuture<Continuation> future) {
    long limit =
        client.core().limits().connect().plus(client.core().limits().firstByte()).toMillis() + 1000;
    try {
      return future.get(limit, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Answered below like a backend that stays silent.
    }
    Continuation late = () -> answer(ProxyOutcome.BACKEND_TIMEOUT.status());
    if (future.complete(late)) {
      loop.execute(() -> clientEnded(ProxyOutcome.BACKEND_TIMEOUT));
    }
    return future.getNow(late);
  }

  private void beginAsync() throws IOException {
    AsyncContext started = request.startAsync(request, response);
    started.setTimeout(0);
    started.addListener(new Ending());
    async = started;
    response.getOutputStream().setWriteListener(sink);
    if (head.framing().hasBody()) {
      input.setReadListener(this);
    }
  }

  /** On the loop, or on the container's thread where that waits for the head. */
  private void give(Continuation continuation) {
    if (handshake == null) {
      try {
        continuation.run();
      } catch (IOException | ServletException | IllegalStateException e) {
        failed(e);
      }
    } else if (!handshake.complete(
        () -> {
          beginAsync();
          continuation.run();
        })) {
      sink.discard();
    }
  }

  private void answer(int status) {
    response.setStatus(status);
  }

  @Override
  public void informational(ResponseHead interim) {
    // The container speaks for itself until the final head.
  }

  @Override
  public void head(ResponseHead answer) {
    give(() -> apply(answer));
  }

  private void apply(ResponseHead answer) {
    response.setStatus(answer.status());
    Headers headers = HeaderRewrite.toClient(answer);
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      String value = headers.value(i);
      if (name.equalsIgnoreCase("Content-Length")) {
        response.setContentLengthLong(Long.parseLong(value));
      } else if (name.equalsIgnoreCase("Content-Type")) {
        response.setHeader(name, value);
      } else {
        response.addHeader(name, value);
      }
    }
    if (answer.framing().is(Framing.Kind.CHUNKED) && answer.headers().has("Trailer")) {
      response.setTrailerFields(this::trailerFields);
    }
  }

  private Map<String, String> trailerFields() {
    Map<String, String> fields = new HashMap<>();
    if (trailers != null) {
      trailers.forEach(fields::put);
    }
    return fields;
  }

  @Override
  public void answer(OwnAnswer answer) {
    ByteBuf text = ByteBufUtil.writeUtf8(PooledByteBufAllocator.DEFAULT, answer.sentence() + "\n");
    int length = text.readableBytes();
    boolean unread = head.framing().hasBody() && !bodyEnded;
    give(
        () -> {
          response.setStatus(answer.outcome().status());
          answer.headers().forEach(response::setHeader);
          response.setContentType("text/plain;charset=UTF-8");
          response.setHeader("Cache-Control", "no-store");
          response.setContentLength(length);
          if (unread) {
            response.setHeader("Connection", "close");
          }
        });
    sink.offer(text);
    sink.end();
  }

  @Override
  public void body(ByteBuf piece) {
    sink.offer(piece);
  }

  @Override
  public void flush() {
    sink.flush();
  }

  @Override
  public boolean takesMore() {
    return !sink.full();
  }

  @Override
  public void end(Headers fields) {
    trailers = fields;
    sink.end();
  }

  @Override
  public void cut() {
    sink.discard();
    ConnectionCutter.cut(request);
    complete();
  }

  @Override
  public void switched(ResponseHead answer, Tunnel tunnel) {
    if (handshake == null
        || !handshake.complete(
            () -> {
              apply(answer);
              request
                  .upgrade(ServletTunnel.class)
                  .begin(loop, tunnel, client.core().limits().tunnelIdle().toNanos());
            })) {
      ServletTunnel.drop(tunnel);
    }
  }

  @Override
  public void room() {
    Exchange running = exchange;
    if (running != null) {
      running.resumeResponse();
    }
  }

  @Override
  public void written() {
    complete();
  }

  @Override
  public void failed(Throwable cause) {
    clientEnded(ProxyOutcome.CLIENT_GONE);
    sink.discard();
    complete();
  }

  private void clientEnded(ProxyOutcome outcome) {
    Exchange running = exchange;
    over = true;
    if (running != null) {
      running.clientEnded(outcome);
    }
  }

  private void complete() {
    over = true;
    AsyncContext started = async;
    async = null;
    if (started != null) {
      try {
        started.complete();
      } catch (IllegalStateException e) {
        // The container ended it already, after an error it told us about.
      }
    }
  }

  @Override
  public void takeBody() {
    bodyWanted = true;
    bodyBegun = true;
    pump();
  }

  /** On the loop: hands over what is there while the backend takes it. */
  private void pump() {
    Exchange running = exchange;
    if (bodyEnded || over || running == null) {
      return;
    }
    try {
      while (bodyWanted && readable && !drained() && input.isReady()) {
        int count = input.read(scratch);
        if (count < 0) {
          allArrived = true;
          break;
        }
        ByteBuf piece = PooledByteBufAllocator.DEFAULT.buffer(count).writeBytes(scratch, 0, count);
        bodyWanted = running.requestBody(piece);
      }
      if (bodyBegun && !bodyEnded && drained()) {
        bodyEnded = true;
        running.requestEnd(requestTrailers());
      }
      running.flushRequest();
    } catch (IOException | IllegalStateException e) {
      failed(e);
    }
  }

  /**
   * Whether the body was read to its end. The container says "all data read" as soon as the last
   * byte arrived, even if it was not read yet.
   */
  private boolean drained() throws IOException {
    return input.available() == 0 && (allArrived || (readable && input.isFinished()));
  }

  private Headers requestTrailers() {
    Headers fields = new Headers();
    if (head.framing().is(Framing.Kind.CHUNKED) && request.isTrailerFieldsReady()) {
      request.getTrailerFields().forEach(fields::add);
    }
    return fields;
  }

  @Override
  public void onDataAvailable() {
    loop.execute(
        () -> {
          readable = true;
          pump();
        });
  }

  @Override
  public void onAllDataRead() {
    loop.execute(
        () -> {
          allArrived = true;
          pump();
        });
  }

  @Override
  public void onError(Throwable cause) {
    loop.execute(() -> failed(cause));
  }

  private final class Ending implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {
      Throwable cause = event.getThrowable();
      ServletExchange.this.onError(cause == null ? new IOException("async error") : cause);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
