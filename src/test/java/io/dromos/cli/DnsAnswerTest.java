package io.dromos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lab's DNS client against bytes as they are on the wire. */
class DnsAnswerTest {
  private static final String QUESTION = "04736973650378797a0000010001";

  @Test
  void asksForTheAddressOfAName() {
    assertArrayEquals(
        bytes("123401000001000000000000" + QUESTION), DnsAnswer.query(0x1234, "sise.xyz."));
    assertThrows(IllegalArgumentException.class, () -> DnsAnswer.query(1, "a..b"));
  }

  @Test
  void readsAddressesThroughCompressionAndPrintsThemAsDigDoes() throws IOException {
    byte[] message =
        bytes(
            "1234850000010002000000 00".replace(" ", "")
                + QUESTION
                + "c00c00010001000000050004"
                + "7f800102"
                + "c00c0010000100000005000403616263");
    DnsAnswer answer = DnsAnswer.parse(ByteBuffer.wrap(message), 0x1234);
    assertEquals(List.of("127.128.1.2"), answer.addresses());
    assertEquals(
        List.of(
            ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, flags: qr aa, ANSWER: 2",
            "sise.xyz. 5 IN A 127.128.1.2",
            "sise.xyz. 5 IN TYPE16 \\# 4"),
        answer.lines());
  }

  @Test
  void refusesWhatIsCutForeignOrCircular() {
    for (String hex :
        List.of(
            "1234",
            "432185000000000000000000",
            "123405000000000000000000",
            "12348500000100000000000004736973",
            "123485000001000000000000c00c00010001")) {
      assertThrows(
          IOException.class, () -> DnsAnswer.parse(ByteBuffer.wrap(bytes(hex)), 0x1234), hex);
    }
  }

  @Test
  void saysThatANameDoesNotExist() throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Thread one =
          new Thread(
              () -> {
                try {
                  DatagramPacket query = new DatagramPacket(new byte[512], 512);
                  server.receive(query);
                  byte[] reply = query.getData();
                  reply[2] = (byte) 0x84;
                  reply[3] = 3;
                  server.send(
                      new DatagramPacket(reply, query.getLength(), query.getSocketAddress()));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      one.start();
      DnsAnswer answer =
          DnsAnswer.ask(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()),
              "none.xyz",
              Duration.ofSeconds(5));
      assertEquals("NXDOMAIN", answer.status());
      one.join();
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
