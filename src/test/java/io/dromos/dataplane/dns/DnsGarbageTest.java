package io.dromos.dataplane.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random and mutated packets: the server goes on answering, and its memory stays what it was. Short
 * here; {@code -Ddromos.test.dns.garbage=1000000} is the long run.
 */
class DnsGarbageTest {
  private static final int PACKETS = Integer.getInteger("dromos.test.dns.garbage", 20_000);
  private static final String NAME = "one.marathon.mesos";

  private final AtomicInteger leaks = new AtomicInteger();
  private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
  private final DnsHost host = new DnsHost().with(NAME, "10.0.0.1");

  @BeforeEach
  void watchLeaks() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ByteBufUtil.setLeakListener((type, records) -> leaks.incrementAndGet());
    host.serve();
  }

  @AfterEach
  void close() {
    host.close();
    ByteBufUtil.setLeakListener(null);
    ResourceLeakDetector.setLevel(level);
  }

  /** Bytes on the heap that are not garbage. */
  private static long live() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Leaks are noticed when other buffers are made after a collection. */
  private int leaked() {
    System.gc();
    for (int i = 0; i < 200; i++) {
      ByteBufAllocator.DEFAULT.buffer(16).release();
      UnpooledByteBufAllocator.DEFAULT.buffer(16).release();
    }
    return leaks.get();
  }

  /** Half is noise; the other half began as a question or as a reply. */
  private static byte[] garbage(Random random) {
    if (random.nextInt(4) == 0) {
      byte[] noise = new byte[random.nextInt(600)];
      random.nextBytes(noise);
      return noise;
    }
    List<String> names = List.of(NAME, "x.thisdcos.directory", "a.b.mesos", "_x._tcp.mesos");
    byte[] opt = random.nextBoolean() ? DnsClient.opt(random.nextInt(65_536), 0) : new byte[0];
    String name = names.get(random.nextInt(names.size()));
    byte[] packet = DnsClient.query(random.nextInt(65_536), name, random.nextInt(260), opt);
    for (int flips = random.nextInt(6); flips > 0; flips--) {
      packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
    }
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(packet, random.nextInt(packet.length));
      case 1 -> Arrays.copyOf(packet, packet.length + random.nextInt(1_500));
      default -> packet;
    };
  }

  @Test
  void randomAndMutatedDatagramsNeitherStopTheServerNorStayInItsMemory() throws IOException {
    Random random = new Random(6_151);
    long replies = send(random, Math.min(PACKETS, 5_000));
    long before = live();
    replies += send(random, PACKETS);
    long after = live();
    System.out.printf(
        "%,d packets, %,d replies, live heap %,d KiB before and %,d KiB after, %d leaks, %s%n",
        PACKETS, replies, before >> 10, after >> 10, leaked(), host.stats().byOutcome());
    assertTrue(after - before < 4 << 20, before + " bytes before, " + after + " after");
    assertEquals(0, leaked());
    assertEquals(List.of("10.0.0.1"), host.client.udp(NAME, 1).data());
    assertEquals(0, host.stats().of(DnsStats.Outcome.FAILED), "no question may be a surprise");
    assertTrue(host.stats().of(DnsStats.Outcome.FAULTY) > PACKETS / 20, "" + replies);
  }

  /** Sends and reads in turn, so that nothing is lost in a full buffer. */
  private long send(Random random, int packets) throws IOException {
    long replies = 0;
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), host.port));
      channel.configureBlocking(false);
      ByteBuffer reply = ByteBuffer.allocate(65_535);
      for (int i = 0; i < packets; i++) {
        channel.write(ByteBuffer.wrap(garbage(random)));
        if (i % 64 == 0) {
          // A good question after each lot: when it is answered, so was all before it.
          assertEquals(List.of("10.0.0.1"), host.client.udp(NAME, 1).data());
        }
        while (channel.read(reply.clear()) > 0) {
          assertTrue((reply.get(2) & 0x80) != 0, "what comes back is a reply");
          assertTrue(reply.position() <= Dns.UDP_LIMIT, "a reply of " + reply.position());
          replies++;
        }
      }
    }
    return replies;
  }

  @Test
  void randomStreamsAreCutOffOrAnsweredAndTheNextClientIsServed() throws IOException {
    Random random = new Random(6_152);
    int silent = 0;
    int cutOff = 0;
    for (int i = 0; i < PACKETS / 100; i++) {
      try (Socket socket = new Socket("127.0.0.1", host.port)) {
        socket.setSoTimeout(1);
        writeGarbage(socket.getOutputStream(), random);
        int unused = socket.getInputStream().read(new byte[4_096]);
      } catch (SocketTimeoutException e) {
        // Nothing in it deserved an answer, or it waits for the rest of a query.
        silent++;
      } catch (IOException e) {
        // The server has had enough of it.
        cutOff++;
      }
    }
    assertTrue(silent + cutOff > 0, "garbage that is always answered is none");
    assertEquals(1, host.client.tcp(DnsClient.query(1, NAME, 1, new byte[0])).size());
    assertEquals(0, leaked());
  }

  private static void writeGarbage(OutputStream out, Random random) throws IOException {
    for (int packet = random.nextInt(20); packet >= 0; packet--) {
      byte[] garbage = garbage(random);
      int length = random.nextInt(10) == 0 ? random.nextInt(65_536) : garbage.length;
      out.write(new byte[] {(byte) (length >>> 8), (byte) length});
      out.write(garbage);
    }
  }
}
