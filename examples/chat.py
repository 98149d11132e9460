"""A chat in the terminal, end-to-end encrypted: lines that are typed go to PEER, what arrives is shown. /accept lets PEER in.

python3 chat.py STORE RELAY ADDRESS PEER [PIN]     (the passphrase of the store: PAWL_CHAT_PASSPHRASE, or it is asked for)"""

import asyncio
import getpass
import os
import sys
from contextlib import suppress

import pawl
import pawl.aio


def show(event: pawl.Event) -> None:
    text = event.message.content.text if event.message and event.message.content else event.text
    news: dict[int, str] = {
        pawl.EventType.MESSAGE: f"{event.address}: {text}",
        pawl.EventType.CONTACT_REQUEST: f"{event.address} wants to talk: /accept",
        pawl.EventType.CONTACT_ANSWER: f"{event.address} answered",
        pawl.EventType.RECEIPT: f"{event.address} read it" if event.state == pawl.MessageState.READ else "",
    }
    if line := news.get(event.type):
        print("".join(it if it.isprintable() else "?" for it in line), flush=True)  # no escape codes of a peer


async def listen(client: pawl.aio.Client, conversation: pawl.aio.Conversation) -> None:
    async for event in client:
        show(event)
        if event.type == pawl.EventType.MESSAGE and event.message_id and event.conversation == conversation.id():
            await asyncio.gather(conversation.mark_read(event.message_id), return_exceptions=True)  # it may be gone
        if event.seq:
            client.ack(event.seq)


async def main(store: str, relay: str, address: str, peer: str, pin: str = "") -> None:
    passphrase = os.environ.get("PAWL_CHAT_PASSPHRASE") or getpass.getpass("Passphrase of the store: ")
    async with await pawl.aio.Client.open(
        flags=pawl.ClientFlag.CREATE, store_dir=store, passphrase=passphrase, relay_url=relay, pinned_spki=bytes.fromhex(pin) or None
    ) as client:
        if client.account_get_info().state == pawl.AccountState.NONE:
            await client.account_register(address)
        conversation = pawl.aio.Conversation.open(client, peer)
        listening = asyncio.create_task(listen(client, conversation))
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := (await lines.readline()).decode():
            try:
                if line.strip() == "/accept":
                    await client.contact_answer(peer, True)
                elif line.strip():
                    await conversation.send_text(line.strip())
            except pawl.UsageError as error:  # such as nobody having asked
                print(error, flush=True)
    with suppress(pawl.ClosedError):  # closed before it acknowledged an event: that one comes again
        await listening


asyncio.run(main(*sys.argv[1:]))
