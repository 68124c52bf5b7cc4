package io.dromos.health;

import io.dromos.app.HealthCheck;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes one probe of each kind, over the network or by a command of the task's runtime. */
public final class Probes implements Probe {
  private final ExecutorService workers;
  private final HttpClient http;
  private final CommandProbe commands;

  public Probes(CommandProbe commands, ThreadFactory threads) {
    this.workers = Executors.newCachedThreadPool(threads);
    this.commands = commands;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(trustingAnybody())
            .executor(workers)
            .build();
  }

  @Override
  public ProbeOutcome probe(ProbeTarget target, int index) throws InterruptedException {
    HealthCheck check = target.checks().get(index);
    Duration timeout = Duration.ofSeconds(Math.max(1, check.timeoutSeconds()));
    try {
      if (check.protocol() == HealthCheck.Protocol.COMMAND) {
        return command(target, check, timeout);
      }
      Optional<Endpoint> endpoint = target.endpoints().get(index);
      if (endpoint.isEmpty()) {
        return new ProbeOutcome.Dead("the port of the check cannot be reached from the agent");
      }
      return check.protocol().isHttp()
          ? http(endpoint.get(), check, timeout)
          : tcp(endpoint.get(), timeout);
    } catch (IOException e) {
      return new ProbeOutcome.Dead(words(e));
    } catch (IllegalArgumentException e) {
      return new ProbeOutcome.Dead("not a path that can be asked for: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }

  private ProbeOutcome command(ProbeTarget target, HealthCheck check, Duration timeout)
      throws IOException, InterruptedException {
    String line = check.command() == null ? "" : check.command();
    int status = commands.run(target.id(), line, timeout);
    return status == 0
        ? new ProbeOutcome.Alive()
        : new ProbeOutcome.Dead("Command returned with exit status " + status);
  }

  private ProbeOutcome http(Endpoint endpoint, HealthCheck check, Duration timeout)
      throws IOException, InterruptedException {
    boolean tls = check.protocol().name().endsWith("HTTPS");
    String path = check.path() == null || check.path().isEmpty() ? "/" : check.path();
    URI uri =
        URI.create(
            (tls ? "https://" : "http://")
                + literal(endpoint.address())
                + ":"
                + endpoint.port()
                + (path.startsWith("/") ? path : "/" + path));
    HttpResponse<Void> response =
        http.send(
            HttpRequest.newBuilder(uri).timeout(timeout).GET().build(),
            HttpResponse.BodyHandlers.discarding());
    int status = response.statusCode();
    if (status >= 100 && status < 200 && check.ignoreHttp1xx()) {
      return new ProbeOutcome.Ignored();
    }
    return status >= 200 && status < 400
        ? new ProbeOutcome.Alive()
        : new ProbeOutcome.Dead("HTTP status " + status + " from " + path);
  }

  private static ProbeOutcome tcp(Endpoint endpoint, Duration timeout) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getByName(endpoint.address()), endpoint.port()),
          (int) timeout.toMillis());
      return new ProbeOutcome.Alive();
    }
  }

  private static String literal(String address) {
    return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
  }

  private static String words(IOException e) {
    if (e instanceof HttpTimeoutException || e instanceof java.net.SocketTimeoutException) {
      return "no answer in time";
    }
    if (e instanceof ConnectException) {
      return "connection refused";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  // A health check asks whether the task answers, not who it is; Marathon doesn't verify either.
  static SSLContext trustingAnybody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new AnybodyWillDo()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  /** The extended kind, so that host names aren't compared either. */
  private static final class AnybodyWillDo extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
