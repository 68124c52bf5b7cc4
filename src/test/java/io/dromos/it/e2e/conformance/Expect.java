package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/** What the list asks of answers again and again. */
final class Expect {
  static final String VERSION = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Expect() {}

  static Answer status(int status, Answer answer) {
    assertEquals(status, answer.status(), answer::toString);
    return answer;
  }

  /** 200, {@code {"version","deploymentId"}}, and the header says the same id. */
  static Answer result(Answer answer) {
    return result(200, answer);
  }

  static Answer result(int status, Answer answer) {
    status(status, answer);
    assertEquals(Set.of("deploymentId", "version"), names(answer.json()));
    assertEquals(
        answer.header("Marathon-Deployment-Id"), answer.at("/deploymentId").asText(), answer::text);
    assertTrue(answer.at("/deploymentId").asText().matches("[0-9a-f-]{36}"), answer::text);
    assertTrue(answer.at("/version").asText().matches(VERSION), answer::text);
    return answer;
  }

  /** A refusal with exactly these words. */
  static Answer message(int status, String message, Answer answer) {
    status(status, answer);
    assertEquals("application/json", answer.header("Content-Type"), answer::toString);
    assertEquals(message, answer.at("/message").asText(), answer::text);
    return answer;
  }

  /** A refusal with these words somewhere in its text. */
  static Answer words(int status, String words, Answer answer) {
    status(status, answer);
    assertTrue(answer.text().contains(words), answer::toString);
    return answer;
  }

  /** 422 {@code Object is not valid} with this error at this path. */
  static void invalid(String path, String error, Answer answer) {
    detail("Object is not valid", path, error, answer);
  }

  /** 422 {@code Invalid JSON} with this error at this path. */
  static void schema(String path, String error, Answer answer) {
    detail("Invalid JSON", path, error, answer);
  }

  private static void detail(String message, String path, String error, Answer answer) {
    message(422, message, answer);
    for (JsonNode detail : answer.at("/details")) {
      if (detail.path("path").asText().equals(path)) {
        for (JsonNode text : detail.path("errors")) {
          if (text.asText().contains(error)) {
            return;
          }
        }
      }
    }
    throw new AssertionError("no error '" + error + "' at " + path + " in " + answer);
  }

  /** The same JSON value; {@code 1} and {@code 1.0} are the same number. */
  static void json(String expected, JsonNode actual) {
    try {
      JsonNode wanted = JSON.readTree(expected);
      assertTrue(wanted.equals(Expect::compare, actual), () -> "not " + expected + ": " + actual);
    } catch (IOException e) {
      throw new AssertionError(expected, e);
    }
  }

  static Set<String> names(JsonNode object) {
    TreeSet<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** No null anywhere. */
  static void noNulls(JsonNode node, String path) {
    assertTrue(!node.isNull(), () -> "null at " + path);
    node.properties().forEach(e -> noNulls(e.getValue(), path + "/" + e.getKey()));
    if (node.isArray()) {
      node.forEach(element -> noNulls(element, path + "()"));
    }
  }

  private static int compare(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return Double.compare(one.doubleValue(), other.doubleValue());
    }
    return one.equals(other) ? 0 : 1;
  }
}
