// What jar_test.py runs with nothing but the jars: UseJars FOLDER. Then it prints which files of the process are libraries.

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.pawl.Client;
import org.pawl.ClientFlag;
import org.pawl.ClientOptions;
import org.pawl.Id;
import org.pawl.Identity;
import org.pawl.Pawl;
import org.pawl.PawlException;
import org.pawl.Session;

public final class UseJars {
  public static void main(String[] args) throws Exception {
    talk();
    open(args[0]);
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      maps.map(it -> it.split("\\s+", 6)).filter(it -> it.length == 6 && it[5].contains(".so")).map(it -> it[5]).distinct()
          .forEach(it -> System.out.println("loaded " + it));
    }
    System.out.println("done " + Pawl.versionString());
  }

  private static void talk() {
    try (Identity alice = Identity.create("alice@example.org"); Identity bob = Identity.create("bob@example.org");
        Session toBob = Session.initiate(alice, bob.bundle(), null)) {
      Session.AcceptResult accepted = Session.accept(bob, alice.bundle(), null, toBob.encrypt(bytes("hello")));
      try (Session toAlice = accepted.session()) {
        byte[] answer = toBob.decrypt(toAlice.encrypt(bytes("and back")));
        System.out.println(new String(accepted.bytes(), StandardCharsets.UTF_8) + ", " + new String(answer, StandardCharsets.UTF_8));
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A client with a store and threads of its own; its request fails as it should. */
  private static void open(String folder) throws Exception {
    ClientOptions options = new ClientOptions()
        .flags(ClientFlag.CREATE, ClientFlag.OFFLINE)
        .storeDir(folder + "/store")
        .anchorDir(folder + "/anchor")
        .hostKey(new byte[Pawl.KEY_SIZE])
        .relayUrl("wss://127.0.0.1:1");
    try (Client client = Client.open(options)) {
      client.attachmentCancel(Id.of(new byte[Id.SIZE])).get();
    } catch (ExecutionException e) {
      System.out.println(e.getCause() instanceof PawlException.NotFound ? "NOT_FOUND" : e.getCause().toString());
    }
  }
}
