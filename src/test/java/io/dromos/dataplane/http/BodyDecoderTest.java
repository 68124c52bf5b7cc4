package io.dromos.dataplane.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyDecoderTest {
  private static String decode(BodyDecoder decoder, ByteBuf in) throws MalformedMessageException {
    StringBuilder payload = new StringBuilder();
    for (ByteBuf piece = decoder.next(in); piece != null; piece = decoder.next(in)) {
      payload.append(piece.toString(StandardCharsets.ISO_8859_1));
      piece.release();
    }
    return payload.toString();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  @Test
  void chunksComeOutAsPayloadHoweverTheyAreCut() throws MalformedMessageException {
    String wire = "5;ext=\"1\"\r\nhello\r\n00B\r\n, friends! \r\n0\r\nX-Sum: 15\r\n\r\nGET /next";
    for (int cut = 1; cut < wire.length(); cut++) {
      BodyDecoder decoder = new BodyDecoder(Framing.CHUNKED);
      ByteBuf in = Unpooled.buffer();
      in.writeBytes(wire.substring(0, cut).getBytes(StandardCharsets.ISO_8859_1));
      String payload = decode(decoder, in);
      in.writeBytes(wire.substring(cut).getBytes(StandardCharsets.ISO_8859_1));
      payload += decode(decoder, in);
      assertEquals("hello, friends! ", payload, "cut at " + cut);
      assertTrue(decoder.done());
      assertEquals("15", decoder.trailers().first("x-sum"));
      assertEquals("GET /next", in.toString(StandardCharsets.ISO_8859_1));
      in.release();
    }
  }

  @Test
  void aLengthStopsBeforeTheNextRequest() throws MalformedMessageException {
    BodyDecoder decoder = new BodyDecoder(Framing.length(3));
    ByteBuf in = bytes("abcGET /");
    assertEquals("abc", decode(decoder, in));
    assertTrue(decoder.done());
    assertEquals(5, in.readableBytes());
    in.release();
  }

  @Test
  void onlyABodyUntilCloseIsCompleteWhenTheConnectionEnds() {
    assertTrue(new BodyDecoder(Framing.UNTIL_CLOSE).endOfStream());
    assertFalse(new BodyDecoder(Framing.length(3)).endOfStream());
    assertFalse(new BodyDecoder(Framing.CHUNKED).endOfStream());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\nhello\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        " 5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "\r\nhello",
        "5\r\nhelloX\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5;a\rb\r\nhello\r\n",
        "1000000000000000\r\n",
        "0\r\nX : y\r\n\r\n",
        "0\r\nX: y\n\r\n",
      })
  void refusesChunksThatTwoParsersCouldReadDifferently(String wire) {
    BodyDecoder decoder = new BodyDecoder(Framing.CHUNKED);
    ByteBuf in = bytes(wire);
    assertThrows(MalformedMessageException.class, () -> decode(decoder, in));
    in.release();
  }

  @Test
  void refusesEndlessLines() {
    ByteBuf size = bytes("1;" + "x".repeat(5000));
    assertThrows(
        MalformedMessageException.class, () -> new BodyDecoder(Framing.CHUNKED).next(size));
    ByteBuf trailers = bytes("0\r\nX: " + "y".repeat(9000));
    assertThrows(
        MalformedMessageException.class, () -> new BodyDecoder(Framing.CHUNKED).next(trailers));
  }
}
