"""greet.py STORE RELAY ME [PEER]: says hello to PEER, or waits for somebody's hello and answers it."""

import asyncio
import contextlib
import os
import sys

import pawl
import pawl.aio


async def say(client: pawl.aio.Client, to: str, text: str) -> pawl.Id:
    return await pawl.aio.Conversation.open(client, to).send_text(text)


async def greet(client: pawl.aio.Client, me: str, peer: str) -> None:
    if client.account_get_info().state == pawl.AccountState.NONE:
        async with asyncio.timeout(30):
            await client.account_register(me)
        print(me, "is registered", file=sys.stderr, flush=True)
    said = await say(client, peer, "Hello from Python!") if peer else None
    is_heard = is_sent = False
    async for event in client:
        if event.type == pawl.EventType.CONTACT_REQUEST and event.address:
            with contextlib.suppress(pawl.WrongStateError):  # answered before a crash
                await client.contact_answer(event.address, True)
        elif event.message and event.message.content and event.address:
            print(f"{event.address}: {event.message.content.text}")
            is_heard = True
            said = said or await say(client, event.address, "Python says hello, too.")
        elif event.type == pawl.EventType.MESSAGE_STATE and event.message_id == said:
            if event.state == pawl.MessageState.FAILED:
                raise pawl.PawlError("the message was not sent", event.status)
            is_sent = event.state >= pawl.MessageState.AT_RELAY
        elif event.type == pawl.EventType.CONNECTION and event.status:
            print("no connection:", pawl.status_name(event.status), file=sys.stderr)
        if event.seq:
            client.ack(event.seq)
        if is_heard and is_sent:
            return


async def main(store: str, relay: str, me: str, peer: str = "") -> None:
    passphrase = os.environ["PAWL_PASSPHRASE"]
    flags = pawl.ClientFlag.CREATE
    async with await pawl.aio.Client.open(flags=flags, store_dir=store, passphrase=passphrase, relay_url=relay) as client:
        await greet(client, me, peer)


try:
    asyncio.run(main(*sys.argv[1:]))
except pawl.PawlError as error:
    sys.exit(f"{error.code!r}: {error}")
except TimeoutError:
    sys.exit("no relay answered in 30 seconds")
