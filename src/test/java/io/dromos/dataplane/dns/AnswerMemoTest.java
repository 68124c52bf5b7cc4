package io.dromos.dataplane.dns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever is answered from memory must be what the careful path would have answered. */
class AnswerMemoTest {
  private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
  private static final Suffixes SUFFIXES = new Suffixes("");
  private static final String VIP = "sise.marathon.l4lb.thisdcos.directory";
  private static final int A = 1;
  private static final int AAAA = 28;

  private final DnsHost host =
      new DnsHost()
          .with("one.marathon.mesos", "10.0.0.1")
          .with("two.marathon.mesos", "10.0.0.1", "10.0.0.2")
          .with("six.marathon.mesos", "fd00::6")
          .with("b-a.marathon.autoip.dcos.thisdcos.directory", "10.0.0.3");
  private final AnswerMemo memo = new AnswerMemo(host.vips());
  private Zones zones;

  AnswerMemoTest() {
    host.served.put(VIP, "127.128.4.4");
    zones = zones();
  }

  @AfterEach
  void close() {
    host.close();
  }

  private Zones zones() {
    return new Zones(host.snapshot(), host.vips(), List.of(new byte[] {127, 0, 0, 1}), Map.of());
  }

  /** The careful path's reply, which the memory learns; empty when it would forward. */
  private byte[] careful(byte[] message, boolean tcp) {
    ByteBuf in = Unpooled.wrappedBuffer(message);
    DnsQuery query = DnsQuery.read(in);
    if (query == null) {
      return new byte[0];
    }
    ByteBuf out = Unpooled.buffer();
    DnsQuery.Edns edns = query.edns();
    int udp = edns == null ? 512 : Math.max(512, Math.min(edns.udpSize(), 1_232));
    if (!new Answerer(zones, SUFFIXES).answer(query, CLIENT, tcp ? 65_535 : udp, out)) {
      return new byte[0];
    }
    memo.follow(zones);
    String vip =
        SUFFIXES
            .place(query.name())
            .map(Suffixes.Place::canonical)
            .filter(zones::isVip)
            .orElse(null);
    memo.learn(message, message.length, out, vip);
    return ByteBufUtil.getBytes(out);
  }

  /** Empty when the careful path must see the query. */
  private byte[] remembered(byte[] message, boolean tcp) {
    memo.follow(zones);
    byte[] scratch = Arrays.copyOf(message, AnswerMemo.LONGEST_REPLY);
    return Arrays.copyOf(scratch, memo.reply(scratch, message.length, tcp, CLIENT));
  }

  private static byte[] ask(String name, int type) {
    return DnsClient.query(77, name, type, new byte[0]);
  }

  @Test
  void plainQuestionsAboutAddressesAreRememberedInAnySpellingWithAndWithoutOpt() {
    for (String name :
        List.of(VIP, "one.marathon.mesos", "b-a.marathon.autoip.dcos.thisdcos.global")) {
      for (int type : new int[] {A, AAAA}) {
        assertEquals(0, remembered(ask(name, type), false).length, "nothing learned yet");
        var unused = careful(ask(name, type), false);
        for (byte[] opt : List.of(new byte[0], DnsClient.opt(1232, 0))) {
          byte[] query = DnsClient.query(4_711, name.toUpperCase(java.util.Locale.ROOT), type, opt);
          byte[] reply = remembered(query, false);
          assertTrue(reply.length > 0, name);
          assertArrayEquals(careful(query, false), reply, name + " " + type);
        }
      }
    }
  }

  @Test
  void mutatedQueriesAreAnsweredAsTheCarefulPathWould() {
    Random random = new Random(20_261_125);
    List<byte[]> good = new ArrayList<>();
    for (String name : List.of(VIP, "one.marathon.mesos", "six.marathon.mesos", "ready.spartan")) {
      for (int type : new int[] {A, AAAA}) {
        for (byte[] opt : List.of(new byte[0], DnsClient.opt(512, 0), DnsClient.opt(4_096, 1))) {
          good.add(DnsClient.query(random.nextInt(65_536), name, type, opt));
          var unused = careful(ask(name, type), false);
        }
      }
    }
    int hits = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] query = good.get(random.nextInt(good.size())).clone();
      for (int flips = random.nextInt(3); flips > 0; flips--) {
        query[random.nextInt(query.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(10) == 0) {
        query = Arrays.copyOf(query, random.nextInt(query.length + 20));
      }
      boolean tcp = random.nextBoolean();
      byte[] fast = remembered(query, tcp);
      if (fast.length > 0) {
        hits++;
        assertArrayEquals(careful(query, tcp), fast, ByteBufUtil.hexDump(query));
      }
    }
    assertTrue(hits > 15_000, "only " + hits + " were answered from memory");
  }

  @Test
  void aVipIsAnsweredWhileItIsServedUnderTheAddressOfTheMoment() {
    var unused = careful(ask(VIP, A), false);
    unused = careful(ask(VIP, AAAA), false);
    assertEquals("127.128.4.4", address(remembered(ask(VIP, A), false)));
    host.served.put(VIP, "11.0.4.4");
    assertEquals("11.0.4.4", address(remembered(ask(VIP, A), false)));
    host.served.clear();
    assertEquals(0, remembered(ask(VIP, A), false).length);
    assertEquals(0, remembered(ask(VIP, AAAA), false).length);
  }

  private static String address(byte[] reply) {
    return DnsClient.read(reply).data().get(0);
  }

  @Test
  void severalAddressesChangeTheirOrder() {
    var unused = careful(ask("two.marathon.mesos", A), false);
    Set<String> first = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      DnsClient.Reply reply = DnsClient.read(remembered(ask("two.marathon.mesos", A), false));
      assertEquals(List.of("10.0.0.1", "10.0.0.2"), reply.data());
      first.add(reply.answers().get(0).data());
    }
    assertEquals(2, first.size());
  }

  @Test
  void anotherSnapshotForgetsAll() {
    var unused = careful(ask("one.marathon.mesos", A), false);
    assertTrue(remembered(ask("one.marathon.mesos", A), false).length > 0);
    zones = zones();
    assertEquals(0, remembered(ask("one.marathon.mesos", A), false).length);
  }

  @Test
  void namesThatDoNotExistTakeNoMemoryAndManyThatDoAreStillAnswered() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      names.add("n" + i + ".marathon.mesos");
      host.with("n" + i + ".marathon.mesos", "10.1." + i / 250 + "." + i % 250);
    }
    zones = zones();
    for (String name : names) {
      var unused = careful(ask(name, A), false);
      unused = careful(ask("no" + name, A), false);
      assertEquals(0, remembered(ask("no" + name, A), false).length);
    }
    assertEquals("10.1.159.249", address(remembered(ask(names.get(39_999), A), false)));
    assertEquals(0, remembered(ask(names.get(0), A), false).length, "32768 is the most");
  }
}
