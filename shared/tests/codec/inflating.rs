//! Messages that travel compressed.

use super::*;

/// A compressed message with a body of the test's.
fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder =
        flate2::write::DeflateEncoder::new(vec![0, 100, 0, 0, 0, 0], flate2::Compression::best());
    encoder.write_all(content).unwrap();
    let mut bytes = encoder.finish().unwrap();
    let length = u32::try_from(bytes.len() - 6).unwrap();
    bytes.splice(2..6, length.to_be_bytes());
    bytes
}

#[test]
fn long_messages_travel_compressed_to_those_who_can_inflate() {
    let item = FrameItem {
        document: key(),
        kind: DocumentKind::Unknown(7),
        feed: FeedId::from_bytes([6; 16]),
        state: FeedState::Here,
        is_whole: true,
        chunks: vec!["李女士看了沙发。".repeat(500).into_bytes()],
        row: Vec::new(),
        receipt: Vec::new(),
    };
    let message = ServerMessage::Fetched(Fetched {
        store: StoreId::from_bytes([5; 16]),
        items: vec![item],
        unknown: Vec::new(),
    });
    let plain = message.encode_for(0);
    assert_eq!(plain, message.encode());
    let bytes = message.encode_for(CAN_INFLATE);
    assert!(bytes.len() * 10 < plain.len(), "{} bytes", bytes.len());
    assert_eq!(ServerMessage::decode(&bytes), Ok(Some(message)));
    for length in 0..bytes.len() {
        let cut = bytes.get(..length).unwrap();
        assert!(ServerMessage::decode(cut).is_err(), "cut to {length} bytes");
    }
}

#[test]
fn what_inflates_beyond_a_message_is_refused_and_nothing_is_inflated_twice() {
    let bomb = deflated(&vec![0; 20 * MESSAGE_MAX_BYTES]);
    assert!(bomb.len() < MESSAGE_MAX_BYTES);
    assert_eq!(ClientMessage::decode(&bomb), Err(DecodeError::TooLong));
    let nested = deflated(&deflated(&hello().encode()));
    assert_eq!(ClientMessage::decode(&nested), Ok(None));
    assert_eq!(
        ClientMessage::decode(&deflated(&hello().encode())),
        Ok(Some(hello()))
    );
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = ClientMessage::decode(&bytes);
        let _ = ServerMessage::decode(&bytes);
        let key = "7/person";
        let sealed = storage::seal_clear(StoreName::Outbox, key, &bytes);
        let _ = record::decode::<StoredOutbox>(StoreName::Outbox, key, &bytes);
        let _ = record::decode::<StoredOutbox>(StoreName::Outbox, key, &sealed);
    }

    #[test]
    fn arbitrary_bodies_never_panic(
        kind in prop_oneof![1_u16..9, 100_u16..111],
        body in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let mut bytes = kind.to_be_bytes().to_vec();
        bytes.extend_from_slice(&u32::try_from(body.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(&body);
        let _ = ClientMessage::decode(&bytes);
        let _ = ServerMessage::decode(&bytes);
    }

    #[test]
    fn damaged_messages_never_panic(place in 0_usize..4_000, with in any::<u8>()) {
        for (_, message) in server_messages() {
            let mut bytes = message.encode();
            let length = bytes.len();
            *bytes.get_mut(place % length).unwrap() ^= with;
            let _ = ServerMessage::decode(&bytes);
        }
        for (_, message) in client_messages() {
            let mut bytes = message.encode();
            let length = bytes.len();
            *bytes.get_mut(place % length).unwrap() ^= with;
            let _ = ClientMessage::decode(&bytes);
        }
    }
}
