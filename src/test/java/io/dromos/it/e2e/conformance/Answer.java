package io.dromos.it.e2e.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpHeaders;

/** What the server answered, and to what, so that a failure can say it. */
record Answer(String request, int status, HttpHeaders headers, String text) {
  private static final ObjectMapper JSON = new ObjectMapper();

  JsonNode json() {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + this, e);
    }
  }

  /** The value at a JSON pointer; a missing node when there is none. */
  JsonNode at(String pointer) {
    return json().at(pointer);
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** Path of the {@code Location} header. */
  String location() {
    return URI.create(header("Location")).getPath();
  }

  @Override
  public String toString() {
    return request + " -> " + status + " " + headers.map() + "\n" + text;
  }
}
