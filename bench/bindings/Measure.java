// What measure.c does, by org.pawl: one line per figure, "<what> <nanoseconds>". For "request" a future is made for each event;
// "event" is what lies before that: waiting for a batch, an object for each of its events, a look at it. C looks at the library's
// own memory instead, Python makes objects, too.

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.pawl.Batches;
import org.pawl.Client;
import org.pawl.ClientFlag;
import org.pawl.ClientOptions;
import org.pawl.Event;
import org.pawl.EventType;
import org.pawl.Id;
import org.pawl.Identity;
import org.pawl.PawlException;
import org.pawl.Session;

public final class Measure {
  private static final int CALLS = 1_000_000;
  private static final int MESSAGES = 500;
  private static final int ROUNDS = 40;
  private static final int EVENTS = 10_000;
  private static final int BATCH = 256;
  private static final Id NOTHING = Id.of(new byte[16]);
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
    requests(args[0] + "/warm");
    System.out.println("request " + requests(args[0] + "/measured"));
    System.out.println("event " + events(args[0] + "/batches"));
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

  private static Client openOffline(String folder) {
    new File(folder).mkdirs();
    byte[] key = new byte[32];
    key[0] = 1;
    return Client.open(new ClientOptions()
        .flags(ClientFlag.CREATE, ClientFlag.OFFLINE)
        .storeDir(folder + "/store")
        .anchorDir(folder)
        .hostKey(key)
        .relayUrl("wss://127.0.0.1:1")
        .queueCapacity(2 * EVENTS));
  }

  /** Requests that fail at once: each leaves a completion in the queue. */
  private static List<CompletableFuture<Void>> ask(Client client) {
    List<CompletableFuture<Void>> futures = new ArrayList<>(EVENTS);
    for (int event = 0; event < EVENTS; event++) {
      futures.add(client.attachmentCancel(NOTHING));
    }
    return futures;
  }

  /** From the request to its future, in a crowd. */
  private static double requests(String folder) {
    try (Client client = openOffline(folder)) {
      long began = System.nanoTime();
      for (CompletableFuture<Void> future : ask(client)) {
        try {
          future.join();
        } catch (CompletionException expected) {
          if (!(expected.getCause() instanceof PawlException)) {
            throw expected;
          }
        }
      }
      return (double) (System.nanoTime() - began) / EVENTS;
    }
  }

  private static double events(String folder) throws InterruptedException {
    try (Client client = openOffline(folder)) {
      Batches batches = new Batches(client);
      for (int warming = 0; warming < 10; warming++) { // compiled by then
        ask(client);
        takeAll(batches);
      }
      ask(client);
      Thread.sleep(1_000);
      long began = System.nanoTime();
      takeAll(batches);
      return (double) (System.nanoTime() - began) / EVENTS;
    }
  }

  private static void takeAll(Batches batches) {
    long sum = 0;
    for (int seen = 0; seen < EVENTS; ) {
      for (Event event : batches.take(BATCH)) {
        if (event.type() == EventType.COMPLETED) {
          sum += event.requestId();
          ++seen;
        }
      }
    }
    if (sum == 0) {
      throw new IllegalStateException();
    }
  }
}
