package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A real relay on a free loopback port, and clients of it, in a folder of their own. */
final class World implements AutoCloseable {
  static final long PATIENCE_S = 120;
  static final byte[] KEY = new byte[Pawl.KEY_SIZE];

  static {
    Arrays.fill(KEY, (byte) 7);
  }

  final Path folder;
  final String url;
  final byte[] pin;
  private final Process relay;

  World() throws IOException {
    folder = Files.createTempDirectory("pawl-java-");
    ProcessBuilder command = new ProcessBuilder(System.getenv("PAWL_RELAY"), "--listen", "127.0.0.1:0", "--data",
        folder.resolve("relay").toString(), "--domain", "example.org", "--dev-cert", "--rate-scale", "1000")
        .redirectError(ProcessBuilder.Redirect.DISCARD);
    command.environment().remove("LD_PRELOAD"); // what this JVM needs (run_junit.py), the relay has inside
    relay = command.start();
    BufferedReader said = new BufferedReader(new InputStreamReader(relay.getInputStream(), StandardCharsets.UTF_8));
    String url = null;
    String pin = null;
    while (url == null || pin == null) {
      String line = said.readLine();
      if (line == null) {
        throw new IOException("the relay did not start");
      }
      String[] words = line.trim().split("\\s+");
      url = words[0].equals("url") ? words[1] : url;
      pin = words[0].equals("pin") ? words[1] : pin;
    }
    this.url = url;
    this.pin = bytes(pin);
  }

  private static byte[] bytes(String digits) {
    byte[] bytes = new byte[digits.length() / 2];
    for (int i = 0; i < bytes.length; ++i) {
      bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
    }
    return bytes;
  }

  ClientOptions options(String name) {
    return offline(folder, name).flags(ClientFlag.CREATE).relayUrl(url).pinnedSpki(pin);
  }

  /** A client that never connects. */
  static ClientOptions offline(Path folder, String name) {
    return new ClientOptions()
        .flags(ClientFlag.CREATE, ClientFlag.OFFLINE)
        .storeDir(folder.resolve(name).toString())
        .anchorDir(folder.resolve(name + "-anchor").toString())
        .hostKey(KEY)
        .relayUrl("wss://127.0.0.1:1")
        .ownCopyDelayMs(1);
  }

  /** A client with an account of this name. */
  Client open(String name) throws Exception {
    Client client = Client.open(options(name));
    client.accountRegister(address(name), null).get(PATIENCE_S, TimeUnit.SECONDS);
    return client;
  }

  static String address(String name) {
    return name + "@example.org";
  }

  /** Until nothing refers to the offline client of this name any more, and it was collected. */
  static void awaitFreeStore(Path folder, String name) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (System.nanoTime() < until) {
      System.gc();
      try (Client again = Client.open(offline(folder, name))) {
        assertEquals(AccountState.NONE, again.accountGetInfo().state());
        return;
      } catch (PawlException.StoreLocked stillOpen) {
        Thread.yield();
      }
    }
    throw new AssertionError("the client was never collected");
  }

  /** Each accepts the other. */
  static void befriend(Client asker, Client asked) throws Exception {
    asker.contactRequest(asked.accountAddress(), "Asker").get(PATIENCE_S, TimeUnit.SECONDS);
    await(asked, it -> it.type() == EventType.CONTACT_REQUEST);
    asked.contactAnswer(asker.accountAddress(), true).get(PATIENCE_S, TimeUnit.SECONDS);
    await(asker, it -> it.type() == EventType.CONTACT_ANSWER);
  }

  /** Takes events until one is wanted. */
  static Event await(Client client, Predicate<Event> wanted) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (System.nanoTime() < until) {
      List<Event> events = client.waitEvents(1, 1000);
      if (!events.isEmpty() && wanted.test(events.get(0))) {
        return events.get(0);
      }
    }
    throw new AssertionError("the event never came");
  }

  /** From now on nobody answers. The relay keeps its port: at a free one another test's relay might. */
  void stopRelay() throws Exception {
    signalRelay("STOP");
  }

  private void signalRelay(String signal) throws Exception {
    int status = new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + relay.pid()).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("no SIG" + signal + " for the relay: " + status);
    }
  }

  @Override
  public void close() throws Exception {
    signalRelay("CONT");
    relay.destroy();
    relay.waitFor();
    delete(folder);
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
