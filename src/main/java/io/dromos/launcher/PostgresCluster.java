package io.dromos.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The files of the embedded database below {@code <data dir>/postgres}: the cluster itself, its
 * programs, its log, the password and the port. Knows how to make a new cluster; starts nothing.
 */
final class PostgresCluster {
  static final Charset TEXT = StandardCharsets.UTF_8;

  /** Role and database that Dromos uses; the role owns the database and is no superuser. */
  static final String NAME = "dromos";

  private static final long LOG_LIMIT_BYTES = 10L << 20;

  private final Path home;

  PostgresCluster(Path dataDir) {
    this.home = dataDir.toAbsolutePath().normalize().resolve("postgres");
  }

  Path home() {
    return home;
  }

  /** PostgreSQL's own data directory. */
  Path data() {
    return home.resolve("data");
  }

  Path log() {
    return home.resolve("postgres.log");
  }

  private Path passwordFile() {
    return home.resolve("password");
  }

  /**
   * Holds the directory for this process until the channel closes, which a killed process does too.
   */
  FileChannel lock() throws IOException {
    FileChannel channel = openLock();
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // The same answer as for another process, below.
    }
    channel.close();
    throw new IOException(
        home.getParent()
            + " is in use by another node: stop it, or give this one another dromos.data.dir");
  }

  private FileChannel openLock() throws IOException {
    try {
      Files.createDirectories(home);
      return FileChannel.open(
          home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (AccessDeniedException e) {
      throw new IOException(
          "may not write " + e.getFile() + ": run as its owner, or choose another dromos.data.dir",
          e);
    }
  }

  boolean isInitialized() {
    return Files.exists(data().resolve("PG_VERSION"));
  }

  /** Refuses a cluster that the carried programs can't open. */
  void checkVersion() throws IOException {
    String version = Files.readString(data().resolve("PG_VERSION"), TEXT).strip();
    if (!version.equals(PostgresBinaries.MAJOR_VERSION)) {
      throw new IOException(
          data()
              + " was made by PostgreSQL "
              + version
              + ", this jar carries "
              + PostgresBinaries.MAJOR_VERSION
              + ": dump it with the old one, or serve it yourself and set dromos.db.url");
    }
  }

  /** The generated password of the role {@link #NAME}. */
  String password() throws IOException {
    if (!Files.exists(passwordFile())) {
      throw new IOException(
          passwordFile() + " is missing: restore it, or move " + data() + " away to begin anew");
    }
    return Files.readString(passwordFile(), TEXT).strip();
  }

  /** The port of the last start. */
  OptionalLong savedPort() throws IOException {
    Path file = home.resolve("port");
    if (!Files.exists(file)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(file, TEXT).strip()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  void savePort(int port) throws IOException {
    Files.writeString(home.resolve("port"), port + "\n", TEXT);
  }

  /** Keeps one older log, so that the file stays bounded over restarts. */
  void rotateLog() throws IOException {
    if (Files.exists(log()) && Files.size(log()) > LOG_LIMIT_BYTES) {
      Files.move(log(), home.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The last lines that PostgreSQL wrote, for an error message. */
  String lastWords() throws IOException {
    if (!Files.exists(log())) {
      return "";
    }
    List<String> lines = Files.readString(log(), StandardCharsets.ISO_8859_1).lines().toList();
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }

  /**
   * Makes the cluster: {@code initdb}, then role and database in single-user mode, all in a
   * directory beside it that is renamed at the end. A crash on the way leaves nothing behind that
   * the next start would trust. The superuser gets a password that nobody keeps: the account that
   * owns the files can always enter in single-user mode.
   */
  void initialize(Path binaries, PostgresAccount account) throws IOException {
    // The server's account can't create entries in `home`; it gets a directory of its own to fill.
    Path half = home.resolve("data.initializing");
    PostgresBinaries.deleteTree(half);
    Files.createDirectory(half, PosixFilePermissions.asFileAttribute(ownerOnly("rwx")));
    account.own(half);
    String password = randomPassword();
    writeSecret(passwordFile(), password);
    Path superuser = home.resolve("superuser.password");
    writeSecret(superuser, randomPassword());
    account.own(superuser);
    try {
      run(
          account.command(
              List.of(
                  binaries.resolve("bin/initdb").toString(),
                  "--pgdata=" + half,
                  "--username=postgres",
                  "--pwfile=" + superuser,
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  "--no-locale")),
          "");
    } finally {
      Files.delete(superuser);
    }
    String output =
        run(
            account.command(
                List.of(
                    binaries.resolve("bin/postgres").toString(),
                    "--single",
                    "-D",
                    half.toString(),
                    "postgres")),
            "CREATE ROLE dromos LOGIN PASSWORD '"
                + password
                + "';\n"
                + "GRANT pg_read_all_settings TO dromos;\n"
                + "CREATE DATABASE dromos OWNER dromos;\n");
    if (output.contains("ERROR:")) {
      throw new IOException("cannot prepare the database: " + output.replace(password, "…"));
    }
    Files.move(half, data(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String randomPassword() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static java.util.Set<java.nio.file.attribute.PosixFilePermission> ownerOnly(String rwx) {
    return PosixFilePermissions.fromString(rwx + "------");
  }

  /** Created unreadable for others, not made so afterwards. */
  private static void writeSecret(Path file, String secret) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly("rw-")));
    Files.writeString(file, secret + "\n", TEXT);
  }

  /** Runs a program to its end with {@code input} on its standard input. */
  private static String run(List<String> command, String input) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    cleanEnvironment(builder.environment());
    Process process = builder.start();
    try (java.io.OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(TEXT));
    }
    String output = new String(process.getInputStream().readAllBytes(), TEXT);
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("cannot create the database: " + output.strip().replace('\n', ' '));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while creating the database", e);
    }
    return output;
  }

  /** The user's own PostgreSQL settings must not leak into ours. */
  static void cleanEnvironment(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(name -> name.startsWith("PG") || name.startsWith("LC_") || name.equals("LANG"));
    environment.put("LC_ALL", "C");
  }
}
