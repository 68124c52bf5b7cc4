package io.dromos.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table of figures in Markdown, written anew after every row: a run that is cut off tells too.
 */
final class BenchTable {
  private final Path file;
  private final List<String> lines = new ArrayList<>();

  BenchTable(String name, String head) {
    this(name, head, List.of("what", "figure", "aim", "how"));
  }

  BenchTable(String name, String head, List<String> columns) {
    this.file = Path.of("target", "bench", name + ".md").toAbsolutePath();
    lines.add(head);
    lines.add("");
    lines.add("| " + String.join(" | ", columns) + " |");
    lines.add("|" + "---|".repeat(columns.size()));
  }

  void row(String what, String figure, String aim, String how) throws IOException {
    row(List.of(what, figure, aim, how));
  }

  /** One cell for each column. */
  void row(List<String> cells) throws IOException {
    String row = "| " + String.join(" | ", cells) + " |";
    System.out.println(row);
    lines.add(row);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  static String number(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
