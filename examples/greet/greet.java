// java greet.java STORE RELAY ME [PEER]: says hello to PEER, or waits for somebody's hello and answers it.

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pawl.*;

class Greet {
  static Id say(Client client, String to, String text) {
    try (Conversation conversation = Conversation.open(client, to)) {
      return conversation.sendText(text).messageId();
    }
  }

  static void greet(Client client, String me, String peer) throws Exception {
    if (client.accountGetInfo().state() == AccountState.NONE) {
      client.accountRegister(me, null).get(30, TimeUnit.SECONDS);
      System.err.println(me + " is registered");
    }
    Id said = peer == null ? null : say(client, peer, "Hello from Java!");
    boolean isHeard = false;
    boolean isSent = false;
    while (!isHeard || !isSent) {
      for (Event event : client.waitEvents(1, -1)) {
        if (event.type() == EventType.CONTACT_REQUEST) {
          client.contactAnswer(event.address(), true);
        } else if (event.type() == EventType.MESSAGE) {
          System.out.println(event.address() + ": " + event.message().content().text());
          isHeard = true;
          said = said != null ? said : say(client, event.address(), "Java says hello, too.");
        } else if (event.type() == EventType.MESSAGE_STATE && event.messageId().equals(said)) {
          if (event.state() == MessageState.FAILED.code()) {
            throw new IllegalStateException("not sent: " + Pawl.statusName(event.status()));
          }
          isSent = event.state() >= MessageState.AT_RELAY.code();
        } else if (event.type() == EventType.CONNECTION && event.status() != 0) {
          System.err.println("no connection: " + Pawl.statusName(event.status()));
        }
        if (event.seq() != 0) {
          client.ack(event.seq());
        }
      }
    }
  }

  public static void main(String[] args) throws Exception {
    ClientOptions options = new ClientOptions().flags(ClientFlag.CREATE).storeDir(args[0]).relayUrl(args[1]);
    try (Client client = Client.open(options.passphrase(System.getenv("PAWL_PASSPHRASE")))) {
      greet(client, args[2], args.length > 3 ? args[3] : null);
    } catch (TimeoutException late) {
      System.err.println("no relay answered in 30 seconds");
      System.exit(1);
    }
  }
}
