package io.dromos.runtime.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where one artifact comes from: {@code http}, {@code https}, {@code file} or an absolute path.
 *
 * @param shown the address without a password in it, for messages
 */
record ArtifactSource(URI uri, String shown) {
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final long WHOLE_SECONDS = 600;

  /**
   * What a server said about the state of a file; both null when nothing.
   *
   * @param etag entity tag; for a file of the machine its size and time
   */
  record Validators(@Nullable String etag, @Nullable String lastModified) {
    static final Validators NONE = new Validators(null, null);

    boolean exist() {
      return etag != null || lastModified != null;
    }
  }

  /** An open download; {@code content} is null when the file is what the validators say. */
  record Answer(
      @Nullable InputStream content, Validators validators, CompletableFuture<Void> deadline)
      implements AutoCloseable {
    Answer(@Nullable InputStream content, Validators validators) {
      this(content, validators, new CompletableFuture<>());
    }

    @Override
    public void close() throws IOException {
      deadline.complete(null);
      if (content != null) {
        content.close();
      }
    }
  }

  static ArtifactSource of(String text) throws ArtifactException {
    try {
      URI uri = text.startsWith("/") ? Path.of(text).toUri() : URI.create(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean web = List.of("http", "https").contains(scheme) && uri.getHost() != null;
      if (uri.getPath() != null && (web || scheme.equals("file"))) {
        String user = uri.getRawUserInfo();
        return new ArtifactSource(uri, user == null ? text : text.replace(user + "@", ""));
      }
    } catch (IllegalArgumentException e) {
      // Told below, with everything else that cannot be fetched.
    }
    throw new ArtifactException(text + " is not an http, https or file URI, nor an absolute path");
  }

  /** The last segment of the path; empty when it ends in none. */
  String fileName() {
    String path = uri.getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.equals(".") || name.equals("..") ? "" : name;
  }

  /** Opens the download, unless the file is still as {@code known} says. */
  Answer open(Validators known) throws IOException, InterruptedException, ArtifactException {
    if (uri.getScheme().equalsIgnoreCase("file")) {
      return openFile(Path.of(uri.getPath()), known);
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(withoutUser()).timeout(ANSWER);
    if (uri.getUserInfo() != null) {
      byte[] login = uri.getUserInfo().getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
    }
    if (known.etag() != null) {
      request.header("If-None-Match", known.etag());
    } else if (known.lastModified() != null) {
      request.header("If-Modified-Since", known.lastModified());
    }
    HttpResponse<InputStream> response =
        client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    InputStream body = response.body();
    if (response.statusCode() == 304 && known.exist()) {
      body.close();
      return new Answer(null, known);
    }
    if (response.statusCode() != 200) {
      body.close();
      throw new ArtifactException(shown + " answers " + response.statusCode() + ", not 200");
    }
    // The request's timeout ends with the head of the answer; a body that stalls is cut here.
    CompletableFuture<Void> deadline =
        new CompletableFuture<Void>().orTimeout(WHOLE_SECONDS, TimeUnit.SECONDS);
    var unused =
        deadline.whenComplete(
            (done, late) -> {
              if (late != null) {
                cut(body);
              }
            });
    return new Answer(
        body,
        new Validators(
            response.headers().firstValue("ETag").orElse(null),
            response.headers().firstValue("Last-Modified").orElse(null)),
        deadline);
  }

  private static Answer openFile(Path file, Validators known) throws IOException {
    Validators now =
        new Validators(Files.size(file) + "-" + Files.getLastModifiedTime(file).toMillis(), null);
    return now.equals(known)
        ? new Answer(null, known)
        : new Answer(Files.newInputStream(file), now);
  }

  // One a download: a client keeps a thread for as long as anybody holds it.
  private static HttpClient client() {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NORMAL)
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  private URI withoutUser() {
    String user = uri.getRawUserInfo();
    return user == null ? uri : URI.create(uri.toString().replace(user + "@", ""));
  }

  private static void cut(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // It ended by itself.
    }
  }
}
