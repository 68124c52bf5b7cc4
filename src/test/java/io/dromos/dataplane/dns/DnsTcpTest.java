package io.dromos.dataplane.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients of the stream transport that are slow, greedy or wrong. */
class DnsTcpTest {
  private static final String MANY = "many.marathon.mesos";

  private final DnsHost host = new DnsHost();

  DnsTcpTest() {
    String[] addresses = new String[128];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = "10.1.0." + i;
    }
    host.with(MANY, addresses).serve();
  }

  @AfterEach
  void close() {
    host.close();
  }

  private static byte[] framed(byte[] query) {
    return ByteBuffer.allocate(query.length + 2).putShort((short) query.length).put(query).array();
  }

  private static byte[] question(int id) {
    return framed(DnsClient.query(id, MANY, 1, new byte[0]));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", host.port);
    socket.setSoTimeout(8_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static DnsClient.Reply reply(DataInputStream in) throws IOException {
    return DnsClient.read(in.readNBytes(in.readUnsignedShort()));
  }

  @Test
  void aQuestionMayComeByteByByteAndTheNextRightBehindIt() throws IOException {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      for (byte octet : question(1)) {
        out.write(octet);
        out.flush();
      }
      byte[] two = question(2);
      byte[] three = question(3);
      ByteBuffer both = ByteBuffer.allocate(two.length + three.length).put(two).put(three);
      out.write(both.array(), 0, two.length + 5);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertEquals(1, reply(in).id());
      assertEquals(2, reply(in).id());
      out.write(both.array(), two.length + 5, three.length - 5);
      assertEquals(3, reply(in).id());
    }
  }

  /** 40,000 questions of 2 KB replies: 80 MB, which neither side has room for. */
  @Test
  void whoDoesNotReadIsNotReadFromAndGetsAllRepliesLater() throws Exception {
    int questions = 40_000;
    try (Socket socket = new Socket()) {
      socket.setSendBufferSize(32_768);
      socket.setReceiveBufferSize(32_768);
      socket.setSoTimeout(8_000);
      socket.connect(new InetSocketAddress("127.0.0.1", host.port));
      Thread writer = new Thread(() -> write(socket, questions));
      writer.setDaemon(true);
      writer.start();
      writer.join(500);
      assertTrue(writer.isAlive(), "the server must stop reading when its replies are not read");
      assertEquals(Dns.NO_ERROR, host.client.udp(MANY, 1).rcode(), "others are served meanwhile");
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      for (int i = 0; i < questions; i++) {
        byte[] reply = in.readNBytes(in.readUnsignedShort());
        assertEquals(i & 0xFFFF, ByteBuffer.wrap(reply).getShort() & 0xFFFF);
        assertEquals(128, ByteBuffer.wrap(reply).getShort(6));
      }
    }
  }

  private static void write(Socket socket, int questions) {
    try {
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < questions; i++) {
        out.write(question(i & 0xFFFF));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatCannotBeAQuestionEndsTheConnection() throws IOException {
    for (byte[] wrong :
        List.of(new byte[] {0, 0}, new byte[] {0, 5, 1, 2, 3, 4, 5}, new byte[] {-1, -1})) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(wrong);
        assertEquals(-1, socket.getInputStream().read());
      }
    }
  }

  @Test
  void theConnectionThatWasSilentLongestMakesRoomForANewOne() throws IOException {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < TcpClients.MOST; i++) {
        Socket socket = connect();
        open.add(socket);
        socket.getOutputStream().write(question(i));
        assertEquals(i, reply(new DataInputStream(socket.getInputStream())).id());
      }
      open.get(0).getOutputStream().write(question(7));
      assertEquals(7, reply(new DataInputStream(open.get(0).getInputStream())).id());
      Socket one = connect();
      open.add(one);
      one.getOutputStream().write(question(8));
      assertEquals(8, reply(new DataInputStream(one.getInputStream())).id());
      assertEquals(-1, open.get(1).getInputStream().read(), "the second was silent longest");
      open.get(0).getOutputStream().write(question(9));
      assertEquals(9, reply(new DataInputStream(open.get(0).getInputStream())).id());
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void questionsThatWaitForUpstreamServersDoNotHoldUpTheOthersNorGrowWithoutLimit()
      throws IOException {
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 53);
    try (DnsHost slow =
            new DnsHost(
                new Upstreams(Map.of(), () -> List.of(nobody)), client -> true, Map.of(), "");
        Socket socket = new Socket("127.0.0.1", serving(slow))) {
      socket.setSoTimeout(8_000);
      int waiting = TcpQueries.MOST_WAITING;
      for (int i = 1; i < waiting; i++) {
        socket.getOutputStream().write(framed(DnsClient.query(i, "x.example", 1, new byte[0])));
      }
      socket.getOutputStream().write(framed(DnsClient.query(0, "one.mesos", 1, new byte[0])));
      for (int i = 0; i < 30; i++) {
        socket.getOutputStream().write(framed(DnsClient.query(500, "y.example", 1, new byte[0])));
      }
      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertEquals(0, reply(in).id(), "our own name overtakes those of others");
      for (int i = 1; i < waiting + 30; i++) {
        assertEquals(Dns.SERVER_FAILURE, reply(in).rcode());
      }
    }
  }

  private static int serving(DnsHost host) {
    host.with("one.mesos", "10.0.0.1").serve();
    return host.port;
  }
}
