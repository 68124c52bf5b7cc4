package io.dromos.health;

import io.dromos.app.ReadinessCheck;
import io.dromos.task.ReadinessResult;
import io.dromos.task.ReadinessResult.LastResponse;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One readiness check over HTTP or HTTPS, certificates unverified (Marathon 1.11: {@code
 * ReadinessCheckExecutorImpl}). No answer counts as a 504 in plain text, as there.
 */
public final class HttpReadinessProbe implements ReadinessProbe {
  private static final int NO_ANSWER = 504;

  private final ExecutorService workers;
  private final HttpClient http;

  public HttpReadinessProbe(ThreadFactory threads) {
    this.workers = Executors.newCachedThreadPool(threads);
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(Probes.trustingAnybody())
            .executor(workers)
            .build();
  }

  @Override
  public ReadinessResult probe(ReadinessTarget target, int index) throws InterruptedException {
    ReadinessCheck check = target.checks().get(index);
    LastResponse response = ask(check, target.endpoints().get(index));
    return new ReadinessResult(
        check.name(),
        check.httpStatusCodesForReady().contains(response.status()),
        check.preserveLastResponse() ? response : null);
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }

  private LastResponse ask(ReadinessCheck check, Optional<Endpoint> endpoint)
      throws InterruptedException {
    if (endpoint.isEmpty()) {
      return noAnswer(check.path(), "its port cannot be reached from the agent");
    }
    URI uri;
    try {
      uri = uri(check, endpoint.get());
    } catch (IllegalArgumentException e) {
      return noAnswer(check.path(), "not a path that can be asked for");
    }
    Duration timeout = Duration.ofSeconds(Math.max(1, check.timeoutSeconds()));
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(
            HttpRequest.newBuilder(uri).timeout(timeout).GET().build(),
            info -> new BeginningOfBody());
    try {
      // The client's own limit is over with the headers; a body may dribble for ever.
      HttpResponse<String> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new LastResponse(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse("text/plain"),
          response.body());
    } catch (TimeoutException e) {
      answer.cancel(true);
      return noAnswer(uri.toString(), "no answer in time");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String words =
          cause instanceof ConnectException
              ? "connection refused"
              : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      return noAnswer(uri.toString(), words);
    }
  }

  private static URI uri(ReadinessCheck check, Endpoint endpoint) {
    String address = endpoint.address();
    String path = check.path().isEmpty() ? "/" : check.path();
    return URI.create(
        (check.https() ? "https://" : "http://")
            + (address.indexOf(':') >= 0 ? "[" + address + "]" : address)
            + ":"
            + endpoint.port()
            + (path.startsWith("/") ? path : "/" + path));
  }

  private static LastResponse noAnswer(String what, String why) {
    return new LastResponse(NO_ANSWER, "text/plain", "Dromos could not query " + what + ": " + why);
  }
}
