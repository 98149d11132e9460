// What measure.c does, by org.pawl: one line per figure, "<what> <nanoseconds>". A future is made for each event.

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.pawl.Client;
import org.pawl.ClientFlag;
import org.pawl.ClientOptions;
import org.pawl.Id;
import org.pawl.Identity;
import org.pawl.PawlException;
import org.pawl.Session;

public final class Measure {
  private static final int CALLS = 1_000_000;
  private static final int MESSAGES = 500;
  private static final int ROUNDS = 40;
  private static final int EVENTS = 10_000;
  private static final byte[] PLAINTEXT = new byte[1024];

  private final Session toBob;
  private final Session toAlice;

  /** Two people who have talked once, so that neither carries the handshake any more. */
  private Measure() {
    Identity alice = Identity.create("alice@example.org");
    Identity bob = Identity.create("bob@example.org");
    toBob = Session.initiate(alice, bob.bundle(), null);
    toAlice = Session.accept(bob, alice.bundle(), null, toBob.encrypt(PLAINTEXT)).session();
    toBob.decrypt(toAlice.encrypt(PLAINTEXT));
  }

  public static void main(String[] args) throws Exception {
    Measure pair = new Measure();
    pair.trivial(); // compiled by then
    pair.encrypt();
    System.out.println("trivial " + pair.trivial());
    System.out.println("encrypt_1k " + pair.encrypt());
    events(args[0] + "/warm");
    System.out.println("request " + events(args[0] + "/measured"));
  }

  private double trivial() {
    long sum = 0;
    long began = System.nanoTime();
    for (int call = 0; call < CALLS; call++) {
      sum += toBob.encryptedSize(1024);
    }
    double spent = System.nanoTime() - began;
    if (sum == 0) {
      throw new IllegalStateException();
    }
    return spent / CALLS;
  }

  private double encrypt() {
    double least = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      List<byte[]> envelopes = new ArrayList<>(MESSAGES);
      long began = System.nanoTime();
      for (int message = 0; message < MESSAGES; message++) {
        envelopes.add(toBob.encrypt(PLAINTEXT));
      }
      least = Math.min(least, System.nanoTime() - began);
      for (byte[] envelope : envelopes) {
        toAlice.decrypt(envelope);
      }
      toBob.decrypt(toAlice.encrypt(PLAINTEXT)); // or a fresh session would be asked for
    }
    return least / MESSAGES;
  }

  /** From the request to its future, in a crowd: requests that fail at once. */
  private static double events(String folder) throws Exception {
    new java.io.File(folder).mkdirs();
    byte[] key = new byte[32];
    key[0] = 1;
    ClientOptions options = new ClientOptions()
        .flags(ClientFlag.CREATE, ClientFlag.OFFLINE)
        .storeDir(folder + "/store")
        .anchorDir(folder)
        .hostKey(key)
        .relayUrl("wss://127.0.0.1:1")
        .queueCapacity(2 * EVENTS);
    try (Client client = Client.open(options)) {
      Id nothing = Id.of(new byte[16]);
      List<CompletableFuture<Void>> futures = new ArrayList<>(EVENTS);
      long began = System.nanoTime();
      for (int event = 0; event < EVENTS; event++) {
        futures.add(client.attachmentCancel(nothing));
      }
      for (CompletableFuture<Void> future : futures) {
        try {
          future.join();
        } catch (java.util.concurrent.CompletionException expected) {
          if (!(expected.getCause() instanceof PawlException)) {
            throw expected;
          }
        }
      }
      return (double) (System.nanoTime() - began) / EVENTS;
    }
  }
}
