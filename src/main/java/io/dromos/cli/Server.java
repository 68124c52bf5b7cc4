package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** A Dromos server as the command line sees it: its public HTTP API, failures put into words. */
final class Server {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** One answer; {@code body} is text in UTF-8. */
  record Answer(int status, String body) {
    boolean ok() {
      return status / 100 == 2;
    }

    JsonObject object() throws CommandFailedException {
      if (Json.parse(body) instanceof JsonObject object) {
        return object;
      }
      throw new CommandFailedException("the server's answer is not a JSON object: " + cut(body));
    }

    JsonArray array() throws CommandFailedException {
      if (Json.parse(body) instanceof JsonArray array) {
        return array;
      }
      throw new CommandFailedException("the server's answer is not a JSON array: " + cut(body));
    }
  }

  private final URI base;
  private final @Nullable String authorization;
  private final HttpClient http;

  Server(URI base, @Nullable String credentials) {
    this.base = base;
    this.authorization =
        credentials == null || credentials.isBlank()
            ? null
            : "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECT);
    if ("http".equals(base.getScheme())) {
      // Plain HTTP needs no certificates, and reading the JDK's takes longer than the request.
      client.sslContext(emptyContext());
    }
    this.http = client.build();
  }

  URI base() {
    return base;
  }

  Answer get(String path) throws CommandFailedException {
    return send("GET", path, null);
  }

  /** Any method with an optional JSON body; the answer may be a refusal. */
  Answer send(String method, String path, @Nullable String json) throws CommandFailedException {
    return send(method, path, json, "application/json", "application/json");
  }

  /** As {@link #send(String, String, String)} for callers that negotiate media types. */
  Answer send(String method, String path, @Nullable String body, String type, String accept)
      throws CommandFailedException {
    HttpRequest.Builder request = request(path, accept).timeout(ANSWER);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", type)
          .method(method, HttpRequest.BodyPublishers.ofString(body));
    }
    HttpResponse<String> answer = exchange(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() == 401) {
      throw new CommandFailedException(
          base
              + " asks for a user and password: set DROMOS_CREDENTIALS=user:password (what the"
              + " server was given as dromos.api.credentials)");
    }
    return new Answer(answer.statusCode(), answer.body());
  }

  /** The answer if it is a success; else the server's own words as the failure. */
  Answer require(Answer answer) throws CommandFailedException {
    if (answer.ok()) {
      return answer;
    }
    throw new CommandFailedException(refusal(answer));
  }

  JsonObject object(String path) throws CommandFailedException {
    return require(get(path)).object();
  }

  JsonArray array(String path) throws CommandFailedException {
    return require(get(path)).array();
  }

  /** An answer that is read as it comes; the caller closes it. */
  HttpResponse<InputStream> stream(String path, String accept) throws CommandFailedException {
    return exchange(request(path, accept).build(), BodyHandlers.ofInputStream());
  }

  /** {@code prefix} and the encoded segments of an app or group id, with or without slash. */
  static String path(String prefix, String id) {
    String trimmed = id.replaceAll("^/+|/+$", "");
    return prefix
        + "/"
        + Stream.of(trimmed.split("/")).map(Server::encode).collect(Collectors.joining("/"));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** What a refusal says: Marathon's message, each detail on a line, what holds a lock. */
  static String refusal(Answer answer) {
    Object parsed;
    try {
      parsed = JsonParser.any().from(answer.body());
    } catch (JsonParserException e) {
      parsed = null;
    }
    if (!(parsed instanceof JsonObject error) || !error.isString("message")) {
      String text = cut(answer.body().strip());
      return "HTTP " + answer.status() + (text.isEmpty() ? "" : ": " + text);
    }
    StringBuilder words = new StringBuilder(error.getString("message"));
    if (error.get("details") instanceof JsonArray details) {
      for (Object item : details) {
        if (item instanceof JsonObject detail) {
          words.append("\n  ").append(detail.getString("path", "")).append(": ");
          words.append(Json.join(detail.getArray("errors", new JsonArray()), ", "));
        }
      }
    } else if (error.isString("details")) {
      words.append("\n  ").append(error.getString("details"));
    }
    for (Object item : error.getArray("deployments", new JsonArray())) {
      if (item instanceof JsonObject deployment) {
        words.append("\n  locked by deployment ").append(deployment.getString("id"));
        words.append("; see it with 'marathon deployment list', override it with --force");
      }
    }
    return words.toString();
  }

  /** One compact line of JSON. */
  static String json(Object value) {
    return JsonWriter.string(value);
  }

  private HttpRequest.Builder request(String path, String accept) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).header("Accept", accept);
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return request;
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws CommandFailedException {
    try {
      return http.send(request, handler);
    } catch (ConnectException e) {
      throw new CommandFailedException(
          "no Dromos answers at "
              + base
              + ". Start a node with 'dromos up', or say where one runs with DROMOS_URL or --url");
    } catch (HttpTimeoutException e) {
      throw new CommandFailedException(
          base + " did not answer within " + ANSWER.toSeconds() + " seconds; see the node's log");
    } catch (IOException e) {
      String words = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new CommandFailedException("the connection to " + base + " broke: " + words);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted");
    }
  }

  private static SSLContext emptyContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[0], new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  private static String cut(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "..." : text;
  }
}
