package io.dromos.dcos;

import static io.dromos.api.WireFixtures.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.api.WireFixtures;
import io.dromos.runtime.LogLimits;
import io.dromos.runtime.LogRotation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pieces of a log, and following it, while it grows and is rotated. */
class LogReadingTest {
  private static final LogLimits ROTATE_NOW = new LogLimits(1, 3);

  @TempDir Path sandbox;
  private Path log;

  @BeforeEach
  void name() {
    log = sandbox.resolve("stdout");
  }

  @ParameterizedTest
  @CsvSource({
    "BEG, , , 'a1 a2 b1 b2 c1 c2'",
    "BEG, 1, 2, 'a2 b1'",
    "BEG, 5, , 'c2'",
    "BEG, 99, , ''",
    "END, , , ''",
    "END, -1, , 'c2'",
    "END, -3, , 'b2 c1 c2'",
    "END, -3, 1, 'b2'",
    "END, -99, , 'a1 a2 b1 b2 c1 c2'",
    "3, , , 'c2'",
    "0, , , 'c1 c2'",
    "0, -1, , 'b2 c1 c2'",
    "999, , , ''",
  })
  void aPieceReachesIntoWhatWasRotatedAway(
      String cursor, String skip, String limit, String expected) throws IOException {
    Files.writeString(LogView.rotated(log, 2), "a1\na2\n");
    Files.writeString(LogView.rotated(log, 1), "b1\nb2\n");
    Files.writeString(log, "c1\nc2\n");
    assertEquals(expected, piece(LogQuery.parse(cursor, skip, limit, null)));
  }

  @Test
  void aLineWithoutItsLineFeedCountsAsOne() throws IOException {
    Files.writeString(log, "one\ntwo\nthr");
    assertEquals("two thr", piece(LogQuery.parse("END", "-2", null, null)));
    assertEquals("thr", piece(LogQuery.parse("END", "-1", null, null)));
  }

  @Test
  void linesLongerThanABlockAreCountedRight() throws IOException {
    String long1 = "x".repeat(100_000);
    Files.writeString(log, "first\n" + long1 + "\nlast\n");
    assertEquals(long1 + " last", piece(LogQuery.parse("END", "-2", null, null)));
    assertEquals("last", piece(LogQuery.parse("BEG", "2", null, null)));
  }

  @Test
  void aQueryThatMeansNothingIsRefusedInWords() {
    for (String[] query :
        new String[][] {{"MIDDLE", null, null}, {"BEG", "few", null}, {"BEG", null, "-1"}}) {
      assertThrows(
          IllegalArgumentException.class, () -> LogQuery.parse(query[0], query[1], query[2], null));
    }
    assertEquals(
        new LogQuery(LogQuery.Cursor.OFFSET, 42, 0, 0), LogQuery.parse("END", "-3", "1", "42"));
  }

  @Test
  void newLinesComeOnceAndWhole() throws IOException {
    Files.writeString(log, "old\n");
    try (LogTail tail = LogTail.open(log, LogQuery.parse("END", null, null, null))) {
      assertEquals(List.of(), texts(tail));
      append("half");
      assertEquals(List.of(), texts(tail));
      append(" and half\nnext\n");
      List<LogTail.Line> lines = tail.poll(10_000);
      assertEquals(
          List.of("half and half", "next"), lines.stream().map(LogTail.Line::text).toList());
      assertEquals(18, lines.get(0).offset());
      assertEquals(23, lines.get(1).offset());
      append("the rest");
      assertEquals(List.of(), texts(tail));
      LogTail.Line rest = tail.rest();
      assertEquals("the rest", rest == null ? null : rest.text());
      assertNull(tail.rest());
    }
  }

  @Test
  void aBacklogFromRotatedFilesComesFirst() throws IOException {
    Files.writeString(LogView.rotated(log, 2), "a1\na");
    Files.writeString(LogView.rotated(log, 1), "2\nb1\n");
    Files.writeString(log, "c1\n");
    try (LogTail tail = LogTail.open(log, LogQuery.ALL)) {
      List<LogTail.Line> lines = tail.poll(10_000);
      assertEquals(
          List.of("a1", "a2", "b1", "c1"), lines.stream().map(LogTail.Line::text).toList());
      assertEquals(List.of(-1L, -1L, -1L, 3L), lines.stream().map(LogTail.Line::offset).toList());
      append("c2\n");
      assertEquals(List.of("c2"), texts(tail));
    }
  }

  @Test
  void copyingAndTruncatingLosesNoLine() throws IOException {
    Files.writeString(log, "1\n2\n");
    try (LogTail tail = LogTail.open(log, LogQuery.ALL)) {
      assertEquals(List.of("1", "2"), texts(tail));
      append("3\n4");
      assertTrue(LogRotation.copyAndTruncate(log, ROTATE_NOW));
      append("5\n6\n");
      assertEquals(List.of("3", "45", "6"), texts(tail));
      append("7\n");
      assertEquals(List.of("7"), texts(tail));
    }
  }

  @Test
  void severalRotationsBetweenTwoLooksLoseNoLine() throws IOException {
    Files.writeString(LogView.rotated(log, 1), "0\n");
    Files.writeString(log, "1\n2\n");
    try (LogTail tail = LogTail.open(log, LogQuery.parse("0", null, null, null))) {
      assertEquals(List.of("1", "2"), texts(tail));
      append("3\n");
      LogRotation.copyAndTruncate(log, ROTATE_NOW);
      append("4\n5\n");
      LogRotation.copyAndTruncate(log, ROTATE_NOW);
      append("6\n");
      assertEquals(List.of("3", "4", "5", "6"), texts(tail));
    }
  }

