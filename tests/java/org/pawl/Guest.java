package org.pawl;

import java.nio.file.Files;
import java.nio.file.Path;

/** What ProcessTest runs in a process of its own. */
final class Guest {
  private Guest() {}

  public static void main(String[] words) throws Exception {
    if (words[0].equals("version")) {
      System.out.println("Pawl " + Pawl.versionString());
      return;
    }
    Path folder = Files.createDirectories(Path.of(words[2]));
    Client client = Client.open(World.offline(folder, "client"));
    client.events(Runnable::run, it -> { }, Throwable::printStackTrace);
    Conversation.open(client, "bob@example.org");
    System.out.println("open");
    if (words[1].equals("exit")) {
      System.exit(3);
    }
    if (words[1].equals("throw")) {
      throw new IllegalStateException("the app's own");
    }
  }
}
