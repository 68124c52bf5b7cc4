package io.dromos.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.dromos.app.AppSpec;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is remembered never shows: with and without it the same comes out. */
class NameMemoryTest {
  private static final AppSpec ONE = Scene.app("/one", Scene.port(10000, "/one:80"));
  private static final AppSpec TWO = Scene.app("/group/two", Scene.port(10001));
  private static final Task FIRST = Scene.task(ONE, "one.1", TaskState.RUNNING, 31000);
  private static final Task SECOND = Scene.task(ONE, "one.2", TaskState.RUNNING, 31001);

  private final NameMemory memory = new NameMemory();

  private DnsRecords names(Scene scene) {
    RoutingSnapshot fresh = RoutingCompiler.compile(scene.input(), 1);
    RoutingSnapshot remembered = RoutingCompiler.compile(scene.input(), 1, memory);
    assertEquals(fresh, remembered);
    return remembered.dns();
  }

  private static Scene scene() {
    return new Scene().with(ONE).with(TWO);
  }

  @Test
  void theSameComesOutWhateverChanged() {
    DnsRecords before = names(scene().run(ONE, FIRST).run(ONE, SECOND));
    assertEquals(before, names(scene().run(ONE, FIRST).run(ONE, SECOND)));
    DnsRecords fewer = names(scene().run(ONE, FIRST));
    assertNotEquals(before, fewer);
    assertNotEquals(fewer, names(scene().run(ONE, Scene.killed(FIRST))));
    assertEquals(before, names(scene().run(ONE, FIRST).run(ONE, SECOND)));
  }

  @Test
  void aNodeThatMovedIsNoticed() {
    DnsRecords here = names(scene().run(ONE, FIRST));
    DnsRecords there = names(new Scene("10.0.0.9").with(ONE).with(TWO).run(ONE, FIRST));
    assertEquals(List.of("10.0.0.1"), here.addresses().get("one.marathon.mesos"));
    assertEquals(List.of("10.0.0.9"), there.addresses().get("one.marathon.mesos"));
  }

  @Test
  void aTaskOfANewDefinitionIsNoticed() {
    AppSpec container = Scene.containerApp("/one", Map.of(), Scene.port(10000));
    Task inside = Scene.at(FIRST, "172.18.0.3");
    names(scene().run(ONE, inside));
    names(new Scene().with(container).run(container, inside));
  }

  @Test
  void whatDidNotChangeIsMadeOnce() {
    RoutingInput input = scene().run(ONE, FIRST).input();
    TaskBackends tasks = new TaskBackends(input);
    memory.begin();
    TaskRecords made = memory.of(input.tasks().get(0), tasks, Map.of());
    memory.end();
    memory.begin();
    assertSame(made, memory.of(input.tasks().get(0), tasks, Map.of()));
    memory.end();
    memory.begin();
    memory.end();
    memory.begin();
    assertEquals(made, memory.of(input.tasks().get(0), tasks, Map.of()));
  }
}
