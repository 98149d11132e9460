// A chat in Java 17 or later: java -cp pawl.jar:pawl-natives-….jar Chat.java STORE RELAY PIN ME PEER
// Lines that are typed go to PEER, what arrives is printed; /accept lets PEER in. ME and PEER: alice@localhost. PIN: from ./dev relay.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.pawl.AccountState;
import org.pawl.Client;
import org.pawl.ClientFlag;
import org.pawl.ClientOptions;
import org.pawl.ConnectionState;
import org.pawl.Conversation;
import org.pawl.Event;

public final class Chat {
  public static void main(String[] args) throws Exception {
    String me = args[3];
    String peer = args[4];
    ClientOptions options = new ClientOptions()
        .flags(ClientFlag.CREATE).storeDir(args[0]).passphrase(System.getenv("PAWL_CHAT_PASSPHRASE"))
        .relayUrl(args[1]).pinnedSpki(HexFormat.of().parseHex(args[2]));
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (Client client = Client.open(options); Conversation conversation = Conversation.open(client, peer)) {
      if (client.accountGetInfo().state() == AccountState.NONE) {
        client.accountRegister(me, null).get();
      }
      client.events(executor, event -> show(client, event), Throwable::printStackTrace);
      System.out.println("you are " + me);
      BufferedReader typed = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = typed.readLine(); line != null; line = typed.readLine()) {
        if (line.equals("/accept")) {
          client.contactAnswer(peer, true).whenComplete((done, why) -> say(why == null ? "accepted" : why.getMessage()));
        } else {
          conversation.sendText(line).completion().get(); // in this store now: it will arrive, whatever happens
        }
      }
    } finally {
      executor.shutdown();
    }
  }

  private static void show(Client client, Event event) {
    switch (event.type()) {
      case MESSAGE -> say(event.address() + ": " + event.message().content().text());
      case CONTACT_REQUEST -> say(event.address() + " wants to talk: /accept");
      case CONNECTION -> say("connection: " + ConnectionState.fromCode(event.state()));
      default -> { } // new types may appear in any release
    }
    if (event.seq() != 0) {
      client.ack(event.seq()); // it need not come again after a restart
    }
  }

  private static void say(String line) {
    System.out.println(line.replaceAll("[\\p{C}\\p{Z}&&[^ ]]", "?")); // no escape codes of a peer
  }
}
