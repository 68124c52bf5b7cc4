package io.dromos.launcher;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.platform.TrafficDir;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * What the traffic process is started from: the application's own classes and libraries, unpacked
 * from the WAR into a directory of their version, and the settings, written down for it. It gets
 * nothing of our environment but a few names, and no credentials: neither the database's nor the
 * API's.
 *
 * @param identity changes with program and settings
 */
record TrafficProgram(TrafficDir directory, String identity, List<String> command) {
  private static final Set<Setting> KEPT_BACK =
      EnumSet.of(Setting.DB_URL, Setting.DB_USER, Setting.DB_PASSWORD, Setting.API_CREDENTIALS);

  private static final List<String> ENVIRONMENT = List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ");

  /** What it may do of what root may: listen on low ports, and keep the tables of the kernel. */
  private static final String CAPABILITIES = "-all,+net_bind_service,+net_admin,+net_raw";

  private static final String CLASSES = "WEB-INF/classes/";
  private static final String LIBRARIES = "WEB-INF/lib/";

  /** Unpacks what is not there yet. */
  static TrafficProgram prepare(Settings settings, Path dataDir, Path war) throws IOException {
    TrafficDir directory = TrafficDir.of(dataDir);
    directory.create();
    Properties given = new Properties();
    for (Setting setting : Setting.values()) {
      if (!KEPT_BACK.contains(setting)) {
        settings.explicit(setting).ifPresent(value -> given.setProperty(setting.key(), value));
      }
    }
    String version = checksum(List.of(contents(war)));
    List<String> words = new ArrayList<>(List.of(version, System.getProperty("java.home")));
    given.stringPropertyNames().stream()
        .sorted()
        .forEach(key -> words.add(key + "=" + given.getProperty(key)));
    String identity = checksum(words);
    Path program = unpack(war, directory.files().resolve("program-" + version));
    write(directory.settings(identity), given);
    forgetOthers(directory.files(), program, directory.settings(identity));
    return new TrafficProgram(directory, identity, command(directory, program, identity));
  }

  /** Not started yet. Its output is ours. */
  ProcessBuilder process() {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.directory(directory.files().toFile());
    builder.environment().keySet().retainAll(ENVIRONMENT);
    return builder;
  }

  private static List<String> command(TrafficDir directory, Path program, String identity)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (works("setsid", "--version")) {
      // A session of its own: what a terminal sends to its foreground is not meant for traffic.
      command.add("setsid");
    }
    List<String> fewer =
        List.of("setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=" + CAPABILITIES);
    if (System.getProperty("user.name").equals("root")) {
      List<String> trial = new ArrayList<>(fewer);
      trial.add("true");
      if (works(trial.toArray(String[]::new))) {
        command.addAll(fewer);
      } else {
        System.err.println(
            "dromos: the traffic process keeps all privileges of root: setpriv (of util-linux) is"
                + " not there or not allowed");
      }
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-Xss512k",
            "-XX:MaxDirectMemorySize=1g",
            "-XX:+UseG1GC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xshare:auto",
            "-Djava.util.logging.config.file=" + logging(directory.files()),
            "-Dio.netty.tryReflectionSetAccessible=true",
            "--add-opens=java.base/java.nio=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(
        List.of(
            "-cp",
            program.resolve("classes.jar") + ":" + program.resolve("lib") + "/*",
            "io.dromos.traffic.TrafficMain",
            directory.files().toString(),
            directory.sockets().toString(),
            identity));
    return command;
  }

  private static boolean works(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** All files of the WAR and their checksums: another build is another program. */
  private static String contents(Path war) throws IOException {
    StringBuilder text = new StringBuilder();
    try (ZipFile zip = new ZipFile(war.toFile())) {
      zip.stream()
          .filter(entry -> isWanted(entry.getName()))
          .forEach(entry -> text.append(entry.getName()).append(entry.getCrc()).append('\n'));
    }
    return text.toString();
  }

  private static boolean isWanted(String entry) {
    return !entry.endsWith("/") && (entry.startsWith(CLASSES) || entry.startsWith(LIBRARIES));
  }

  private static Path unpack(Path war, Path program) throws IOException {
    if (Files.isDirectory(program)) {
      return program;
    }
    Path fresh = program.resolveSibling(program.getFileName() + ".new");
    deleteTree(fresh);
    Files.createDirectories(fresh.resolve("lib"));
    try (ZipFile zip = new ZipFile(war.toFile());
        OutputStream file =
            new BufferedOutputStream(Files.newOutputStream(fresh.resolve("classes.jar")));
        ZipOutputStream classes = new ZipOutputStream(file)) {
      classes.setLevel(0);
      for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
        ZipEntry entry = entries.nextElement();
        if (isWanted(entry.getName())) {
          unpack(zip, entry, fresh, classes);
        }
      }
    }
    Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
    return program;
  }

  private static void unpack(ZipFile zip, ZipEntry entry, Path into, ZipOutputStream classes)
      throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      if (entry.getName().startsWith(CLASSES)) {
        ZipEntry copy = new ZipEntry(entry.getName().substring(CLASSES.length()));
        copy.setTime(entry.getTime());
        classes.putNextEntry(copy);
        in.transferTo(classes);
        classes.closeEntry();
      } else {
        String name = entry.getName().substring(LIBRARIES.length());
        if (!name.contains("/")) {
          Files.copy(in, into.resolve("lib").resolve(name));
        }
      }
    }
  }

  private static void write(Path file, Properties settings) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = Files.newOutputStream(file)) {
      settings.store(out, "What the traffic process was started with; written at each start.");
    }
  }

  private static Path logging(Path files) throws IOException {
    Path file = files.resolve("logging.properties");
    Files.writeString(
        file,
        """
        handlers=java.util.logging.ConsoleHandler
        java.util.logging.ConsoleHandler.formatter=io.dromos.platform.LineFormatter
        java.util.logging.ConsoleHandler.level=ALL
        .level=WARNING
        io.dromos.level=INFO
        """);
    return file;
  }

  /**
   * Programs and settings of earlier starts. A process that still runs from them, draining, has
   * loaded what it needs of its settings; its program is kept for as long as it is a day old.
   */
  private static void forgetOthers(Path files, Path program, Path settings) throws IOException {
    long old = System.currentTimeMillis() - TimeUnit.DAYS.toMillis(1);
    try (Stream<Path> all = Files.list(files)) {
      for (Path other : all.toList()) {
        String name = other.getFileName().toString();
        boolean ours = name.startsWith("program-") || name.startsWith("settings-");
        if (ours
            && !other.equals(program)
            && !other.equals(settings)
            && Files.getLastModifiedTime(other).toMillis() < old) {
          deleteTree(other);
        }
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  private static String checksum(List<String> words) {
    CRC32 crc = new CRC32();
    for (String word : words) {
      crc.update(word.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      crc.update(0);
    }
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
