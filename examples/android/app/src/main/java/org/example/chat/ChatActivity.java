package org.example.chat;

import android.app.Activity;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.widget.EditText;
import android.widget.LinearLayout;
import android.widget.TextView;
import java.io.File;
import org.pawl.AccountState;
import org.pawl.Client;
import org.pawl.ClientFlag;
import org.pawl.ClientOptions;
import org.pawl.Conversation;
import org.pawl.Event;
import org.pawl.PawlException;

/** One conversation: what is typed is sent when it is entered, what arrives is shown. */
public final class ChatActivity extends Activity {
  private static final String RELAY = "wss://relay.example.org";
  private static final String ME = "alice@relay.example.org";
  private static final String PEER = "bob@relay.example.org";

  private final Handler main = new Handler(Looper.getMainLooper());
  private TextView shown;
  private Client client;

  @Override
  protected void onCreate(Bundle state) {
    super.onCreate(state);
    shown = new TextView(this);
    EditText typed = new EditText(this);
    typed.setSingleLine();
    LinearLayout column = new LinearLayout(this);
    column.setOrientation(LinearLayout.VERTICAL);
    column.addView(typed);
    column.addView(shown);
    setContentView(column);

    File files = getNoBackupFilesDir(); // a store that comes back from a backup is an older copy of itself
    client = Client.open(new ClientOptions()
        .flags(ClientFlag.CREATE)
        .storeDir(new File(files, "store").getPath())
        .anchorDir(new File(files, "anchor").getPath())
        .hostKey(StoreKey.get(this))
        .relayUrl(RELAY));
    client.events(main::post, this::handle, error -> main.post(() -> say("error: " + error)));
    if (client.accountGetInfo().state() == AccountState.NONE) {
      client.accountRegister(ME, null).whenComplete((done, error) -> main.post(() -> say(error == null ? "registered" : "" + error)));
    }
    typed.setOnEditorActionListener((view, action, key) -> {
      send(typed.getText().toString());
      typed.setText("");
      return true;
    });
  }

  private void send(String text) {
    try (Conversation conversation = Conversation.open(client, PEER)) {
      conversation.sendText(text).completion().whenComplete((done, error) -> main.post(() -> say(error == null ? "you: " + text : "" + error)));
    } catch (PawlException | IllegalStateException | IllegalArgumentException notYet) { // no account, say, or too long a text
      say("not sent: " + notYet.getMessage());
    }
  }

  private void handle(Event event) {
    switch (event.type()) {
      case MESSAGE:
        say(event.address() + ": " + event.message().content().text());
        break;
      case CONTACT_REQUEST:
        if (event.address().equals(PEER)) { // nobody else is let in
          client.contactAnswer(PEER, true);
        }
        break;
      default: // new types may appear in any release
        break;
    }
    if (event.seq() != 0) {
      client.ack(event.seq());
    }
  }

  private void say(String line) {
    shown.append(line + "\n");
  }

  @Override
  protected void onDestroy() {
    client.close();
    super.onDestroy();
  }
}
