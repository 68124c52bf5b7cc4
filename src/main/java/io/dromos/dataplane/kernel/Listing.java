package io.dromos.dataplane.kernel;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code nft list table} printed.
 *
 * @param chains counts of slots for which there is a chain that draws
 * @param shape digest of all that is not an element: equal when nobody touched the chains
 * @param mark of the owner, empty when there is none that can be read
 */
record Listing(Elements elements, Set<Integer> chains, String shape, Optional<Owner.Mark> mark) {
  private static final Pattern DRAW_CHAIN = Pattern.compile("chain n(\\d+) \\{.*", Pattern.DOTALL);
  private static final Pattern COMMENT = Pattern.compile("comment \"([^\"]*)\"");

  static Listing parse(String text) {
    Map<String, Map<String, String>> contents = new HashMap<>();
    Set<String> blocks = new TreeSet<>();
    Set<Integer> chains = new TreeSet<>();
    String mark = null;
    StringBuilder block = new StringBuilder();
    StringBuilder elements = new StringBuilder();
    for (String line : text.split("\n")) {
      String stripped = line.strip();
      if (stripped.startsWith("table ") || stripped.isEmpty() || line.equals("}")) {
        continue;
      }
      if (!elements.isEmpty() || stripped.startsWith("elements = {")) {
        elements.append(stripped).append(' ');
        if (stripped.endsWith("}")) {
          contents.put(name(block), pairs(elements));
          elements.setLength(0);
        }
        continue;
      }
      block.append(stripped).append('\n');
      if (stripped.equals("}")) {
        String whole = block.toString();
        if (name(block).equals("owner")) {
          mark = comment(whole);
        } else {
          Matcher draw = DRAW_CHAIN.matcher(whole);
          if (draw.matches()) {
            chains.add(Integer.valueOf(draw.group(1)));
            whole = uncounted(whole, draw.group(1));
          }
          blocks.add(whole);
        }
        block.setLength(0);
      }
    }
    return new Listing(
        new Elements(
            contents.getOrDefault("slots", Map.of()),
            contents.getOrDefault("services", Map.of()),
            contents.getOrDefault("pinned", Map.of()).keySet(),
            unquoted(contents.getOrDefault("outside", Map.of()).keySet())),
        Set.copyOf(chains),
        Owner.digest(String.join("", blocks)),
        Owner.Mark.parse(mark));
  }

  private static @Nullable String comment(String block) {
    Matcher matcher = COMMENT.matcher(block);
    return matcher.find() ? matcher.group(1) : null;
  }

  /** Second word of a block, such as {@code map slots}. */
  private static String name(CharSequence block) {
    String[] words = block.toString().split("\\s+", 3);
    return words.length > 1 ? words[1] : "";
  }

  /** Chains that draw differ by their count alone; which there are is no part of the shape. */
  private static String uncounted(String block, String count) {
    return block
        .replaceFirst("chain n" + count + " ", "chain n# ")
        .replaceFirst("mod " + count + " map", "mod # map");
  }

  private static Map<String, String> pairs(CharSequence text) {
    String inside = text.toString();
    inside = inside.substring(inside.indexOf('{') + 1, inside.lastIndexOf('}'));
    Map<String, String> pairs = new HashMap<>();
    for (String element : inside.split(",")) {
      String[] sides = element.strip().split(" : ", 2);
      if (!sides[0].isEmpty()) {
        pairs.put(sides[0], sides.length > 1 ? sides[1] : "");
      }
    }
    return pairs;
  }

  private static Set<String> unquoted(Set<String> names) {
    Set<String> plain = new HashSet<>();
    names.forEach(name -> plain.add(name.replace("\"", "")));
    return plain;
  }
}
