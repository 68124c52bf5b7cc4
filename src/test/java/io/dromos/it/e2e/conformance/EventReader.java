package io.dromos.it.e2e.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dromos.it.e2e.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A reader of {@code /v2/events} that keeps all it gets, bytes included. */
final class EventReader implements AutoCloseable {
  /** One frame: the name in front of its data, and the data. */
  record Event(String type, JsonNode data) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpResponse<InputStream> answer;
  private volatile String received = "";
  private final List<Event> events = new CopyOnWriteArrayList<>();

  private EventReader(HttpResponse<InputStream> answer) {
    this.answer = answer;
  }

  /** Opens the stream and waits until the server has attached it. */
  static EventReader open(Marathon marathon, String query) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(marathon.url() + "/v2/events" + query))
            .header("Accept", "text/event-stream")
            .build();
    try {
      EventReader reader =
          new EventReader(HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()));
      Thread thread = new Thread(reader::read, "events" + query);
      thread.setDaemon(true);
      thread.start();
      return reader;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void read() {
    byte[] buffer = new byte[8192];
    try (InputStream in = answer.body()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        parse(received + new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // Closed by the test, or by the server: what is missing then is told by the assertion.
    }
  }

  /** Parses the frames that are complete and not yet known. */
  private void parse(String text) throws JsonProcessingException {
    received = text;
    String[] frames = text.split("\r\n\r\n", -1);
    List<Event> all = new ArrayList<>();
    for (int i = 0; i < frames.length - 1; i++) {
      String type = "";
      String data = "";
      for (String line : frames[i].split("\r\n")) {
        type = line.startsWith("event: ") ? line.substring(7) : type;
        data = line.startsWith("data: ") ? line.substring(6) : data;
      }
      if (!type.isEmpty()) {
        byte[] bytes = data.getBytes(StandardCharsets.ISO_8859_1);
        all.add(new Event(type, JSON.readTree(new String(bytes, StandardCharsets.UTF_8))));
      }
    }
    events.addAll(all.subList(events.size(), all.size()));
  }

  int status() {
    return answer.statusCode();
  }

  String header(String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  /** Every byte so far, as Latin-1. */
  String received() {
    return received;
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  /** The first event of this type that matches, waited for. */
  JsonNode await(String type, Predicate<JsonNode> wanted) {
    try {
      return Await.value(
          type,
          Marathon.LIMIT,
          () ->
              events.stream()
                  .filter(e -> e.type().equals(type) && wanted.test(e.data()))
                  .map(Event::data)
                  .findFirst()
                  .orElse(null));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; came:\n" + received, e);
    }
  }

  @Override
  public void close() throws IOException {
    answer.body().close();
  }
}
