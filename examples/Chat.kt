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
                generateSequence(::readLine).forEach { conversation.sendText(it).completion().get() }
            }
        }
    } finally {
        executor.shutdown()
    }
}

private fun show(client: Client, event: Event) {
    when (event.type()) {
        EventType.MESSAGE -> println("${event.address()}: ${event.message().content().text()}")
        EventType.CONTACT_REQUEST -> client.contactAnswer(event.address(), true)
        EventType.CONNECTION -> println("connection: ${ConnectionState.fromCode(event.state())}")
        else -> {} // new types may appear in any release
    }
    if (event.seq() != 0L) {
        client.ack(event.seq()) // it need not come again after a restart
    }
}
