package io.dromos.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What a running Marathon has: read once, changed never. */
final class LiveMarathon {
  /** Everything in one answer, without pods' state and tasks. */
  private static final String TREE =
      "/v2/groups?embed=group.groups&embed=group.apps&embed=group.pods";

  private LiveMarathon() {}

  /** True for an address, false for a file. */
  static boolean isAddress(String source) {
    return source.startsWith("http://") || source.startsWith("https://");
  }

  /**
   * The JSON behind an address. An address of a Marathon ({@code http://host:8080}, {@code
   * https://dcos/service/marathon}) is asked for its whole tree; one that names a resource or a
   * file is read as it is.
   *
   * @param credentials {@code user:password}; null for those in the address, if any
   */
  static String read(String source, @Nullable String credentials) throws CommandFailedException {
    URI address;
    try {
      address = URI.create(source);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("'" + source + "' is not an address");
    }
    String user = credentials != null ? credentials : address.getUserInfo();
    URI wanted = resource(address);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(wanted)
            .header("Accept", "application/json")
            .timeout(Duration.ofSeconds(60));
    if (user != null) {
      String encoded = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
      request.header("Authorization", "Basic " + encoded);
    }
    HttpResponse<String> answer = send(request.build(), wanted);
    if (answer.statusCode() == 401) {
      throw new CommandFailedException(
          wanted + " asks for a user and password: give --source-credentials=user:password");
    } else if (answer.statusCode() != 200) {
      throw new CommandFailedException(wanted + " answers " + answer.statusCode());
    }
    return answer.body();
  }

  /** Without user and password, and with the tree's path where none is given. */
  static URI resource(URI address) {
    String path = address.getRawPath() == null ? "" : address.getRawPath().replaceAll("/+$", "");
    boolean server =
        address.getRawQuery() == null
            && (path.isEmpty() || path.endsWith("/marathon") || path.endsWith("/v2"));
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    return URI.create(
        address.getScheme()
            + "://"
            + address.getHost()
            + port
            + (server ? path.replaceAll("/v2$", "") + TREE : address.getRawPath() + query));
  }

  private static HttpResponse<String> send(HttpRequest request, URI wanted)
      throws CommandFailedException {
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(Duration.ofSeconds(10))
          .build()
          .send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      String words = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new CommandFailedException("cannot read " + wanted + ": " + words);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted");
    }
  }
}
