"""A bot that accepts everybody and says back what it is told: the smallest app that never loses a message.

python3 echo_bot.py STORE RELAY ADDRESS [PIN]     (the passphrase of the store: PAWL_CHAT_PASSPHRASE)
"""

import asyncio
import os
import sys

import pawl
import pawl.aio


async def answer(bot: pawl.aio.Client, event: pawl.Event) -> None:
    if event.type == pawl.EventType.CONTACT_REQUEST and event.address:
        await bot.contact_answer(event.address, True)
    message = event.message
    if event.type != pawl.EventType.MESSAGE or not message or message.direction != pawl.Direction.INCOMING:
        return
    if message.content and message.content.text and event.address:
        conversation = pawl.aio.Conversation.open(bot, event.address)
        await conversation.send_text(message.content.text)
        await conversation.mark_read(message.id)


async def main(store: str, relay: str, address: str, pin: str = "") -> None:
    async with await pawl.aio.Client.open(
        flags=pawl.ClientFlag.CREATE, store_dir=store, passphrase=os.environ["PAWL_CHAT_PASSPHRASE"],
        relay_url=relay, pinned_spki=bytes.fromhex(pin) or None,
    ) as bot:  # fmt: skip
        if bot.account_get_info().state == pawl.AccountState.NONE:
            await bot.account_register(address)
        print("ready", flush=True)
        async for event in bot:
            try:
                await answer(bot, event)
            except (pawl.WrongStateError, pawl.NotFoundError) as error:  # answered before a crash; or gone since
                print(f"{event.type!r}: {error}", file=sys.stderr)
            if event.seq:
                bot.ack(event.seq)  # done with it: what was not acknowledged comes again after a crash


try:
    asyncio.run(main(*sys.argv[1:]))
except KeyboardInterrupt:
    pass
