//! Asking another holder for its leave to delete a copy, and its answer. Both are signed and name the attempt, so that
//! anyone may carry them.

use serde::{Deserialize, Serialize};

use super::{
    frame::HashForm,
    signed::{Record, RecordError},
};
use crate::model::{BeaconId, InfoHash, NetworkId, Nonce, Refusal};

/// "I want to delete my copy of this torrent. May I count on yours?"
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantAsk {
    /// The network it is for.
    pub network: NetworkId,
    /// Who wants to delete its copy.
    pub asker: BeaconId,
    /// Whose copy is to stay.
    pub holder: BeaconId,
    /// The torrent, by its canonical info-hash.
    pub info_hash: InfoHash,
    /// Which attempt it is for.
    pub nonce: Nonce,
}

/// A holder's answer to a [`GrantAsk`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantAnswer {
    /// What is answered.
    pub ask: GrantAsk,
    /// The target that the holder knows for the torrent, where it grants; why not, where it refuses.
    pub verdict: Result<u16, Refusal>,
}

#[derive(Serialize, Deserialize)]
struct AskForm {
    network: [u8; 16],
    asker: [u8; 32],
    holder: [u8; 32],
    info_hash: HashForm,
    nonce: [u8; 16],
}

#[derive(Serialize, Deserialize)]
struct AnswerForm {
    ask: AskForm,
    /// The target, or one of the codes of refusal.
    verdict: Result<u16, u8>,
}

impl Record for GrantAsk {
    const KIND: &'static str = "grant-ask";

    fn signer(&self) -> &BeaconId {
        &self.asker
    }

    fn network(&self) -> &NetworkId {
        &self.network
    }

    fn encode(&self) -> Vec<u8> {
        postcard::to_allocvec(&AskForm::from(self)).expect("encoding into memory cannot fail")
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        match postcard::take_from_bytes::<AskForm>(bytes) {
            Ok((form, [])) => Ok(form.into()),
            _ => Err(RecordError::Malformed),
        }
    }
}

impl Record for GrantAnswer {
    const KIND: &'static str = "grant-answer";

    fn signer(&self) -> &BeaconId {
        &self.ask.holder
    }

    fn network(&self) -> &NetworkId {
        &self.ask.network
    }

    fn encode(&self) -> Vec<u8> {
        let form = AnswerForm { ask: (&self.ask).into(), verdict: self.verdict.map_err(|refusal| refusal as u8) };
        postcard::to_allocvec(&form).expect("encoding into memory cannot fail")
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let Ok((form, [])) = postcard::take_from_bytes::<AnswerForm>(bytes) else { return Err(RecordError::Malformed) };
        let verdict = match form.verdict {
            Ok(target) => Ok(target),
            Err(code) => Err(*Refusal::ALL.get(usize::from(code)).ok_or(RecordError::Malformed)?),
        };
        Ok(Self { ask: form.ask.into(), verdict })
    }
}

impl From<&GrantAsk> for AskForm {
    fn from(ask: &GrantAsk) -> Self {
        Self {
            network: *ask.network.as_bytes(),
            asker: *ask.asker.as_bytes(),
            holder: *ask.holder.as_bytes(),
            info_hash: (&ask.info_hash).into(),
            nonce: *ask.nonce.as_bytes(),
        }
    }
}

impl From<AskForm> for GrantAsk {
    fn from(form: AskForm) -> Self {
        Self {
            network: NetworkId::new(form.network),
            asker: BeaconId::new(form.asker),
            holder: BeaconId::new(form.holder),
            info_hash: form.info_hash.into(),
            nonce: Nonce::new(form.nonce),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Signed, Signer};

    fn ask(signer: &Signer) -> GrantAsk {
        GrantAsk {
            network: NetworkId::new([1; 16]),
            asker: signer.id(),
            holder: BeaconId::new([2; 32]),
            info_hash: InfoHash::V2([3; 32]),
            nonce: Nonce::new([4; 16]),
        }
    }

    #[test]
    fn a_question_holds_only_as_its_asker_signed_it() {
        let signer = Signer::from_seed(&[7; 32]);
        let question = Signed::sign(ask(&signer), &signer);
        let read: Signed<GrantAsk> = Signed::decode(question.bytes()).expect("readable");
        assert_eq!(read, question);
        assert!(read.verify(signer.verifier()));
        for place in 1..question.bytes().len() {
            let mut forged = question.bytes().to_vec();
            forged[place] ^= 1;
            let accepted = Signed::<GrantAsk>::decode(&forged).is_ok_and(|read| read.verify(signer.verifier()));
            assert!(!accepted, "byte {place} can be changed");
        }
    }

    #[test]
    fn every_answer_survives_the_wire_and_is_its_holders() {
        let (asker, holder) = (Signer::from_seed(&[7; 32]), Signer::from_seed(&[8; 32]));
        for verdict in [Ok(3), Err(Refusal::NotHeld), Err(Refusal::Attempting), Err(Refusal::Deleting)] {
            let ask = GrantAsk { holder: holder.id(), ..ask(&asker) };
            let answer = Signed::sign(GrantAnswer { ask, verdict }, &holder);
            let read: Signed<GrantAnswer> = Signed::decode(answer.bytes()).expect("readable");
            assert_eq!(read.record().verdict, verdict);
            assert!(read.verify(holder.verifier()));
        }
    }

    #[test]
    fn a_refusal_that_is_not_known_is_refused() {
        let holder = Signer::from_seed(&[8; 32]);
        let answer = Signed::sign(GrantAnswer { ask: ask(&holder), verdict: Err(Refusal::Deleting) }, &holder);
        let mut bytes = answer.bytes().to_vec();
        let code = bytes.len() - 65;
        assert_eq!(bytes[code], 2);
        bytes[code] = 3;
        assert_eq!(Signed::<GrantAnswer>::decode(&bytes), Err(RecordError::Malformed));
    }
}
