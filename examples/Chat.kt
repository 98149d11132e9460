// The chat of Chat.java in Kotlin: STORE RELAY PIN ME PEER

import java.util.concurrent.Executors
import java.util.function.Consumer
import org.pawl.AccountState
import org.pawl.Client
import org.pawl.ClientFlag
import org.pawl.ClientOptions
import org.pawl.ConnectionState
import org.pawl.Conversation
import org.pawl.Event
import org.pawl.EventType

fun main(args: Array<String>) {
    val (store, relay, pin, me, peer) = args
    val options = ClientOptions()
        .flags(ClientFlag.CREATE)
        .storeDir(store)
        .passphrase(System.getenv("PAWL_CHAT_PASSPHRASE"))
        .relayUrl(relay)
        .pinnedSpki(pin.chunked(2).map { it.toInt(16).toByte() }.toByteArray())
    val executor = Executors.newSingleThreadExecutor()
    try {
        Client.open(options).use { client ->
            if (client.accountGetInfo().state() == AccountState.NONE) {
                client.accountRegister(me, null).get()
            }
            client.events(executor, Consumer<Event> { show(client, it) }, Consumer<Throwable> { it.printStackTrace() })
            Conversation.open(client, peer).use { conversation ->
                println("you are $me")
                generateSequence(::readLine).forEach {
                    if (it == "/accept") {
                        client.contactAnswer(peer, true).whenComplete { _, why -> say(why?.message ?: "accepted") }
                    } else {
                        conversation.sendText(it).completion().get() // in this store now
                    }
                }
            }
        }
    } finally {
        executor.shutdown()
    }
}

private fun show(client: Client, event: Event) {
    when (event.type()) {
        EventType.MESSAGE -> say("${event.address()}: ${event.message().content().text()}")
        EventType.CONTACT_REQUEST -> say("${event.address()} wants to talk: /accept")
        EventType.CONNECTION -> say("connection: ${ConnectionState.fromCode(event.state())}")
        else -> {} // new types may appear in any release
    }
    if (event.seq() != 0L) {
        client.ack(event.seq()) // it need not come again after a restart
    }
}

// No escape codes of a peer.
private fun say(line: String) = println(line.replace(Regex("[\\p{C}\\p{Z}&&[^ ]]"), "?"))
