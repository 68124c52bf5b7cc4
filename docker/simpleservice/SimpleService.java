import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;

/**
 * The lab's sample service: what {@code mhausenblas/simpleservice} serves, with the JDK alone; it
 * runs as an image and as a plain process. One thread and one selector, so that any number of
 * connections fits into a container of 32 MiB; no lambdas and, where every run passes, strings
 * built without {@code invokedynamic}, which would be a third of the start-up time of so small a
 * program.
 *
 * <p>{@code GET /endpoint0 /health /info /env}. Settings: {@code PORT0} (9876), {@code
 * SIMPLE_SERVICE_VERSION} (0.3.0), {@code HEALTH_MIN} and {@code HEALTH_MAX}: {@code /health} is
 * answered after a random delay between the two, in milliseconds. Log lines go to standard error in
 * the form of the original, its line numbers included, so that what was written to read them still
 * does; the clock is UTC and has 24 hours.
 */
@SuppressWarnings("DefaultPackage") // Its image compiles these files alone.
public final class SimpleService {
  private static final int START_LINE = 142;
  private static final int ACCESS_LINE = 1946;
  private final Map<String, String> env;
  private final PrintStream log;
  private final String version;
  private final int healthMin;
  private final int healthMax;
  private final Selector selector;
  private final ServerSocketChannel server;
  private final ByteBuffer input = ByteBuffer.allocateDirect(SimpleServiceConnection.MAX_REQUEST);
  private final ArrayDeque<SimpleServiceConnection> delayed = new ArrayDeque<>();
  private long dateSecond = -1;
  private String date = "";

  /** Binds at once; {@code PORT0} 0 takes any free port. */
  SimpleService(Map<String, String> env, PrintStream log) throws IOException {
    this.env = env;
    this.log = log;
    version = env.getOrDefault("SIMPLE_SERVICE_VERSION", "0.3.0");
    healthMin = number("HEALTH_MIN", 0, 3_600_000);
    healthMax = number("HEALTH_MAX", 0, 3_600_000);
    int port = number("PORT0", 9876, 65535);
    selector = Selector.open();
    server = ServerSocketChannel.open();
    try {
      server.bind(new InetSocketAddress(port), 1024);
    } catch (IOException e) {
      close();
      throw new IOException(
          "port " + port + ": " + e.getMessage() + "; set PORT0 to a free port", e);
    }
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
    info(
        new StringBuilder("This is simple service in version v")
            .append(version)
            .append(" listening on port ")
            .append(port()),
        START_LINE);
  }

