package io.dromos.runtime.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dromos.app.Artifact;
import io.dromos.runtime.AnApp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server of the test's own. */
class ArtifactsTest {
  @TempDir Path dir;
  private HttpServer server;
  private final AtomicInteger downloads = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile String content = "one";
  private volatile @Nullable String etag = "\"1\"";
  private volatile @Nullable String authorization;
  private int sandboxes;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
    ((ExecutorService) server.getExecutor()).shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      authorization = exchange.getRequestHeaders().getFirst("Authorization");
      if (exchange.getRequestURI().getPath().contains("missing")) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      String tag = etag;
      if (tag != null) {
        exchange.getResponseHeaders().add("ETag", tag);
        if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
          exchange.sendResponseHeaders(304, -1);
          return;
        }
      }
      downloads.incrementAndGet();
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Test
  void aFileIsDownloadedUnderItsNameOrWhereItIsWanted() throws Exception {
    Path plain = fetch(artifacts(1000), file("/a/b.txt", false, null));
    assertEquals("one", Files.readString(plain.resolve("b.txt")));
    Path placed = fetch(artifacts(1000), file("/a/b.txt", false, "deep/er/c"));
    assertEquals("one", Files.readString(placed.resolve("deep/er/c")));
    assertEquals(2, downloads.get());
  }

  @Test
  void anExecutableIsOneAndIsNotUnpacked() throws Exception {
    Artifact run = new Artifact(url("/run.gz"), true, true, false, null);
    Path sandbox = fetch(artifacts(1000), run);
    assertTrue(Files.isExecutable(sandbox.resolve("run.gz")));
    assertFalse(Files.exists(sandbox.resolve("run")));
  }

  @Test
  void aCachedFileIsDownloadedOnceAndAskedForEachTime() throws Exception {
    Artifacts artifacts = artifacts(1000);
    assertEquals("one", Files.readString(fetch(artifacts, cached("/x")).resolve("x")));
    assertEquals("one", Files.readString(fetch(artifacts, cached("/x")).resolve("x")));
    assertEquals(1, downloads.get());
    assertEquals(2, requests.get());
    Artifacts restarted = artifacts(1000);
    assertEquals("one", Files.readString(fetch(restarted, cached("/x")).resolve("x")));
    assertEquals(1, downloads.get());
  }

  @Test
  void aChangedFileIsDownloadedAgainAndTheOldOneGoes() throws Exception {
    Artifacts artifacts = artifacts(1000);
    fetch(artifacts, cached("/x"));
    content = "two";
    etag = "\"2\"";
    assertEquals("two", Files.readString(fetch(artifacts, cached("/x")).resolve("x")));
    assertEquals(1, contents().size());
  }

  @Test
  void withoutValidatorsNothingIsKept() throws Exception {
    etag = null;
    Artifacts artifacts = artifacts(1000);
    fetch(artifacts, cached("/x"));
    content = "two";
    assertEquals("two", Files.readString(fetch(artifacts, cached("/x")).resolve("x")));
    assertEquals(2, downloads.get());
  }

  @Test
  void whenTheServerIsAwayWhatIsCachedIsUsed() throws Exception {
    Artifacts artifacts = artifacts(1000);
    fetch(artifacts, cached("/x"));
    server.stop(0);
    assertEquals("one", Files.readString(fetch(artifacts, cached("/x")).resolve("x")));
  }

  @Test
  void aTaskThatWritesToItsCopyDoesNotHarmTheNext() throws Exception {
    Artifacts artifacts = artifacts(1000);
    Files.writeString(fetch(artifacts, cached("/x")).resolve("x"), "spoilt");
    assertEquals("one", Files.readString(fetch(artifacts, cached("/x")).resolve("x")));
  }

  @Test
  void theLeastRecentlyUsedMakesRoom() throws Exception {
    content = "0123456789";
    Artifacts artifacts = artifacts(25);
    fetch(artifacts, cached("/a"));
    fetch(artifacts, cached("/b"));
    fetch(artifacts, cached("/a"));
    fetch(artifacts, cached("/c"));
    assertEquals(2, contents().size());
    int before = downloads.get();
    fetch(artifacts, cached("/a"));
    assertEquals(before, downloads.get(), "a was used last");
    fetch(artifacts, cached("/b"));
    assertEquals(before + 1, downloads.get(), "b had to go");
    content = "x".repeat(100);
    etag = "\"large\"";
    assertEquals(100, Files.size(fetch(artifacts, cached("/large")).resolve("large")));
    assertTrue(contents().size() <= 2, "what does not fit is not kept");
  }

  @Test
  void concurrentLaunchesShareOneDownload() throws Exception {
    Artifacts artifacts = artifacts(1_000_000);
    content = "y".repeat(200_000);
    ExecutorService launches = Executors.newFixedThreadPool(8);
    try {
      List<Future<Path>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Path sandbox = sandbox();
        all.add(
            launches.submit(
                () -> {
                  artifacts.fetchAll(
                      AnApp.named("/x").cmd("true").fetch(cached("/x")).build(), sandbox);
                  return sandbox;
                }));
      }
      for (Future<Path> one : all) {
        assertEquals(content, Files.readString(one.get().resolve("x")));
      }
    } finally {
      launches.shutdownNow();
    }
    assertEquals(1, downloads.get());
  }

  @Test
  void whatACrashLeftInTheCacheIsNeverTakenForAFile() throws Exception {
    fetch(artifacts(1000), cached("/x"));
    Path kept = contents().get(0);
    Files.writeString(kept, "on");
    Files.writeString(dir.resolve("cache/download-1.part"), "half");
    Files.writeString(dir.resolve("cache/nobody.content"), "orphan");
    Artifacts restarted = artifacts(1000);
    assertEquals("one", Files.readString(fetch(restarted, cached("/x")).resolve("x")));
    assertEquals(2, downloads.get());
    assertFalse(Files.exists(dir.resolve("cache/download-1.part")));
    assertFalse(Files.exists(dir.resolve("cache/nobody.content")));
  }

  @Test
  void aFailureNamesTheAddressAndNeverThePassword() {
    Artifact secret = file("/missing", false, null);
    String login = secret.uri().replace("http://", "http://user:s3cret@");
    ArtifactException refused =
        assertThrows(
            ArtifactException.class,
            () -> fetch(artifacts(1000), new Artifact(login, true, false, false, null)));
    assertEquals(
        "Failed to fetch " + url("/missing") + ": " + url("/missing") + " answers 404, not 200",
        refused.getMessage());
    assertEquals("Basic dXNlcjpzM2NyZXQ=", authorization);
  }

  @Test
  void nothingIsPutOutsideTheSandbox() throws Exception {
    for (String outside : List.of("../x", "/etc/x", "a/../../x", ".")) {
      ArtifactException refused =
          assertThrows(
              ArtifactException.class,
              () -> fetch(artifacts(1000), file("/x", false, outside)),
              outside);
      assertTrue(refused.getMessage().contains("outside the sandbox"), refused.getMessage());
    }
    Path sandbox = sandbox();
    Files.createSymbolicLink(sandbox.resolve("link"), dir);
    assertThrows(
        ArtifactException.class,
        () ->
            artifacts(1000)
                .fetchAll(
                    AnApp.named("/x").cmd("true").fetch(file("/x", false, "link/x")).build(),
                    sandbox));
    assertFalse(Files.exists(dir.resolve("x")));
  }

  @Test
  void aTaskTakesNoMoreThanItMay() {
    content = "z".repeat(2_000_000);
    ArtifactException refused =
        assertThrows(
            ArtifactException.class, () -> fetch(artifacts(1000), file("/x", false, null)));
    assertTrue(refused.getMessage().contains("dromos.artifact.max.mib"), refused.getMessage());
  }

  private Artifacts artifacts(long cacheBytes) {
    return new Artifacts(
        dir.resolve("cache"), new ArtifactLimits(cacheBytes, 1 << 20), Clock.systemUTC());
  }

  private Path fetch(Artifacts artifacts, Artifact artifact) throws Exception {
    Path sandbox = sandbox();
    artifacts.fetchAll(AnApp.named("/x").cmd("true").fetch(artifact).build(), sandbox);
    return sandbox;
  }

  private Path sandbox() throws IOException {
    return Files.createDirectories(dir.resolve("sandboxes").resolve("s" + sandboxes++));
  }

  private List<Path> contents() throws IOException {
    try (var files = Files.newDirectoryStream(dir.resolve("cache"), "*.content")) {
      List<Path> found = new ArrayList<>();
      files.forEach(found::add);
      return found;
    }
  }

  private Artifact cached(String path) {
    return file(path, true, null);
  }

  private Artifact file(String path, boolean cache, @Nullable String destination) {
    return new Artifact(url(path), true, false, cache, destination);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }
}
