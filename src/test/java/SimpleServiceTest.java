import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sample service answers and logs as the one the lab names. */
@SuppressWarnings("DefaultPackage") // Beside what it tests, which an image compiles alone.
class SimpleServiceTest {
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private SimpleService service;
  private Thread thread;

  private void start(String... env) throws IOException {
    Map<String, String> all = new HashMap<>(Map.of("PORT0", "0"));
    for (int i = 0; i < env.length; i += 2) {
      all.put(env[i], env[i + 1]);
    }
    service = new SimpleService(all, new PrintStream(log, true, StandardCharsets.UTF_8));
    thread =
        new Thread(
            () -> {
              try {
                service.serve();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            },
            "service");
    thread.start();
  }

  @AfterEach
  void stop() throws Exception {
    if (service != null) {
      service.close();
      thread.join(5000);
      assertTrue(!thread.isAlive(), "it ends when it is closed");
    }
  }

  @Test
  void endpoint0TellsHostVersionAndThatAllIsWell() throws IOException {
    start();
    assertEquals(
        "{\"host\": \"sise.marathon.l4lb.thisdcos.directory\", \"version\": \"0.3.0\","
            + " \"result\": \"all is well\"}",
        body(ask("GET /endpoint0", "sise.marathon.l4lb.thisdcos.directory")));
    assertTrue(
        logged()
            .matches(
                "(?s)[-0-9]{10}T[:0-9]{8} INFO This is simple service in version v0.3.0 listening"
                    + " on port \\d+ \\[at line 142\\]\n"
                    + "[-0-9]{10}T[:0-9]{8} INFO /endpoint0 serving from"
                    + " sise.marathon.l4lb.thisdcos.directory has been invoked from 127.0.0.1 \\[at"
                    + " line 59\\]\n"
                    + "[-0-9]{10}T[:0-9]{8} INFO 200 GET /endpoint0 \\(127.0.0.1\\) \\d+.\\d\\dms"
                    + " \\[at line 1946\\]\n"),
        logged());
  }

  @Test
  void theVersionIsASettingAndInfoAndEnvironmentAreServed() throws IOException {
    start("SIMPLE_SERVICE_VERSION", "1.0", "QUOTE", "it's");
    assertEquals(
        "{\"host\": \"a:1\", \"version\": \"1.0\", \"from\": \"127.0.0.1\"}",
        body(ask("GET /info", "a:1")));
    String env = body(ask("GET /env", "a"));
    assertTrue(env.startsWith("{\"version\": \"1.0\", \"env\": \"{"), env);
    assertTrue(env.contains("'QUOTE': \\\"it's\\\""), env);
    assertEquals("{\"healthy\": true}", body(ask("GET /health?x=1", "a")));
  }

  @Test
  void unknownPathsMethodsAndOversizedHeadsAreRefused() throws IOException {
    start();
    assertTrue(ask("GET /", "a").startsWith("HTTP/1.1 404 "));
    assertTrue(ask("PUT /endpoint0", "a").startsWith("HTTP/1.1 405 "));
    assertTrue(
        raw("GET /endpoint0 HTTP/1.1\r\nX: " + "x".repeat(20_000)).startsWith("HTTP/1.1 431 "));
    assertTrue(logged().contains(" WARNING 404 GET / (127.0.0.1) "), logged());
  }

  @Test
  void oneConnectionServesManyRequestsPastBodiesNobodyReads() throws IOException {
    start();
    String answers =
        raw(
            "POST /endpoint0 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                + "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
                + "GET /info HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertEquals(1, count(answers, "405 Method Not Allowed"));
    assertEquals(2, count(answers, "200 OK"));
    assertTrue(answers.endsWith("\"from\": \"127.0.0.1\"}"), answers);
  }

  @Test
  void healthIsDelayedWithinItsBoundsAndHoldsUpNobodyElse() throws IOException {
    start("HEALTH_MIN", "300", "HEALTH_MAX", "301");
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      long begin = System.nanoTime();
      slow.getOutputStream()
          .write("GET /health HTTP/1.0\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      body(ask("GET /endpoint0", "a"));
      long other = System.nanoTime() - begin;
      assertEquals("{\"healthy\": true}", body(readAll(slow.getInputStream())));
      long waited = System.nanoTime() - begin;
      assertTrue(other < waited, other + " before " + waited);
      assertTrue(waited >= 300_000_000L, "waited " + waited + " ns");
    }
  }

  @Test
  void aWrongSettingAndATakenPortNameTheFix() throws IOException {
    start();
    PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
    IOException taken =
        assertThrows(
            IOException.class,
            () -> new SimpleService(Map.of("PORT0", String.valueOf(service.port())), out));
    assertTrue(taken.getMessage().contains("set PORT0"), taken.getMessage());
    IllegalArgumentException wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> new SimpleService(Map.of("HEALTH_MAX", "soon"), out));
    assertEquals("HEALTH_MAX=soon: give a whole number from 0 to 3600000", wrong.getMessage());
  }

  private String logged() {
    return log.toString(StandardCharsets.UTF_8);
  }

  private String ask(String request, String host) throws IOException {
    return raw(request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return readAll(socket.getInputStream());
    }
  }

  private static String readAll(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String body(String answer) {
    assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }
}