  /** Serves until the process ends; a wrong setting or a taken port is status 1 and one line. */
  public static void main(String[] args) {
    try {
      SimpleService service = new SimpleService(System.getenv(), System.err);
      Runtime.getRuntime().addShutdownHook(new Stop(service));
      service.serve();
    } catch (IOException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  int port() {
    return server.socket().getLocalPort();
  }

  /** Ends {@link #serve}. */
  void close() throws IOException {
    server.close();
    selector.close();
  }

  /** Answers requests until {@link #close}. */
  void serve() throws IOException {
    try {
      while (true) {
        turn();
      }
    } catch (ClosedSelectorException e) {
      // Closed while we were at work: that is how this ends.
    }
  }

  private void turn() throws IOException {
    selector.select(untilNextDelayed());
    Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
    while (keys.hasNext()) {
      SelectionKey key = keys.next();
      keys.remove();
      if (key.isValid() && key.isAcceptable()) {
        accept();
      } else if (key.isValid()) {
        advance((SimpleServiceConnection) key.attachment(), key.isReadable());
      }
    }
    releaseDelayed();
  }

  private void accept() {
    try {
      SocketChannel channel = server.accept();
      if (channel != null) {
        channel.configureBlocking(false);
        channel.socket().setTcpNoDelay(true);
        SimpleServiceConnection connection = new SimpleServiceConnection(channel);
        connection.key = channel.register(selector, SelectionKey.OP_READ, connection);
      }
    } catch (IOException e) {
      // The client has gone already, or there are too many of them: the others are served on.
    }
  }

  private void advance(SimpleServiceConnection connection, boolean readable) {
    try {
      if (readable && !connection.read(input)) {
        connection.close();
        return;
      }
      answerAll(connection);
    } catch (IOException e) {
      // The peer went away in the middle: nobody is left to tell.
      connection.close();
    }
  }

  /** Answers what has arrived, in order, as far as the peer takes it. */
  private void answerAll(SimpleServiceConnection connection) throws IOException {
    while (connection.flush() && !connection.waiting) {
      if (connection.closing) {
        connection.close();
        return;
      }
      connection.skip();
      int end = connection.headEnd();
      if (end < 0) {
        if (connection.length == SimpleServiceConnection.MAX_REQUEST) {
          connection.refuse("431 Request Header Fields Too Large");
        }
        return;
      }
      answer(connection, new SimpleServiceRequest(connection.take(end)));
    }
  }

  private void answer(SimpleServiceConnection connection, SimpleServiceRequest request) {
    long body = request.contentLength();
    connection.skip = Math.max(0, body);
    // Nothing here takes a body; where a chunked one ends, nobody wants to know.
    connection.closing = body < 0 || !request.keepAlive();
    connection.started = System.nanoTime();
    String content = content(connection, request);
    connection.status = !request.method.equals("GET") ? 405 : content == null ? 404 : 200;
    connection.request = request;
    connection.content = connection.status == 200 && content != null ? content : "";
    int delay = request.path.equals("/health") ? healthDelay() : 0;
    if (delay > 0 && connection.status == 200) {
      connection.due = connection.started + delay * 1_000_000L;
      connection.waiting = true;
      delayed.add(connection);
    } else {
      respond(connection);
    }
  }

  private String content(SimpleServiceConnection connection, SimpleServiceRequest request) {
    String host = request.header("host", "127.0.0.1");
    StringBuilder json = new StringBuilder(160);
    int line;
    switch (request.path) {
      case "/endpoint0" -> {
        line = 59;
        SimpleServiceText.field(json.append('{'), "host", host).append(", ");
        SimpleServiceText.field(json, "version", version).append(", ");
        SimpleServiceText.field(json, "result", "all is well").append('}');
      }
      case "/health" -> {
        line = 79;
        json.append("{\"healthy\": true}");
      }
      case "/info" -> {
        line = 101;
        SimpleServiceText.field(json.append('{'), "host", host).append(", ");
        SimpleServiceText.field(json, "version", version).append(", ");
        SimpleServiceText.field(json, "from", connection.peer()).append('}');
      }
      case "/env" -> {
        line = 121;
        SimpleServiceText.field(json.append('{'), "version", version).append(", ");
        SimpleServiceText.field(json, "env", SimpleServiceText.pythonMap(env)).append('}');
      }
      default -> {
        return null;
      }
    }
    if (request.method.equals("GET")) {
      info(
          new StringBuilder(request.path)
              .append(" serving from ")
              .append(host)
              .append(" has been invoked from ")
              .append(connection.peer()),
          line);
    }
    return json.toString();
  }

  private void respond(SimpleServiceConnection connection) {
    byte[] body = connection.content.getBytes(StandardCharsets.UTF_8);
    String reason =
        connection.status == 200
            ? "OK"
            : connection.status == 404 ? "Not Found" : "Method Not Allowed";
    StringBuilder head =
        new StringBuilder(200)
            .append("HTTP/1.1 ")
            .append(connection.status)
            .append(' ')
            .append(reason)
            .append("\r\nServer: simpleservice\r\nDate: ")
            .append(date())
            .append(connection.status == 405 ? "\r\nAllow: GET" : "")
            .append("\r\nContent-Type: application/json\r\nContent-Length: ")
            .append(body.length)
            .append(connection.closing ? "\r\nConnection: close" : "\r\nConnection: keep-alive")
            .append("\r\n\r\n");
    connection.send(head, body);
    long micros = (System.nanoTime() - connection.started) / 1000;
    SimpleServiceRequest request = connection.request;
    StringBuilder line =
        new StringBuilder()
            .append(connection.status)
            .append(' ')
            .append(request.method)
            .append(' ')
            .append(request.target)
            .append(" (")
            .append(connection.peer())
            .append(") ")
            .append(micros / 1000)
            .append('.')
            .append(micros / 100 % 10)
            .append(micros / 10 % 10)
            .append("ms");
    write(connection.status == 200 ? "INFO" : "WARNING", line, ACCESS_LINE);
  }

  private int healthDelay() {
    return healthMax > healthMin ? healthMin + (int) (Math.random() * (healthMax - healthMin)) : 0;
  }

  private long untilNextDelayed() {
    long next = Long.MAX_VALUE;
    for (SimpleServiceConnection connection : delayed) {
      next = Math.min(next, connection.due - System.nanoTime());
    }
    return next == Long.MAX_VALUE ? 0 : Math.max(1, (next + 999_999) / 1_000_000);
  }

  private void releaseDelayed() {
    long now = System.nanoTime();
    for (Iterator<SimpleServiceConnection> all = delayed.iterator(); all.hasNext(); ) {
      SimpleServiceConnection connection = all.next();
      if (connection.due - now <= 0) {
        all.remove();
        connection.waiting = false;
        if (connection.key.isValid()) {
          respond(connection);
          advance(connection, false);
        }
      }
    }
  }

  private void info(StringBuilder message, int line) {
    write("INFO", message, line);
  }

  private void write(String level, StringBuilder message, int line) {
    StringBuilder text = new StringBuilder(160);
    SimpleServiceText.timestamp(text, second())
        .append(' ')
        .append(level)
        .append(' ')
        .append(message);
    log.println(text.append(" [at line ").append(line).append(']'));
  }

  private String date() {
    long second = second();
    if (second != dateSecond) {
      date = SimpleServiceText.httpDate(second);
      dateSecond = second;
    }
    return date;
  }

  private static long second() {
    return System.currentTimeMillis() / 1000;
  }

  private int number(String name, int otherwise, int max) {
    String text = env.getOrDefault(name, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= 0 && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, together with numbers out of range.
    }
    throw new IllegalArgumentException(
        name + "=" + text + ": give a whole number from 0 to " + max);
  }

  /** On SIGTERM: the JVM would wait 300 ms for a thread that sits in the selector. */
  private static final class Stop extends Thread {
    private final SimpleService service;

    Stop(SimpleService service) {
      super("stop");
      this.service = service;
    }

    @Override
    public void run() {
      try {
        service.close();
      } catch (IOException e) {
        // The process ends either way.
      }
    }
  }
}
