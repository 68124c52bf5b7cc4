package io.dromos.runtime;

import io.dromos.app.AppSpec;
import io.dromos.app.Artifact;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Brings an app's {@code fetch} entries into the sandbox before its task starts: {@code http},
 * {@code https}, {@code file} and absolute paths. Archives are unpacked where the definition says
 * so; no entry of an archive may leave the sandbox.
 */
public final class ArtifactFetcher {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final List<String> TAR =
      List.of(".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz");

  private ArtifactFetcher() {}

  public static void fetchAll(AppSpec app, Path sandbox)
      throws LaunchException, InterruptedException {
    for (Artifact artifact : app.fetch()) {
      fetch(artifact, sandbox);
    }
  }

  private static void fetch(Artifact artifact, Path sandbox)
      throws LaunchException, InterruptedException {
    URI uri = parse(artifact.uri());
    Path target = sandbox.resolve(fileName(artifact, uri)).normalize();
    if (!target.startsWith(sandbox) || target.equals(sandbox)) {
      throw new LaunchException(
          true, "fetch: destPath of " + artifact.uri() + " lies outside the sandbox");
    }
    try {
      Files.createDirectories(parentOf(target));
      download(uri, target);
      if (artifact.executable() && !target.toFile().setExecutable(true, false)) {
        throw new LaunchException(false, "fetch: cannot make " + target + " executable");
      }
      if (artifact.extract() && !artifact.executable()) {
        extract(target, parentOf(target));
      }
    } catch (IOException e) {
      throw new LaunchException(false, "fetch: cannot get " + artifact.uri() + ": " + words(e));
    }
  }

  private static URI parse(String text) throws LaunchException {
    try {
      URI uri = text.startsWith("/") ? Path.of(text).toUri() : URI.create(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (uri.getPath() != null && List.of("http", "https", "file").contains(scheme)) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Told below, with everything else that cannot be fetched.
    }
    throw new LaunchException(
        true, "fetch: " + text + " is not an http, https or file URI, nor an absolute path");
  }

  private static String fileName(Artifact artifact, URI uri) throws LaunchException {
    String destination = artifact.destPath();
    if (destination != null) {
      return destination;
    }
    String path = uri.getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new LaunchException(
          true, "fetch: " + artifact.uri() + " ends in no file name; give a destPath");
    }
    return name;
  }

  private static void download(URI uri, Path target)
      throws IOException, InterruptedException, LaunchException {
    if (uri.getScheme().equalsIgnoreCase("file")) {
      Files.copy(Path.of(uri.getPath()), target, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    HttpResponse<InputStream> response =
        client.send(
            HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new LaunchException(
            false, "fetch: " + uri + " answers " + response.statusCode() + ", not 200");
      }
      Files.copy(body, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void extract(Path archive, Path directory)
      throws IOException, InterruptedException, LaunchException {
    String name = String.valueOf(archive.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".zip")) {
      unzip(archive, directory);
    } else if (TAR.stream().anyMatch(name::endsWith)) {
      untar(archive, directory);
    }
  }

  // tar itself strips leading slashes, refuses ".." and delays links that point outside.
  private static void untar(Path archive, Path directory)
      throws IOException, InterruptedException, LaunchException {
    Process tar =
        new ProcessBuilder(
                "tar", "--no-same-owner", "-xf", archive.toString(), "-C", directory.toString())
            .redirectErrorStream(true)
            .start();
    tar.getOutputStream().close();
    String words;
    try (InputStream output = tar.getInputStream()) {
      words = new String(output.readNBytes(2_000), java.nio.charset.StandardCharsets.UTF_8);
      output.transferTo(java.io.OutputStream.nullOutputStream());
    }
    if (tar.waitFor() != 0) {
      throw new LaunchException(
          true, "fetch: cannot unpack " + archive.getFileName() + ": " + words.strip());
    }
  }

  private static void unzip(Path archive, Path directory) throws IOException, LaunchException {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
      ZipEntry entry;
      while ((entry = zip.getNextEntry()) != null) {
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
          throw new LaunchException(
              true,
              "fetch: " + archive.getFileName() + " holds an entry outside: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(parentOf(target));
          Files.copy(zip, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static Path parentOf(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IOException(file + " has no directory");
    }
    return parent;
  }

  private static String words(IOException e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : e.getClass().getSimpleName() + ": " + message;
  }
}
