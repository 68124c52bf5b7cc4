import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/** Sums up the reports of surefire and failsafe by kind of test; fails when a kind ran none. */
class TestCount {
  private static final List<String> KINDS =
      List.of("unit", "architecture", "adapter", "container", "end to end", "fault");

  public static void main(String[] arguments) throws Exception {
    Map<String, int[]> counts = new TreeMap<>();
    for (String reports : List.of("surefire-reports", "failsafe-reports")) {
      Path folder = Path.of(arguments[0], reports);
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml")).toList()) {
          add(counts, file.toFile());
        }
      }
    }
    int passed = 0;
    int failed = 0;
    int skipped = 0;
    for (Map.Entry<String, int[]> kind : counts.entrySet()) {
      int[] c = kind.getValue();
      System.out.printf(
          "%-14s %4d passed, %d failed, %d skipped, %4d s%n", kind.getKey(), c[0], c[1], c[2], c[3]);
      passed += c[0];
      failed += c[1];
      skipped += c[2];
    }
    System.out.printf("%d passed, %d failed, %d skipped%n", passed, failed, skipped);
    for (String kind : KINDS) {
      if (!counts.containsKey(kind)) {
        System.out.println("no test of this kind ran: " + kind);
        System.exit(1);
      }
    }
  }

  private static void add(Map<String, int[]> counts, File report) throws Exception {
    Element suite =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report).getDocumentElement();
    int[] count = counts.computeIfAbsent(kind(suite.getAttribute("name")), k -> new int[4]);
    int all = Integer.parseInt(suite.getAttribute("tests"));
    int failed =
        Integer.parseInt(suite.getAttribute("failures"))
            + Integer.parseInt(suite.getAttribute("errors"));
    int skipped = Integer.parseInt(suite.getAttribute("skipped"));
    count[0] += all - failed - skipped;
    count[1] += failed;
    count[2] += skipped;
    count[3] += (int) Math.round(Double.parseDouble(suite.getAttribute("time").replace(",", "")));
  }

  private static String kind(String name) {
    if (name.contains(".it.container.")) {
      return "container";
    } else if (name.contains(".it.e2e.")) {
      return "end to end";
    } else if (name.contains(".it.fault.")) {
      return "fault";
    } else if (name.contains(".it.") || name.endsWith("IT")) {
      return "adapter";
    }
    return name.endsWith("ArchTest") ? "architecture" : "unit";
  }
}
