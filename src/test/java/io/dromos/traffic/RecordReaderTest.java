package io.dromos.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dromos.app.AppId;
import io.dromos.routing.Backend;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
  /** As an older release had it; names as long as those of the newer one. */
  record Oldie(String name, int port, boolean gone) {}

  record Newer(
      String name, int port, @Nullable String note, List<String> tags, Map<String, Integer> more) {}

  record OldieList(List<Record> each, Colour colour) {}

  record NewerList(List<Newer> each, Colour colour) {}

  enum Colour {
    RED,
    BLUE
  }

  record Pair(Backend first, Backend second) {}

  private static byte[] renamed(byte[] bytes, String from, String to) {
    return new String(bytes, StandardCharsets.ISO_8859_1)
        .replace(from, to)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void everyComponentOfASnapshotComesBack() throws Exception {
    RoutingSnapshot snapshot = new Samples().of(RoutingSnapshot.class);
    assertEquals(snapshot, RecordReader.read(RecordWriter.write(snapshot), RoutingSnapshot.class));
  }

  @Test
  void everyMessageComesBack() throws Exception {
    for (Class<?> type : TrafficMessage.class.getPermittedSubclasses()) {
      Record message = new Samples().of(type.asSubclass(Record.class));
      assertEquals(message, RecordReader.read(RecordWriter.write(message), TrafficMessage.class));
    }
  }

  @Test
  void whatWasOneObjectIsOneObject() throws Exception {
    Backend backend =
        new Backend(
            new TaskId("web.1"), new AppId("/web"), "n", "10.0.0.1", 80, Backend.State.ACTIVE);
    byte[] bytes = RecordWriter.write(new Pair(backend, backend));
    Pair pair = RecordReader.read(bytes, Pair.class);
    assertEquals(backend, pair.first());
    assertSame(pair.first(), pair.second());
  }

  @Test
  void aNewerReleaseReadsWhatAnOlderOneWrote() throws Exception {
    byte[] bytes = renamed(RecordWriter.write(new Oldie("web", 80, true)), "Oldie", "Newer");
    assertEquals(
        new Newer("web", 80, null, List.of(), Map.of()), RecordReader.read(bytes, Newer.class));
  }

  @Test
  void anOlderReleaseReadsWhatANewerOneWrote() throws Exception {
    byte[] bytes =
        renamed(
            RecordWriter.write(new Newer("web", 80, "note", List.of("a"), Map.of("b", 1))),
            "Newer",
            "Oldie");
    assertEquals(new Oldie("web", 80, false), RecordReader.read(bytes, Oldie.class));
  }

  @Test
  void whatIsUnknownIsLeftOutOfItsList() throws Exception {
    byte[] written =
        RecordWriter.write(
            new OldieList(
                List.of(new Newer("web", 80, null, List.of(), Map.of()), new Oldie("x", 1, false)),
                Colour.BLUE));
    byte[] bytes = renamed(written, "Test$OldieList", "Test$NewerList");
    bytes = renamed(renamed(bytes, "Test$Oldie", "Test$Other"), "BLUE", "GREY");
    NewerList read = RecordReader.read(bytes, NewerList.class);
    assertEquals(List.of(new Newer("web", 80, null, List.of(), Map.of())), read.each());
    assertEquals(Colour.RED, read.colour(), "an unknown constant is the first one");
  }

  @Test
  void onlyRecordsOfOursAreMade() {
    byte[] bytes =
        renamed(
            RecordWriter.write(new Oldie("web", 80, true)),
            "io.dromos.traffic",
            "ja.dromos.traffic");
    assertThrows(
        RecordReader.UnreadableException.class, () -> RecordReader.read(bytes, Oldie.class));
  }

  @Test
  void whateverIsDamagedIsRefusedInOneWay() throws Exception {
    byte[] whole = RecordWriter.write(new Samples().of(RoutingSnapshot.class));
    Random random = new Random(42);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = whole.clone();
      for (int hit = random.nextInt(4); hit >= 0; hit--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      int length = random.nextBoolean() ? damaged.length : random.nextInt(damaged.length);
      try {
        RecordReader.read(java.util.Arrays.copyOf(damaged, length), RoutingSnapshot.class);
      } catch (RecordReader.UnreadableException e) {
        refused++;
      }
    }
    assertEquals(true, refused > 10_000, refused + " of 20,000 refused");
  }

  @Test
  void whatCannotBeCarriedIsSaid() {
    record Odd(Object thing) {}
    assertThrows(IllegalArgumentException.class, () -> RecordWriter.write(new Odd(new Object())));
  }
}
