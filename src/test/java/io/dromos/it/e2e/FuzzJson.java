package io.dromos.it.e2e;

import io.dromos.it.e2e.FuzzTypes.Decimal;
import io.dromos.it.e2e.FuzzTypes.Fields;
import io.dromos.it.e2e.FuzzTypes.Flag;
import io.dromos.it.e2e.FuzzTypes.ListOf;
import io.dromos.it.e2e.FuzzTypes.MapOf;
import io.dromos.it.e2e.FuzzTypes.OneOf;
import io.dromos.it.e2e.FuzzTypes.Shape;
import io.dromos.it.e2e.FuzzTypes.Text;
import io.dromos.it.e2e.FuzzTypes.Whole;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * JSON text of a type, with defects: each value is replaced by something else at a given rate, and
 * the finished text may be damaged as text. All of it follows from the random source.
 */
final class FuzzJson {
  private static final List<String> ODD_TEXT =
      List.of(
          "",
          " ",
          "/",
          "//",
          ".",
          "..",
          "../..",
          "/../../etc",
          "\\u0000",
          "a\\u0000b",
          "\\ud800",
          "\\udc00\\ud800",
          "\\ud83d\\ude00",
          "\\u202e\\u0645",
          "é\u0301ß\u4e2d",
          "\uFEFF",
          "%00%2F%25",
          "${jndi:x}",
          "'; drop table app; --",
          "<script>",
          "(a+)+$",
          "[",
          "*",
          "null",
          "true",
          "-1",
          "1e309",
          "2024-13-45T99:99:99Z",
          "restart",
          "tasks",
          "versions",
          "\\r\\nX: y",
          "\\\"",
          "\\\\");
  private static final List<String> ODD_NUMBERS =
      List.of(
          "0",
          "-0",
          "-1",
          "1",
          "65536",
          "2147483647",
          "2147483648",
          "-2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "1e308",
          "1e309",
          "-1e400",
          "1e-400",
          "0.1",
          "1.5",
          "0.30000000000000004",
          "3.0",
          "1E2",
          "123456789012345678901234567890");

  private final Random random;

  FuzzJson(Random random) {
    this.random = random;
  }

  /** A document; {@code defects} is the chance that any one value is wrong. */
  String document(Shape type, double defects) {
    StringBuilder out = new StringBuilder();
    value(type, defects, out);
    return out.toString();
  }

  /** Bytes of the document, damaged as text in one of eight cases. */
  byte[] bytes(String document) {
    byte[] whole = document.getBytes(StandardCharsets.UTF_8);
    if (whole.length == 0 || random.nextInt(8) != 0) {
      return whole;
    }
    int at = random.nextInt(whole.length);
    return switch (random.nextInt(8)) {
      case 0 -> Arrays.copyOf(whole, at);
      case 1 -> {
        whole[at] = (byte) random.nextInt(256);
        yield whole;
      }
      case 2 -> join(whole, " trailing".getBytes(StandardCharsets.UTF_8));
      case 3 -> join(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, whole);
      case 4 -> new byte[0];
      case 5 -> join(Arrays.copyOf(whole, at), Arrays.copyOfRange(whole, at / 2, whole.length));
      case 6 -> document.getBytes(StandardCharsets.UTF_16);
      default -> join(whole, whole);
    };
  }

  /** Any JSON at all, not too deep. */
  String anything() {
    StringBuilder out = new StringBuilder();
    odd(out);
    return out.toString();
  }

  private void value(Shape type, double defects, StringBuilder out) {
    if (random.nextDouble() < defects) {
      odd(out);
      return;
    }
    if (type instanceof Text text) {
      quote(one(text.good()), out);
    } else if (type instanceof Whole whole) {
      out.append(whole(whole));
    } else if (type instanceof Decimal decimal) {
      double span = decimal.max() - decimal.min();
      out.append(
          random.nextInt(4) == 0
              ? decimal.min()
              : decimal.min() + Math.round(random.nextDouble() * span * 1000) / 1000.0);
    } else if (type instanceof Flag) {
      out.append(random.nextBoolean());
    } else if (type instanceof OneOf one) {
      value(one(one.types()), defects, out);
    } else if (type instanceof ListOf list) {
      list(list, defects, out);
    } else if (type instanceof MapOf map) {
      map(map, defects, out);
    } else if (type instanceof Fields fields) {
      fields(fields, defects, out);
    }
  }

