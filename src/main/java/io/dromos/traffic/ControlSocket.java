package io.dromos.traffic;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The traffic process's own door, a unix socket. Who connects says one byte: {@code L} for the
 * server's link, which is {@link MessageStream messages} from there on, or {@code W} for whoever
 * watches over the process: it gets a line {@code identity pid}, then a line {@code renew} each
 * time a successor is asked for, and the end of the stream when the process ends, however it does.
 */
final class ControlSocket implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ControlSocket.class.getName());

  private final ServerSocketChannel server;
  private final String greeting;
  private final Consumer<MessageStream> onLink;
  private final List<SocketChannel> watchers = new CopyOnWriteArrayList<>();
  private @Nullable MessageStream link;
  private boolean held;

  private ControlSocket(
      ServerSocketChannel server, String greeting, Consumer<MessageStream> onLink) {
    this.server = server;
    this.greeting = greeting;
    this.onLink = onLink;
  }

  /**
   * Listens at {@code path}, in place of whoever did before.
   *
   * @param greeting the line that watchers get
   * @param onLink gets each new link, on a thread of its own, which ends with the link
   */
  static ControlSocket open(Path path, String greeting, Consumer<MessageStream> onLink)
      throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    ControlSocket socket;
    try {
      server.bind(UnixDomainSocketAddress.of(fresh));
      socket = new ControlSocket(server, greeting, onLink);
      start("traffic-control", socket::accept);
      // Whoever connects by the name gets the old one or this one, and never nobody.
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return socket;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        start("traffic-conversation", () -> converse(channel));
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the control socket is closed: {0}", e.getMessage());
    }
  }

  private void converse(SocketChannel channel) {
    try (channel) {
      ByteBuffer word = ByteBuffer.allocate(1);
      while (channel.read(word) >= 0) {
        if (word.hasRemaining()) {
          continue;
        }
        switch (word.get(0)) {
          case 'L' -> serveLink(channel);
          case 'W' -> watch(channel);
          default -> {
            return;
          }
        }
        return;
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a conversation ended: {0}", e.getMessage());
    }
  }

  private void serveLink(SocketChannel channel) throws IOException {
    MessageStream fresh = new MessageStream(channel);
    synchronized (this) {
      if (held) {
        return;
      }
      if (link != null) {
        // A server that was killed may have left one that nobody has noticed yet.
        link.close();
      }
      link = fresh;
    }
    onLink.accept(fresh);
  }

  private void watch(SocketChannel channel) throws IOException {
    say(channel, greeting);
    watchers.add(channel);
    try {
      // Says nothing more; this ends when it goes.
      while (channel.read(ByteBuffer.allocate(16)) >= 0) {
        Thread.onSpinWait();
      }
    } finally {
      watchers.remove(channel);
    }
  }

  private static void say(SocketChannel channel, String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Asks those who watch for a successor; false when nobody does. */
  boolean askForSuccessor() {
    boolean asked = false;
    for (SocketChannel watcher : watchers) {
      try {
        say(watcher, "renew");
        asked = true;
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "a watcher has gone: {0}", e.getMessage());
      }
    }
    return asked;
  }

  /** No link: what is served stays as it is. */
  synchronized void hold() throws IOException {
    held = true;
    if (link != null) {
      link.close();
      link = null;
    }
  }

  synchronized void resume() {
    held = false;
  }

  @Override
  public void close() throws IOException {
    hold();
    server.close();
    for (SocketChannel watcher : watchers) {
      watcher.close();
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "dromos-" + name);
    thread.setDaemon(true);
    thread.start();
  }
}
