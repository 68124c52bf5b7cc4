package io.dromos.it.e2e.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The page tells what the suite does, number by number, and leaves none out. */
class MarathonLbPageTest {
  private static final int CHECKS = 95;
  private static final Path SITE = Path.of("src/site/markdown");
  private static final Pattern ROW =
      Pattern.compile("\\| C(\\d\\d) \\| .+ \\| ([^|]+) \\| (?:`(\\w+)`)? ?\\|");
  private static final Pattern DIFFERENT =
      Pattern.compile("different: \\[ADR (\\d{4})\\]\\((adr/\\1-[a-z0-9-]+\\.md)\\)");

  @Test
  void thePageNamesEveryCheckOnceAndInOrder() throws IOException {
    List<Integer> numbers = rows().stream().map(row -> Integer.valueOf(row.group(1))).toList();
    assertEquals(IntStream.rangeClosed(1, CHECKS).boxed().toList(), numbers);
  }

  @Test
  void everyStatusIsTrueOfTheTestBehindIt() throws IOException {
    Map<Integer, Method> tests = tests();
    for (Matcher row : rows()) {
      String said = row.group();
      String status = row.group(2).strip();
      Method test = tests.get(Integer.valueOf(row.group(1)));
      if (status.equals("not applicable") || status.equals("not shown")) {
        assertNull(test, said);
        continue;
      }
      assertTrue(test != null, said);
      assertEquals(test.getName(), row.group(3), said);
      assertNull(test.getAnnotation(Disabled.class), said);
      int adr = test.getAnnotation(LbCheck.class).adr();
      Matcher different = DIFFERENT.matcher(status);
      if (different.matches()) {
        assertEquals(adr, Integer.parseInt(different.group(1)), said);
        assertTrue(Files.exists(SITE.resolve(different.group(2))), said);
      } else {
        assertEquals("passed", status, said);
        assertEquals(0, adr, said);
      }
    }
  }

  /** Test methods by number; a number that is used twice fails. */
  private static Map<Integer, Method> tests() {
    Map<Integer, Method> tests = new TreeMap<>();
    List<Class<?>> sections =
        Arrays.<Class<?>>stream(MarathonLbConformanceE2eIT.class.getDeclaredClasses())
            .filter(section -> section.isAnnotationPresent(Nested.class))
            .toList();
    assertEquals(5, sections.size());
    for (Class<?> section : sections) {
      assertNull(section.getAnnotation(Disabled.class), section.getName());
      for (Method method : section.getMethods()) {
        LbCheck check = method.getAnnotation(LbCheck.class);
        for (int number : check == null ? new int[0] : check.value()) {
          Method other = tests.put(number, method);
          assertNull(other, () -> "two tests for " + number);
        }
      }
    }
    return tests;
  }

  private static List<Matcher> rows() throws IOException {
    return Files.readAllLines(SITE.resolve("marathon-lb-conformance.md")).stream()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .toList();
  }
}