  private long whole(Whole whole) {
    return switch (random.nextInt(5)) {
      case 0 -> whole.min();
      case 1 -> whole.max();
      default -> whole.min() + (long) (random.nextDouble() * (whole.max() - whole.min() + 1));
    };
  }

  private void list(ListOf list, double defects, StringBuilder out) {
    out.append('[');
    int size = random.nextInt(list.most() + 1);
    for (int i = 0; i < size; i++) {
      out.append(i == 0 ? "" : ",");
      value(list.items(), defects, out);
    }
    out.append(']');
  }

  private void map(MapOf map, double defects, StringBuilder out) {
    out.append('{');
    int size = random.nextInt(3);
    for (int i = 0; i < size; i++) {
      out.append(i == 0 ? "" : ",");
      quote(random.nextDouble() < defects ? one(ODD_TEXT) : one(map.keys()), out);
      out.append(':');
      value(map.values(), defects, out);
    }
    out.append('}');
  }

  /** The required fields and a few of the others, in any order, now and then one of them twice. */
  private void fields(Fields fields, double defects, StringBuilder out) {
    List<String> others = new ArrayList<>(fields.types().keySet());
    Collections.shuffle(others, random);
    // Few fields contradict each other less, so that more is accepted and goes further.
    int most = random.nextInt(4) == 0 ? others.size() : Math.min(4, others.size());
    List<String> names = new ArrayList<>(fields.required());
    others.stream()
        .limit(random.nextInt(most + 1))
        .filter(n -> !names.contains(n))
        .forEach(names::add);
    if (random.nextDouble() < defects) {
      Collections.shuffle(names, random);
      names.subList(random.nextInt(names.size() + 1), names.size()).clear();
      names.addAll(List.copyOf(names.subList(0, names.size() / 2)));
    }
    out.append('{');
    for (int i = 0; i < names.size(); i++) {
      out.append(i == 0 ? "" : ",");
      quote(names.get(i), out);
      out.append(':');
      Shape type = fields.types().get(names.get(i));
      value(type == null ? new Flag() : type, defects, out);
    }
    if (random.nextDouble() < defects) {
      out.append(names.isEmpty() ? "" : ",").append("\"unheardOf\":");
      odd(out);
    }
    out.append('}');
  }

  /** Something that hardly any type allows. */
  private void odd(StringBuilder out) {
    switch (random.nextInt(12)) {
      case 0 -> out.append("null");
      case 1 -> out.append(random.nextBoolean());
      case 2, 3, 4 -> out.append(one(ODD_NUMBERS));
      case 5, 6, 7 -> quote(one(ODD_TEXT), out);
      case 8 -> quote("x".repeat(1 << random.nextInt(15)), out);
      case 9 -> out.append("[[],{},null,[\"a\",1]]");
      case 10 -> out.append("{\"a\":{\"b\":[1,null]},\"\":0}");
      default -> nested(1 << random.nextInt(12), out);
    }
  }

  private void nested(int depth, StringBuilder out) {
    boolean lists = random.nextBoolean();
    out.append((lists ? "[" : "{\"a\":").repeat(depth));
    out.append(lists ? "" : "1");
    out.append((lists ? "]" : "}").repeat(depth));
  }

  /** {@code text} holds its own escapes. */
  private static void quote(String text, StringBuilder out) {
    out.append('"').append(text).append('"');
  }

  String odd() {
    return one(ODD_TEXT);
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  String key(Map<String, ?> of) {
    return one(List.copyOf(of.keySet()));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
