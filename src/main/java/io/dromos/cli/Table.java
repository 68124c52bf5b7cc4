package io.dromos.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Rows under a heading, columns as wide as their widest cell, two spaces between them. */
final class Table {
  private final List<String[]> rows = new ArrayList<>();
  private final int width;

  Table(String... headings) {
    width = headings.length;
    rows.add(headings);
  }

  Table row(Object... cells) {
    if (cells.length != width) {
      throw new IllegalArgumentException(cells.length + " cells in a table of " + width);
    }
    String[] row = new String[width];
    for (int i = 0; i < width; i++) {
      row[i] = String.valueOf(cells[i]);
    }
    rows.add(row);
    return this;
  }

  /** Orders the rows by the column with this index. */
  Table sorted(int column) {
    rows.subList(1, rows.size()).sort(Comparator.comparing(row -> row[column]));
    return this;
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  void print(PrintStream out) {
    int[] widths = new int[width];
    for (String[] row : rows) {
      for (int i = 0; i < width; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < width; i++) {
        line.append(row[i]);
        line.append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
