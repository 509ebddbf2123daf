//! What the page and the command line ask, answered between two turns of the loop.

use super::event_loop::EventLoop;
use crate::{
    node::view::NetworkView,
    web::{NetworkQuestion, Question},
};

impl EventLoop {
    pub(super) fn answer(&mut self, question: Question) {
        let now = self.clock.now();
        // Whoever asked may be gone; then nobody minds.
        match question {
            Question::Status(reply) => {
                let mut status = self.node.status(now);
                self.collections.tell_files(&mut status.collections);
                drop(reply.send(status));
            }
            Question::Figures(reply) => drop(reply.send(self.node.figures(now))),
            Question::Plan { offset, limit, reply } => drop(reply.send(self.node.plan_view(now, offset, limit))),
            Question::Past(question) => self.answer_past(question),
            Question::Network(question) => self.answer_network(question),
            Question::Torrents { filter, page, reply } => drop(reply.send(self.node.torrents(&filter, page))),
            Question::Map { collection, offset, limit, reply } => {
                drop(reply.send(self.node.map(collection, offset, limit)));
            }
            Question::Places { collection, filter, limit, reply } => {
                drop(reply.send(self.node.places(collection, &filter, limit)));
            }
            Question::Torrent { info_hash, reply } => drop(reply.send(self.node.torrent(now, &info_hash))),
            Question::Peers { info_hash, reply } => drop(reply.send(self.node.known_peers(&info_hash))),
            Question::Share { info_hash, path, reply } => self.share(info_hash, path, reply),
            Question::Neighbors(question) => self.answer_neighbors(question),
            Question::Order { order, reply } => {
                let result = self.node.order(now, order);
                // What is answered has been written down.
                self.drain();
                if self.unwritten.is_none() {
                    drop(reply.send(result));
                }
            }
        }
    }

    fn answer_network(&self, question: NetworkQuestion) {
        let now = self.clock.now();
        match question {
            NetworkQuestion::Members { filter, reply } => drop(reply.send(self.node.members(now, &filter))),
            NetworkQuestion::Member { id, reply } => drop(reply.send(self.node.member(now, &id))),
            NetworkQuestion::Links(reply) => {
                let links = self.node.link_views(now).into_iter();
                let view = NetworkView {
                    links: links.map(|link| (link.clone(), self.traffic.of_link(link.link))).collect(),
                    traffic: self.traffic.all(),
                    by_kind: self.traffic.by_kind(),
                    neighbors: self.failures.explain(&self.node, self.node.neighbors(now)),
                };
                drop(reply.send(view));
            }
        }
    }
}