  @Test
  void movingAwayLosesNoLine() throws IOException {
    Files.writeString(log, "1\n");
    try (LogTail tail = LogTail.open(log, LogQuery.ALL)) {
      assertEquals(List.of("1"), texts(tail));
      append("2\n");
      assertTrue(LogRotation.move(log, ROTATE_NOW));
      assertEquals(List.of("2"), texts(tail));
      append("3\n");
      assertEquals(List.of("3"), texts(tail));
      assertTrue(LogRotation.move(log, ROTATE_NOW));
      append("4\n");
      assertEquals(List.of("4"), texts(tail));
    }
  }

  @Test
  void aFileThatIsNotThereYetIsWaitedFor() throws IOException {
    try (LogTail tail = LogTail.open(log, LogQuery.parse("END", "-10", null, null))) {
      assertEquals(List.of(), texts(tail));
      append("here\n");
      assertEquals(List.of("here"), texts(tail));
    }
  }

  @Test
  void aLineWithoutEndComesInPiecesAtWholeCharacters() throws IOException {
    String endless = "ü".repeat(LogTail.MAX_LINE);
    append(endless + "\n");
    try (LogTail tail = LogTail.open(log, LogQuery.ALL)) {
      List<String> pieces = texts(tail);
      assertTrue(pieces.size() > 1);
      assertEquals(endless, String.join("", pieces));
      for (String piece : pieces) {
        assertTrue(piece.getBytes(StandardCharsets.UTF_8).length <= LogTail.MAX_LINE + 4);
      }
    }
  }

  @Test
  void aSymbolicLinkIsNotFollowed() throws IOException {
    Path secret = Files.writeString(sandbox.resolve("secret"), "secret\n");
    Files.createSymbolicLink(log, secret);
    assertThrows(IOException.class, () -> LogView.open(log).close());
  }

  @Test
  void pathsInBothForms() {
    String task = "sise.c7c311a4-b669-11e6-a48f-0ea4f4b1778c";
    LogPath expected =
        new LogPath("A-S0", io.dromos.task.TaskId.parse(task).orElseThrow(), "stderr");
    assertEquals(
        expected,
        LogPath.parse("/system/v1/agent/A-S0/logs/v2/task/" + task + "/file/stderr").orElseThrow());
    assertEquals(
        expected,
        LogPath.parse(
                "/system/v1/agent/A-S0/logs/v2/task/frameworks/F/executors/"
                    + task
                    + "/runs/C/stderr")
            .orElseThrow());
    assertNull(
        LogPath.parse("/system/v1/logs/v2/task/" + task + "/file/stdout").orElseThrow().agentId());
    assertTrue(LogPath.parse("/system/v1/agent/A/logs/v2/task/garbage/file/stdout").isEmpty());
    assertTrue(LogPath.parse("/system/v1/agent/A/metrics/v0/node").isEmpty());
  }

  @Test
  void aFollowerGetsTheLinesAsTheyComeAndTheEndWithTheTask() throws IOException {
    append("first\n");
    AtomicBoolean ended = new AtomicBoolean();
    try (LogFollowers followers =
        new LogFollowers(Clock.fixed(WireFixtures.NOON, ZoneOffset.UTC), Thread::new)) {
      WireFixtures.FakeClient client =
          new WireFixtures.FakeClient(followers::wake, followers::wake);
      followers.follow(
          client.sink(), LogTail.open(log, LogQuery.ALL), Map.of("FILE", "stdout"), ended::get);
      await("first", () -> client.text().contains("first"));
      assertEquals(
          "id: 6\ndata: {\"fields\":{\"MESSAGE\":\"first\",\"FILE\":\"stdout\"},"
              + "\"realtime_timestamp\":1704110400000000}\n\n",
          client.text());
      append("second\n");
      await("second", () -> client.text().contains("second"));
      assertFalse(client.completed());
      append("last words");
      ended.set(true);
      await("ended", client::completed);
      assertTrue(client.text().contains("last words"), client.text());
    }
  }

  @Test
  void aFollowerThatDoesNotReadIsNotReadForAndMissesNothing() throws IOException {
    try (LogFollowers followers = new LogFollowers(Clock.systemUTC(), Thread::new)) {
      WireFixtures.FakeClient client =
          new WireFixtures.FakeClient(followers::wake, followers::wake);
      client.block();
      append(
          String.join("\n", IntStream.range(0, 20_000).mapToObj(i -> "line-" + i).toList()) + "\n");
      followers.follow(client.sink(), LogTail.open(log, LogQuery.ALL), Map.of(), () -> false);
      await("something waits", () -> client.sink().pendingBytes() > 0);
      client.unblock();
      await("all", () -> client.text().contains("line-19999\""));
      List<String> seen = new ArrayList<>();
      client.text().lines().filter(l -> l.startsWith("data:")).forEach(seen::add);
      assertEquals(20_000, seen.size());
    }
  }

  private String piece(LogQuery query) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LogView view = LogView.open(log)) {
      long start = view.start(query);
      view.copy(start, view.end(query, start), out);
    }
    return out.toString(StandardCharsets.UTF_8).strip().replace('\n', ' ');
  }

  private static List<String> texts(LogTail tail) throws IOException {
    return tail.poll(1 << 20).stream().map(LogTail.Line::text).toList();
  }

  private void append(String text) throws IOException {
    Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
