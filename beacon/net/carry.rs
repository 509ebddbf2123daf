//! The life of one link: messages in, messages out, and the end.

use std::{net::SocketAddr, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt, stream::FuturesUnordered};
use quinn::{Connection, WriteError};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    close::CloseCode,
    endpoint::Shared,
    event::{EventSender, NetEvent},
    inbox::{self, Fault, LargeRoom, READING_MAX},
    link::Link,
    registry::Admitted,
    socket::canonical,
};
use crate::model::{Channel, DialAddress, LinkId};

/// Carries a link from its first event to its last.
pub(super) async fn carry(shared: &Shared, admitted: Admitted, dialed: Option<DialAddress>) {
    let Admitted { link, mut outbox, replaced } = admitted;
    if let Some(old) = replaced {
        old.close(CloseCode::Duplicate, "a newer link to the same beacon took its place");
        old.finished().await;
    }
    let address = canonical(link.connection.remote_address());
    let reason = live(shared, &link, &mut outbox, address, dialed).await;
    shared.registry.remove(&link);
    tracing::debug!(link = %link.id, beacon = %link.beacon.short(), %reason, "link down");
    // Where the owner is gone, nobody misses it. The outbox stays until this is told, for whoever waits for the end.
    let _owner_gone = shared.events.send(NetEvent::LinkDown { link: link.id, reason }).await;
    drop(outbox);
}

/// Carries a link while it is up, and says why it ended.
async fn live(
    shared: &Shared,
    link: &Arc<Link>,
    outbox: &mut UnboundedReceiver<Bytes>,
    address: SocketAddr,
    dialed: Option<DialAddress>,
) -> String {
    tracing::debug!(link = %link.id, beacon = %link.beacon.short(), %address, "link up");
    let up = NetEvent::LinkUp { link: link.id, beacon: link.beacon, address, dialed };
    let fault = if shared.events.send(up).await.is_err() {
        Fault::OwnerGone
    } else {
        tokio::select! {
            fault = receive_streams(link, &shared.events, shared.large_room.for_another_link()) => fault,
            fault = receive_datagrams(link.id, &link.connection, &shared.events) => fault,
            fault = send_streams(link, outbox) => fault,
        }
    };
    match fault {
        Fault::Ended(error) => link.epitaph(&error),
        Fault::Offence(code, reason) => {
            link.close(code, reason);
            reason.to_owned()
        }
        Fault::OwnerGone => {
            link.close(CloseCode::Shutdown, "the beacon stops");
            "the beacon stops".to_owned()
        }
    }
}

async fn receive_streams(link: &Link, events: &EventSender, room: LargeRoom) -> Fault {
    let mut reading = FuturesUnordered::new();
    loop {
        tokio::select! {
            stream = link.connection.accept_uni(), if reading.len() < READING_MAX => match stream {
                Ok(stream) => reading.push(receive_one(link.id, stream, events, room.clone())),
                Err(error) => return error.into(),
            },
            Some(read) = reading.next() => {
                if let Err(fault) = read {
                    return fault;
                }
            }
        }
    }
}

async fn receive_one(
    link: LinkId,
    stream: quinn::RecvStream,
    events: &EventSender,
    room: LargeRoom,
) -> Result<(), Fault> {
    let Some(mut message) = inbox::read(stream, room).await? else {
        return Ok(());
    };
    let bytes = std::mem::take(&mut message.bytes);
    let event = NetEvent::Received { link, channel: Channel::Stream, bytes };
    events.send_with(event, message.room.take()).await.map_err(|_gone| Fault::OwnerGone)
}

async fn receive_datagrams(link: LinkId, connection: &Connection, events: &EventSender) -> Fault {
    loop {
        match connection.read_datagram().await {
            // Where the owner is behind, datagrams are lost like any others.
            Ok(bytes) => events.offer(NetEvent::Received { link, channel: Channel::Datagram, bytes }),
            Err(error) => return error.into(),
        }
    }
}

async fn send_streams(link: &Link, outbox: &mut UnboundedReceiver<Bytes>) -> Fault {
    let mut writing = FuturesUnordered::new();
    loop {
        tokio::select! {
            Some(message) = outbox.recv(), if writing.len() < WRITING_MAX => writing.push(send_one(link, message)),
            Some(written) = writing.next() => {
                if let Err(fault) = written {
                    return fault;
                }
            }
            error = link.connection.closed() => return error.into(),
        }
    }
}

async fn send_one(link: &Link, message: Bytes) -> Result<(), Fault> {
    let mut stream = link.connection.open_uni().await?;
    match stream.write_chunk(message.clone()).await {
        Ok(()) => {
            // Fails only where the other end stopped the stream, which it may.
            let _stopped = stream.finish();
        }
        Err(WriteError::ConnectionLost(error)) => return Err(error.into()),
        Err(_stopped) => {}
    }
    link.written(&message);
    Ok(())
}

/// How many messages are written at once, so that a large one does not hold up small ones.
const WRITING_MAX: usize = 8;
