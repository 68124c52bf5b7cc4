package io.dromos.dataplane.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Servers and clients in a network namespace: a program of its own, told what to do by lines on
 * standard input and answering each with one line. A server says its name to whoever connects, then
 * echoes.
 */
final class Peer {
  private static final int PATIENCE_MILLIS = 2_000;

  private static final Set<String> FAILURES =
      Set.of("refused", "reset", "silence", "error", "closed");

  private final Map<String, AutoCloseable> servers = new ConcurrentHashMap<>();
  private final Map<String, Map<Socket, Boolean>> accepted = new ConcurrentHashMap<>();
  private final Map<String, Socket> connections = new HashMap<>();
  private final Map<String, DatagramSocket> datagrams = new HashMap<>();

  private Peer() {}

  public static void main(String[] arguments) throws IOException {
    Peer peer = new Peer();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String answer;
      try {
        answer = peer.act(line.split(" "));
      } catch (Exception e) {
        answer = "error " + e;
      }
      System.out.println(answer);
      System.out.flush();
    }
    System.exit(0);
  }

  private String act(String[] words) throws Exception {
    return switch (words[0]) {
      case "serve" -> serve(words[1], words[2], Integer.parseInt(words[3]), words[4]);
      case "stop" -> stop(words[1]);
      case "ask" -> ask(0, words[1], Integer.parseInt(words[2]));
      case "from" -> ask(Integer.parseInt(words[1]), words[2], Integer.parseInt(words[3]));
      case "count" -> count(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
      case "time" -> time(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
      case "open" -> open(words[1], words[2], Integer.parseInt(words[3]));
      case "say" -> say(words[1]);
      case "udp" -> udp(words[1], words[2], Integer.parseInt(words[3]));
      default -> "error unknown " + words[0];
    };
  }

  private String serve(String protocol, String address, int port, String name) throws IOException {
    InetAddress at = InetAddress.getByName(address);
    if (protocol.equals("udp")) {
      DatagramSocket socket = new DatagramSocket(port, at);
      servers.put(name, socket);
      background(() -> answerDatagrams(socket, name));
    } else {
      ServerSocket socket = new ServerSocket(port, 1024, at);
      servers.put(name, socket);
      accepted.put(name, new ConcurrentHashMap<>());
      background(() -> accept(socket, name));
    }
    return "ok";
  }

  private static void background(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(ServerSocket socket, String name) {
    try {
      while (true) {
        Socket client = socket.accept();
        accepted.get(name).put(client, true);
        background(() -> echo(client, name));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void echo(Socket client, String name) {
    try (client) {
      OutputStream out = client.getOutputStream();
      String from = ((InetSocketAddress) client.getRemoteSocketAddress()).getHostString();
      out.write((name + " " + from + "\n").getBytes(StandardCharsets.UTF_8));
      client.getInputStream().transferTo(out);
    } catch (IOException e) {
      // The client went away.
    } finally {
      accepted.get(name).remove(client);
    }
  }

  private static void answerDatagrams(DatagramSocket socket, String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        socket.receive(packet);
        socket.send(new DatagramPacket(text, text.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /** Ends a server and, with resets, its connections: what the kernel does for a killed process. */
  private String stop(String name) throws Exception {
    AutoCloseable server = servers.remove(name);
    if (server == null) {
      return "error no server " + name;
    }
    server.close();
    for (Socket client : accepted.getOrDefault(name, Map.of()).keySet()) {
      client.setSoLinger(true, 0);
      client.close();
    }
    return "ok";
  }

  private static Socket connect(int from, String address, int port) throws IOException {
    Socket socket = new Socket();
    try {
      if (from != 0) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(from));
      }
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static String line(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = socket.getInputStream().read(); c != '\n'; c = socket.getInputStream().read()) {
      if (c < 0) {
        return "closed";
      }
      text.append((char) c);
    }
    return text.toString();
  }

  private static String failure(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return "silence";
    }
    if (e instanceof ConnectException && String.valueOf(e.getMessage()).contains("refused")) {
      return "refused";
    }
    if (e instanceof PortUnreachableException) {
      return "refused";
    }
    if (e instanceof SocketException && String.valueOf(e.getMessage()).contains("reset")) {
      return "reset";
    }
    return "error " + e;
  }

  /** Who answered, and as whom it saw us; or how it failed, and after how many milliseconds. */
  private static String ask(int from, String address, int port) {
    long began = System.nanoTime();
    try (Socket socket = connect(from, address, port)) {
      return line(socket);
    } catch (IOException e) {
      return failure(e) + " " + (System.nanoTime() - began) / 1_000_000;
    }
  }

  /** How often each answered; ends early when too often nobody did. */
  private static String count(String address, int port, int times) {
    Map<String, Integer> counts = new TreeMap<>();
    int failures = 0;
    for (int i = 0; i < times && failures < 5; i++) {
      String[] answer = ask(0, address, port).split(" ");
      counts.merge(answer[0], 1, Integer::sum);
      failures += FAILURES.contains(answer[0]) ? 1 : 0;
    }
    return counts.toString();
  }

  /** Microseconds a connect takes: median and 99th percentile. */
  private static String time(String address, int port, int times) throws IOException {
    long[] took = new long[times];
    for (int i = 0; i < times; i++) {
      long began = System.nanoTime();
      connect(0, address, port).close();
      took[i] = System.nanoTime() - began;
    }
    java.util.Arrays.sort(took);
    return took[times / 2] / 1_000 + " " + took[times * 99 / 100] / 1_000;
  }

  private String open(String id, String address, int port) {
    try {
      Socket socket = connect(0, address, port);
      connections.put(id, socket);
      return line(socket);
    } catch (IOException e) {
      return failure(e);
    }
  }

  /** Sends a line by an open connection and tells what came back. */
  private String say(String id) {
    @Nullable Socket socket = connections.get(id);
    if (socket == null) {
      return "error no connection " + id;
    }
    try {
      socket.getOutputStream().write("again\n".getBytes(StandardCharsets.UTF_8));
      return line(socket);
    } catch (IOException e) {
      return failure(e);
    }
  }

  /** Sends a datagram from the socket with that id, which stays open, and tells who answered. */
  private String udp(String id, String address, int port) throws IOException {
    DatagramSocket socket = datagrams.get(id);
    if (socket == null) {
      socket = new DatagramSocket();
      socket.setSoTimeout(1_000);
      socket.connect(new InetSocketAddress(address, port));
      datagrams.put(id, socket);
    }
    try {
      socket.send(new DatagramPacket(new byte[] {'?'}, 1));
      DatagramPacket answer = new DatagramPacket(new byte[512], 512);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return failure(e);
    }
  }
}
