package io.dromos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code task} and {@code task log}. */
class TaskCommandTest {
  private static final String LOG = "GET /system/v1/agent/A-S0/logs/v2/task/";

  private StubServer server;

  @BeforeEach
  void start() throws IOException {
    server = new StubServer();
    server.on(
        "GET /mesos/master/state",
        200,
        """
        {"slaves":[{"id":"A-S0","hostname":"10.0.0.7","active":true,
                    "resources":{"cpus":4.0,"mem":1024.0},"used_resources":{"cpus":0.1,"mem":32.0}}],
         "frameworks":[{"name":"marathon","user":"root","active":true,"id":"F","hostname":"h",
           "tasks":[
             {"id":"sise.b","name":"sise","slave_id":"A-S0","state":"TASK_RUNNING"},
             {"id":"sise.a","name":"sise","slave_id":"A-S0","state":"TASK_RUNNING"},
             {"id":"sise2.c","name":"sise2","slave_id":"A-S0","state":"TASK_STAGING"},
             {"id":"shop_web.d","name":"web.shop","slave_id":"A-S9","state":"TASK_RUNNING"}],
           "completed_tasks":[
             {"id":"sise.old","name":"sise","slave_id":"A-S0","state":"TASK_FAILED"}]}]}\
        """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void listsNameHostUserStateAndId() {
    assertEquals(
        """
        NAME      HOST      USER  STATE  ID
        sise      10.0.0.7  root  R      sise.a
        sise      10.0.0.7  root  R      sise.b
        sise2     10.0.0.7  root  S      sise2.c
        web.shop  ---       root  R      shop_web.d
        """,
        server.run("task").out());
    assertEquals("sise.old\n", server.run("task", "list", "--completed", "-q").out());
    assertEquals("shop_web.d\n", server.run("task", "list", "-q", "/shop/web").out());
    assertEquals("sise.b\nsise2.c\n", server.run("task", "list", "-q", "sise*[bc]").out());
    assertEquals(
        "Error: no task ID found containing 'zzz'\n", server.run("task", "list", "zzz").err());
  }

  @Test
  void aLogOfSeveralTasksStandsUnderHeadings() {
    server.on(LOG + "sise.a/file/stderr?cursor=END&skip=-10", 200, "one\ntwo\n");
    server.on(LOG + "sise.b/file/stderr?cursor=END&skip=-10", 200, "three\n");
    String expected =
        """
        ===> task:sise.a:stderr <===
        one
        two
        ===> task:sise.b:stderr <===
        three
        """;
    assertEquals(expected, server.run("task", "log", "sise", "stderr").out());
    assertEquals(expected, server.run("log", "/sise", "stderr").out());
  }

  @Test
  void aLogOfOneTaskStandsAlone() {
    server.on(LOG + "sise2.c/file/stdout?cursor=END&skip=-2", 200, "x\ny\n");
    assertEquals("x\ny\n", server.run("task", "log", "--lines=2", "sise2").out());
    StubServer.Run missing = server.run("task", "log", "sise2", "none");
    assertEquals(new StubServer.Run(1, "", "Error: task sise2.c has no file none\n"), missing);
  }

  @Test
  void theFilesOfASandboxAreListed() {
    String browse =
        "GET /agent/A-S0/files/browse?path=%2Fframeworks%2F%2Fexecutors%2Fsise2.c%2Fruns%2Fsise2.c%2F";
    server.on(
        browse + ".",
        200,
        """
        [{"gid":"wheel","mode":"-rw-r--r--","mtime":0.0,"nlink":1,"path":"/x/./stdout","size":5,"uid":"me"},
         {"gid":"wheel","mode":"drwxr-xr-x","mtime":0.0,"nlink":2,"path":"/x/./sub","size":4096,"uid":"me"}]""");
    assertEquals("stdout  sub\n", server.run("task", "ls", "sise2").out());
    String details = server.run("task", "ls", "--long", "sise2").out();
    assertTrue(details.startsWith("-rw-r--r--  1 me wheel         5 Jan 01 "), details);
    assertEquals(
        new StubServer.Run(1, "", "Error: cannot access 'no': no such file or directory\n"),
        server.run("task", "ls", "sise2", "no"));
  }

  @Test
  void noTaskToReadIsExplained() {
    server.on("GET /console/why/idle", 200, "{\"sentences\":[\"The app is stopped.\"]}");
    assertEquals(
        "Error: no task ID found containing 'idle'\n  The app is stopped.\n",
        server.run("task", "log", "idle").err());
  }

  @Test
  void followingPrintsMessagesAsTheyComeAndGoesOnWhereItWasCut() throws Exception {
    server.onEvents(
        LOG + "sise2.c/file/stderr?cursor=END&skip=-10",
        ": hello\n\nid: 7\ndata: {\"fields\":{\"MESSAGE\":\"first \\\"line\\\"\"}}\n\n");
    server.onEvents(
        LOG + "sise2.c/file/stderr?cursor=7",
        "id: 9\ndata: {\"fields\":{\"MESSAGE\":\"next\"}}\n\n");
    CountDownLatch next = new CountDownLatch(1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out =
        new PrintStream(bytes, true, StandardCharsets.UTF_8) {
          @Override
          public void println(String text) {
            super.println(text);
            if (text.equals("next")) {
              next.countDown();
            }
          }
        };
    Server api = new Server(URI.create(server.url()), null);
    List<TaskRow> tasks = TaskRow.matching(TaskRow.all(api, TaskRow.Which.ACTIVE), "sise2");
    TaskLog log = new TaskLog(api, "stderr", 10, out);
    Thread follower =
        new Thread(
            () -> {
              try {
                new LogFollower(api, log, "sise2", TaskRow.Which.ACTIVE).run(tasks);
              } catch (CommandFailedException e) {
                throw new IllegalStateException(e);
              }
            });
    follower.start();
    assertTrue(next.await(20, TimeUnit.SECONDS), bytes.toString(StandardCharsets.UTF_8));
    follower.interrupt();
    follower.join(5000);
    assertEquals("first \"line\"\nnext\n", bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void nodesAndServicesAreListed() {
    assertEquals(
        """
        HOSTNAME  ID    TYPE   STATUS  CPUS   MEM
        10.0.0.7  A-S0  agent  ACTIVE  0.1/4  32/1024
        """,
        server.run("node").out());
    assertTrue(server.run("service", "list").out().contains("marathon  h     True    4"));
  }

  @Test
  void stoppingNeedsOneTask() {
    server.on("POST /v2/tasks/delete?wipe=false", 200, "{\"tasks\":[{\"id\":\"sise2.c\"}]}");
    assertEquals(0, server.run("task", "stop", "sise2").status());
    assertTrue(server.run("task", "stop", "sise").err().contains("2 tasks match 'sise'"));
  }
}
