package io.dromos.dataplane.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Lines that stay bytes behave as lines of text. */
class HeadersTest {
  private static Headers read(String lines) throws MalformedMessageException {
    byte[] bytes = (lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    return HeadParser.trailers(bytes, bytes.length);
  }

  private static String written(Headers headers) {
    ByteBuf out = Unpooled.buffer();
    headers.write(out);
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatWasReadIsFoundWithoutCase() throws MalformedMessageException {
    Headers headers = read("Host: a\r\nX-A:1\r\nx-a: \t 2 \r\nEmpty:\r\n");
    assertEquals("a", headers.first("HOST"));
    assertEquals(2, headers.count("X-A"));
    assertEquals("1", headers.first("x-A"));
    assertEquals("2", headers.value(2));
    assertEquals("", headers.first("empty"));
    assertNull(headers.first("X-B"));
    assertTrue(headers.is(1, "x-a"));
    assertFalse(headers.is(0, "X-A"));
    assertEquals(5, headers.nameLength(3));
    assertThrows(IndexOutOfBoundsException.class, () -> headers.name(4));
  }

  @Test
  void linesThatCameOtherwiseAreWrittenAsAllAre() throws MalformedMessageException {
    Headers headers = read("A: 1\r\nB:2\r\nC:  3 \r\nD: 4\r\nE: 5\r\n");
    assertEquals("A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\n\r\n", written(headers));
  }

  @Test
  void linesOfSeveralOriginsKeepTheirOrder() throws MalformedMessageException {
    Headers in = read("A: 1\r\nB: 2\r\nC: 3\r\n");
    Headers other = read("D: 4\r\n");
    Headers out = new Headers();
    out.add("Host", "h");
    out.add(in, 0);
    out.add(in, 2);
    out.add("X", "y");
    out.add(other, 0);
    out.add(in, 1);
    assertEquals("Host: h\r\nA: 1\r\nC: 3\r\nX: y\r\nD: 4\r\nB: 2\r\n\r\n", written(out));
    assertEquals("4", out.first("d"));
    assertEquals(6, out.size());
  }

  @Test
  void manyLinesFit() throws MalformedMessageException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      lines.append("N").append(i).append(": ").append(i).append("\r\n");
    }
    Headers headers = read(lines.toString());
    assertEquals("99", headers.first("n99"));
    assertEquals(lines + "\r\n", written(headers));
  }
}
