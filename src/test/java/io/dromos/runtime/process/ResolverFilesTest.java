package io.dromos.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.runtime.NameServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process is told of name servers, with a stand-in for the program that needs root. */
class ResolverFilesTest {
  @TempDir private Path dir;
  private Path etc;
  private Path resolver;
  private List<String> servers = List.of("127.128.0.53", "9.9.9.9");

  @BeforeEach
  void prepare() throws IOException {
    etc = Files.createDirectories(dir.resolve("etc"));
    resolver = dir.resolve("resolver");
  }

  private NameServers given() {
    return new NameServers() {
      @Override
      public List<String> ofMachine() {
        return servers;
      }

      @Override
      public List<String> ofBridge() {
        return List.of();
      }
    };
  }

  private List<String> prefix(String unshare) {
    Tools tools = Tools.find("/usr/bin:/bin");
    Tools standIn =
        new Tools(
            tools.shell(),
            tools.env(),
            tools.setsid(),
            tools.setpriv(),
            Optional.of(Path.of(unshare)),
            Optional.of(Path.of("/bin/false")));
    return new ResolverFiles(given(), resolver, standIn, etc).prefix();
  }

  @Test
  void ourServerComesFirstAndTheMachinesSearchListStays() throws IOException {
    Files.writeString(etc.resolve("resolv.conf"), "# x\nsearch a.example\nnameserver 9.9.9.9\n");
    prefix("/bin/true");
    assertEquals(
        """
        nameserver 127.128.0.53
        nameserver 9.9.9.9
        options timeout:1 attempts:3
        search a.example
        """,
        Files.readString(resolver.resolve("resolv.conf")));
  }

  @Test
  void namesDoNotGoToSystemdPastThatFile() throws IOException {
    Files.writeString(
        etc.resolve("nsswitch.conf"),
        "passwd: files\nhosts: files resolve [!UNAVAIL=return] dns\n");
    List<String> words = prefix("/bin/true");
    String copy = Files.readString(resolver.resolve("nsswitch.conf"));
    assertEquals("hosts: files dns", copy.split("\n")[1].replaceAll("\\s+", " "));
    assertEquals(resolver.resolve("nsswitch.conf").toString(), words.get(words.size() - 1));
  }

  @Test
  void anOrdinarySwitchFileStaysTheMachines() throws IOException {
    Files.writeString(etc.resolve("nsswitch.conf"), "hosts: files mdns4_minimal dns\n");
    List<String> words = prefix("/bin/true");
    assertEquals("", words.get(words.size() - 1));
  }

  @Test
  void withoutPermissionOrServersTheProcessKeepsTheMachines() {
    assertEquals(List.of(), prefix("/bin/false"));
    servers = List.of();
    assertEquals(List.of(), prefix("/bin/true"));
  }

  @Test
  void aMountThatFailsCostsNoTask() throws Exception {
    List<String> words = prefix("/bin/true");
    // Without the first four words, which make the namespace: mounting is /bin/false here.
    List<String> command = new ArrayList<>(words.subList(4, words.size()));
    command.addAll(List.of("/bin/echo", "it runs", "all the same"));
    Process process = new ProcessBuilder(command).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(said.startsWith("it runs all the same"), said);
    assertEquals(0, process.waitFor());
  }
}
