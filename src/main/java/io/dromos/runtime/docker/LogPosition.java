package io.dromos.runtime.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * How far the output of a container has been copied into its sandbox.
 *
 * @param time time of the last entry, as the Engine writes it: RFC 3339, nine digits, so that text
 *     order is time order; empty before the first
 * @param count how many entries of exactly that time were copied
 * @param stdout length of the file {@code stdout} after that entry
 * @param stderr length of the file {@code stderr} after that entry
 */
record LogPosition(String time, int count, long stdout, long stderr) {
  static final LogPosition START = new LogPosition("", 0, 0, 0);

  static LogPosition read(Path file) throws IOException {
    try {
      String[] words = Files.readString(file, StandardCharsets.US_ASCII).strip().split(" ");
      return words.length == 4
          ? new LogPosition(
              words[0],
              Integer.parseInt(words[1]),
              Long.parseLong(words[2]),
              Long.parseLong(words[3]))
          : START;
    } catch (NoSuchFileException e) {
      return START;
    }
  }

  void write(Path file) throws IOException {
    if (time.isEmpty()) {
      return;
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(
        fresh, time + " " + count + " " + stdout + " " + stderr + "\n", StandardCharsets.US_ASCII);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The whole second to ask the Engine from; it takes no fraction. */
  int since() {
    return time.isEmpty() ? 0 : (int) java.time.Instant.parse(time).getEpochSecond();
  }
}
